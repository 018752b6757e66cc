package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Messages for tests of the parts that they go through. */
public final class Messages {
  public static final Duration LEASE = Duration.ofMinutes(1);

  private Messages() {}

  /** A message of a standard queue that was received just now. */
  public static Message message(String id, MonotonicClock clock) {
    return of(new Delivery(id, id + "#1", "body", Map.of(), 1), 1, clock);
  }

  /** As above, of a group of a FIFO queue. */
  public static Message ofGroup(String group, String id, MonotonicClock clock) {
    return of(new Delivery(id, id + "#1", "body", Map.of(), 1, null, group), 1, clock);
  }

  /** As above, in the payload bucket. */
  public static Message ofPointer(String id, String pointer, long bytes, MonotonicClock clock) {
    Map<String, Attribute> mark = PayloadPointer.mark(new LinkedHashMap<>(), bytes);
    return of(new Delivery(id, id + "#1", pointer, mark, 1), 1, clock);
  }

  /** A pack of so many jobs. */
  public static Message pack(String id, int jobs, MonotonicClock clock) {
    String lines = "{\"body\":\"x\"}\n".repeat(jobs);
    return of(new Delivery(id, id + "#1", lines, PackFormat.attributes(jobs), 1), 1, clock);
  }

  /** A message whose next attempt has the given number. */
  public static Message of(Delivery delivery, int attempt, MonotonicClock clock) {
    return Message.of(delivery, new Lease(clock.nanoTime(), LEASE), attempt);
  }
}
