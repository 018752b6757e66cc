package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides for how long results of other jobs stay hidden after we have met them. Their readers look
 * for them in the same queue, so as shortly as may be: not at all while a receive brings results of
 * ours too. If it brings none, they are hidden long enough for us to see what is behind them: a
 * second, or for as long as we have met nothing else by now, or more if we meet the same ones again
 * and again. By a guess instead of our own clock, two readers that are fast would each hide for
 * long what the other waits for.
 */
public final class Strangers {
  private static final int LONGEST_SWEEP_SECS = 20;
  private static final int MEETINGS_A_SECOND = 5;
  private static final int LONGEST_OFTEN_MET_SECS = 10;

  /** Of more nobody knows any longer how often they were met, rather than that memory grows. */
  private static final int MAX_MET = 100_000;

  private final LongSupplier nanoTime;
  private final Map<String, Integer> met = new HashMap<>();

  /** When we have met something else last, or the end of the queue. */
  private long since;

  /** Of nobody yet. */
  public Strangers() {
    this(System::nanoTime);
  }

  Strangers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /**
   * Takes note of what a receive brought.
   *
   * @param received how many messages it brought
   * @param strangers those that are not ours
   * @return the strangers by the seconds for which they are to stay hidden
   */
  public Map<Integer, List<Delivery>> hide(int received, List<Delivery> strangers) {
    boolean oursToo = strangers.size() < received;
    if (oursToo || received < MessageFormat.MAX_BATCH) {
      since = nanoTime.getAsLong();
    }
    if (met.size() > MAX_MET) {
      met.clear();
    }
    Map<Integer, List<Delivery>> bySeconds = new TreeMap<>();
    for (Delivery stranger : strangers) {
      int times = met.merge(stranger.messageId(), 1, Integer::sum);
      bySeconds.computeIfAbsent(oursToo ? 0 : seconds(times), s -> new ArrayList<>()).add(stranger);
    }
    return bySeconds;
  }

  private int seconds(int times) {
    long elapsed = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - since);
    int sweep = (int) Math.min(LONGEST_SWEEP_SECS, elapsed);
    int oftenMet = Math.min(LONGEST_OFTEN_MET_SECS, times / MEETINGS_A_SECOND);
    return Math.max(1, Math.max(sweep, oftenMet));
  }
}
