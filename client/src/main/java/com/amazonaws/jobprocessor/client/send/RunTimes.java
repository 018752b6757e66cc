package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How long jobs take, by some results that wait for their readers. */
public final class RunTimes {
  private static final int MAX_RECEIVES = 3;
  private static final int MAX_DIGITS = 15;

  private final Set<String> seen = new HashSet<>();
  private long jobs;
  private double millis;

  /**
   * Some results, up to ten, which stay visible to everyone.
   *
   * @param <E> what the call fails with
   */
  public interface Look<E extends Exception> {
    List<Delivery> some() throws E, InterruptedException;
  }

  /** Looks up to three times. */
  public static <E extends Exception> RunTimes of(Look<E> results) throws E, InterruptedException {
    RunTimes times = new RunTimes();
    boolean more = true;
    for (int i = 0; i < MAX_RECEIVES && more; i++) {
      more = false;
      for (Delivery message : results.some()) {
        if (times.seen.add(message.messageId())) {
          more = true;
          times.add(message);
        }
      }
    }
    return times;
  }

  private void add(Delivery message) {
    if (!PackFormat.isPack(message.attributes())) {
      Attribute duration = message.attributes().get(MessageFormat.DURATION_MILLIS);
      add(duration == null || duration.text() == null ? "" : duration.text());
    } else if (PackFormat.isKnownPack(message.attributes())
        && !PayloadPointer.isPointer(message.attributes())) {
      for (PackLine line : PackLine.split(message.body())) {
        try {
          add(Long.toString(ResultLine.read(line.text()).durationMillis()));
        } catch (UnreadableLine e) {
          // it says nothing
        }
      }
    }
  }

  private void add(String duration) {
    if (!duration.isEmpty()
        && duration.length() <= MAX_DIGITS
        && duration.chars().allMatch(c -> c >= '0' && c <= '9')) {
      jobs++;
      millis += Long.parseLong(duration);
    }
  }

  /** How many results it goes by; 0 if none says how long it took. */
  public long jobs() {
    return jobs;
  }

  /** The mean in milliseconds; to be asked only if there are jobs. */
  public double meanMillis() {
    return millis / jobs;
  }
}
