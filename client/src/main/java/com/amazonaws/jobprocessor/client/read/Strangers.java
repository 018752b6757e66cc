package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Decides for how long results of other jobs stay hidden after we have met them. Their readers look
 * for them in the same queue, so as shortly as may be: not at all while a receive brings results of
 * ours too, or if we have not met them since one did; a few wait for those of the next receive,
 * since a call for ten costs what one for a few does. Those that we meet again before we have seen
 * one of ours are hidden long enough for us to see what is behind them: for a second, or for as
 * long as we have met nothing else by now, or more if we meet the same ones again and again; but
 * every other time, by chance, not at all: two readers that each hide what the other waits for
 * would go on for ever, each being the first to receive what it has hidden.
 */
public final class Strangers {
  private static final int LONGEST_SWEEP_SECS = 20;
  private static final int MEETINGS_A_SECOND = 5;
  private static final int LONGEST_OFTEN_MET_SECS = 10;

  /** Of more nobody knows any longer how often they were met, rather than that memory grows. */
  private static final int MAX_MET = 100_000;

  /** How often we have met a message in a sweep: a new one begins with each result of ours. */
  private record Met(int times, long sweep) {}

  private final LongSupplier nanoTime;
  private final BooleanSupplier chance;
  private final Map<String, Met> met = new HashMap<>();

  /** To be shown with the next ones, fewer than ten. */
  private final List<Delivery> waiting = new ArrayList<>();

  private long sweep;

  /** When we have met something else last, or the end of the queue. */
  private long since;

  /** Of nobody yet. */
  public Strangers() {
    this(System::nanoTime, () -> ThreadLocalRandom.current().nextBoolean());
  }

  /**
   * Of nobody yet.
   *
   * @param chance true if those that are met again are hidden
   */
  Strangers(LongSupplier nanoTime, BooleanSupplier chance) {
    this.nanoTime = nanoTime;
    this.chance = chance;
    this.since = nanoTime.getAsLong();
  }

  /**
   * Takes note of what a receive brought, be it nothing.
   *
   * @param received how many messages it brought
   * @param strangers those that are not ours
   * @return strangers by the seconds for which they are to stay hidden
   */
  public Map<Integer, List<Delivery>> hide(int received, List<Delivery> strangers) {
    boolean oursToo = strangers.size() < received;
    if (oursToo) {
      sweep++;
    }
    if (oursToo || received < MessageFormat.MAX_BATCH) {
      since = nanoTime.getAsLong();
    }
    if (met.size() > MAX_MET) {
      met.clear();
    }
    Map<Integer, List<Delivery>> bySeconds = new TreeMap<>();
    boolean hidden = chance.getAsBoolean();
    for (Delivery stranger : strangers) {
      int again = again(stranger.messageId(), oursToo);
      int seconds = hidden ? again : 0;
      bySeconds.computeIfAbsent(seconds, s -> new ArrayList<>()).add(stranger);
    }
    showInTens(bySeconds, received < MessageFormat.MAX_BATCH);
    return bySeconds;
  }

  /** All of them if the queue had no more: the next receive may bring nothing for long. */
  private void showInTens(Map<Integer, List<Delivery>> bySeconds, boolean all) {
    List<Delivery> atOnce = bySeconds.remove(0);
    if (atOnce != null) {
      waiting.addAll(atOnce);
    }
    List<Delivery> due =
        waiting.subList(
            0, all ? waiting.size() : waiting.size() - waiting.size() % MessageFormat.MAX_BATCH);
    if (!due.isEmpty()) {
      bySeconds.put(0, List.copyOf(due));
      due.clear();
    }
  }

  /**
   * How long the next receive may wait for a message.
   *
   * @param longest if nobody else waits for what we hold
   */
  public Duration patience(Duration longest) {
    return waiting.isEmpty() ? longest : Duration.ZERO;
  }

  private int again(String message, boolean oursToo) {
    if (oursToo) {
      met.remove(message); // it says nothing of what is behind it
      return 0;
    }
    Met before = met.get(message);
    int times = before == null || before.sweep() != sweep ? 1 : before.times() + 1;
    met.put(message, new Met(times, sweep));
    if (times == 1) {
      return 0;
    }
    long elapsed = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - since);
    long oftenMet = Math.min(LONGEST_OFTEN_MET_SECS, times / MEETINGS_A_SECOND);
    return (int) Math.max(1, Math.max(Math.min(LONGEST_SWEEP_SECS, elapsed), oftenMet));
  }
}
