package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PayloadRoomTest {
  private static final int MEBIBYTE = 1024 * 1024;

  private final SettableClock clock = new SettableClock();
  private final PayloadRoom room = new PayloadRoom(12L * MEBIBYTE, clock);
  private final List<String> got = new CopyOnWriteArrayList<>();

  /** It takes three times as much room, and three mebibytes more. */
  private Job job(int mebibytes) {
    Delivery delivery =
        new Delivery(
            "m",
            "h",
            "pointer",
            PayloadPointer.mark(new LinkedHashMap<>(), (long) mebibytes * MEBIBYTE),
            1);
    return new Job(delivery, new Lease(0, Duration.ofHours(1)), 1, 0);
  }

  private Thread taker(String name, int mebibytes) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (PayloadRoom.Taken _ = room.take(job(mebibytes))) {
                    got.add(name);
                  } catch (InterruptedException e) {
                    got.add(name + " interrupted");
                  }
                });
    await()
        .until(
            () ->
                thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TERMINATED);
    return thread;
  }

  @Test
  void small_ones_pass_a_large_one_that_waits_for_a_minute_and_then_no_more() throws Exception {
    PayloadRoom.Taken held = room.take(job(0));
    Thread large = taker("large", 60);
    Thread small = taker("small", 0);
    small.join();
    clock.advance(Duration.ofMinutes(1));
    Thread late = taker("late", 0);
    assertEquals(List.of("small"), got);

    held.close();
    large.join();
    late.join();

    assertEquals(List.of("small", "large", "late"), got);
  }

  @Test
  void who_is_interrupted_lets_those_behind_him_in() throws Exception {
    PayloadRoom.Taken held = room.take(job(0));
    Thread large = taker("large", 60);
    clock.advance(Duration.ofMinutes(1));
    Thread late = taker("late", 0);
    assertEquals(List.of(), got);

    large.interrupt();
    large.join();
    late.join();

    // Each writes on its own thread, after the room's lock: in either order.
    assertEquals(Set.of("large interrupted", "late"), Set.copyOf(got));
    held.close();
  }
}
