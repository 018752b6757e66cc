package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PayloadMemoryTest {
  private static final long MEBIBYTE = 1024 * 1024;

  private final SettableClock clock = new SettableClock();
  private final PayloadMemory memory = new PayloadMemory(12 * MEBIBYTE, clock);
  private final List<String> got = new CopyOnWriteArrayList<>();

  /** It takes three times as much room, and three mebibytes more. */
  private Message message(int mebibytes) {
    return Messages.ofPointer("m", "pointer", mebibytes * MEBIBYTE, clock);
  }

  private Thread taker(String name, int mebibytes) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (PayloadMemory.Taken _ = memory.take(message(mebibytes))) {
                    got.add(name);
                  } catch (InterruptedException e) {
                    got.add(name + " interrupted");
                  }
                });
    eventually(
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TERMINATED);
    return thread;
  }

  @Test
  void small_ones_pass_a_large_one_that_waits_for_a_minute_and_then_no_more() throws Exception {
    PayloadMemory.Taken held = memory.take(message(0));
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
    PayloadMemory.Taken held = memory.take(message(0));
    Thread large = taker("large", 60);
    clock.advance(Duration.ofMinutes(1));
    Thread late = taker("late", 0);
    assertEquals(List.of(), got);

    large.interrupt();
    large.join();
    late.join();

    // Each writes on its own thread, after the memory's lock: in either order.
    assertEquals(Set.of("large interrupted", "late"), Set.copyOf(got));
    held.close();
  }

  @Test
  void one_payload_finds_room_whatever_its_size_and_however_little_there_is() throws Exception {
    PayloadMemory little = new PayloadMemory(1, clock);
    little.take(message(64)).close();
    little.take(message(64)).close();
    memory.take(message(1_000_000)).close();
  }

  @Test
  void a_message_that_does_not_say_its_size_takes_what_the_largest_does() throws Exception {
    Message silent = Messages.of(new Delivery("m", "h", "p", Map.of(), 1), 1, clock);
    PayloadMemory.Taken all = memory.take(silent);
    Thread small = taker("small", 0);
    assertEquals(List.of(), got);
    all.close();
    small.join();

    assertEquals(List.of("small"), got);
  }

  @Test
  void no_room_is_always_there() throws Exception {
    PayloadMemory.Taken all = memory.take(message(64));
    memory.none().close();
    Thread waits = taker("waits", 0);
    assertEquals(List.of(), got, "none gives none back");
    all.close();
    waits.join();
  }

  /** Takers come, go and are interrupted: nobody is forgotten, and all room is back at the end. */
  @Test
  void never_more_is_taken_than_there_is_and_all_of_it_comes_back() throws Exception {
    AtomicInteger units = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> takers =
        IntStream.range(0, 16)
            .mapToObj(seed -> Thread.ofVirtual().start(() -> takeAtRandom(seed, units, most)))
            .toList();
    Random random = new Random(7);
    eventually(
        () -> {
          takers.get(random.nextInt(16)).interrupt();
          clock.advance(Duration.ofSeconds(10));
          return takers.stream().allMatch(taker -> taker.getState() == Thread.State.TERMINATED);
        });

    assertTrue(most.get() <= 12, most + " mebibytes");
    assertEquals(0, units.get());
    memory.take(message(64)).close();
  }

  private void takeAtRandom(int seed, AtomicInteger units, AtomicInteger most) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      int mebibytes = random.nextInt(5);
      int needed = Math.min(12, 3 * (mebibytes + 1));
      try (PayloadMemory.Taken _ = memory.take(message(mebibytes))) {
        most.accumulateAndGet(units.addAndGet(needed), Math::max);
        Interleaving.here();
        units.addAndGet(-needed);
      } catch (InterruptedException e) {
        // the next one
      }
    }
  }
}
