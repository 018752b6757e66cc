package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InFlightTest {
  private static final long MAX_BYTES = 16L * MessageFormat.MAX_BYTES;
  private static final long LONG = Duration.ofSeconds(30).toNanos();

  private final SettableClock clock = new SettableClock();
  private final InFlight inFlight = new InFlight(28, MAX_BYTES);

  private Message message(String id) {
    return Messages.message(id, clock);
  }

  private static <T> FutureTask<T> start(FutureTask<T> task) {
    Thread thread = Thread.ofPlatform().daemon().start(task);
    eventually(
        () ->
            switch (thread.getState()) {
              case WAITING, TIMED_WAITING, TERMINATED -> true;
              default -> false;
            });
    return task;
  }

  @Test
  void a_message_is_in_flight_once() {
    Message first = message("a");
    assertNull(inFlight.add(first));
    assertSame(first, inFlight.add(message("a")));
    assertNull(inFlight.add(message("b")));

    assertEquals(2, inFlight.size());
    assertTrue(inFlight.all().contains(first));
  }

  /** SQS may deliver it before the answer to its give-back is here. */
  @Test
  void what_is_being_given_back_makes_way_for_its_next_delivery() throws Exception {
    Message first = message("a");
    inFlight.add(first);
    inFlight.weigh(first, MAX_BYTES);
    first.release();
    Message second = message("a");
    assertNull(inFlight.add(second));
    assertEquals(List.of(second), inFlight.all());
    assertTrue(inFlight.awaitBytes(0), "the first weighs nothing any more");

    inFlight.remove(first);
    assertEquals(List.of(second), inFlight.all(), "removed is only what is there");
    inFlight.weigh(first, MAX_BYTES);
    assertTrue(inFlight.awaitBytes(0));
    inFlight.remove(second);
    assertEquals(16, inFlight.room(0));
  }

  @Test
  void room_is_bounded_by_number_and_by_what_messages_hold() {
    InFlight few = new InFlight(3, MAX_BYTES);
    few.add(message("a"));
    assertEquals(2, few.room(0));
    assertEquals(-1, few.room(3));

    Message heavy = message("b");
    inFlight.add(heavy);
    inFlight.weigh(heavy, MAX_BYTES - 4L * MessageFormat.MAX_BYTES);
    assertEquals(3, inFlight.room(0), "each may be as large as SQS takes");
    assertEquals(1, inFlight.room(2));
    inFlight.weigh(heavy, MAX_BYTES);
    assertTrue(inFlight.room(0) <= 0);
  }

  @Test
  void what_is_settled_gives_its_room_back_and_who_waits_for_it_is_told() throws Exception {
    InFlight few = new InFlight(3, MAX_BYTES);
    AtomicInteger told = new AtomicInteger();
    few.onFewer(told::incrementAndGet);
    Message pack = message("a");
    few.add(pack);
    few.weigh(pack, 1);
    few.unweigh(pack, 1);
    assertEquals(0, told.get(), "there was room enough");
    few.weigh(pack, MAX_BYTES);
    assertTrue(few.room(0) <= 0);
    assertFalse(few.awaitBytes(0));

    few.unweigh(pack, MAX_BYTES);

    assertEquals(2, few.room(0));
    assertTrue(few.awaitBytes(0));
    assertEquals(1, told.get());
    few.remove(pack);
    few.unweigh(pack, MAX_BYTES);
    assertEquals(3, few.room(0), "it is gone");
  }

  @Test
  void one_message_fits_whatever_the_heap() {
    InFlight tiny = new InFlight(28, 1);
    assertEquals(1, tiny.room(0));
    assertTrue(tiny.room(1) <= 0);
    tiny.add(message("a"));
    assertTrue(tiny.room(0) <= 0);
  }

  @Test
  void what_is_not_in_flight_any_more_weighs_nothing() {
    Message message = message("a");
    inFlight.add(message);
    inFlight.weigh(message, 3L * MessageFormat.MAX_BYTES);
    inFlight.remove(message);
    inFlight.weigh(message, MAX_BYTES);
    inFlight.remove(message);

    assertEquals(16, inFlight.room(0));
  }

  @Test
  void whoever_is_to_be_told_hears_of_each_that_leaves() {
    AtomicInteger told = new AtomicInteger();
    inFlight.onFewer(told::incrementAndGet);
    Message message = message("a");
    inFlight.add(message);
    assertEquals(0, told.get());
    inFlight.remove(message);

    assertEquals(1, told.get());
  }

  @Test
  void who_waits_for_some_waits_until_one_comes_or_none_will() throws Exception {
    FutureTask<Boolean> some = start(new FutureTask<>(() -> awaitSome() == 1));
    inFlight.add(message("a"));
    assertTrue(some.get(30, TimeUnit.SECONDS));

    InFlight empty = new InFlight(28, MAX_BYTES);
    FutureTask<Boolean> none =
        start(
            new FutureTask<>(
                () -> {
                  empty.awaitSome();
                  return true;
                }));
    empty.close();
    assertTrue(none.get(30, TimeUnit.SECONDS));
    empty.awaitSome();
  }

  private int awaitSome() throws InterruptedException {
    inFlight.awaitSome();
    return inFlight.size();
  }

  @Test
  void who_waits_for_none_waits_for_the_last() throws Exception {
    assertTrue(inFlight.awaitNone(0));
    Message a = message("a");
    Message b = message("b");
    inFlight.add(a);
    inFlight.add(b);
    assertFalse(inFlight.awaitNone(0));
    FutureTask<Boolean> none = start(new FutureTask<>(() -> inFlight.awaitNone(LONG)));
    inFlight.remove(a);
    assertFalse(inFlight.awaitNone(0));
    inFlight.remove(b);

    assertTrue(none.get(30, TimeUnit.SECONDS));
  }

  @Test
  void who_waits_for_memory_waits_until_there_is_less_in_use_than_may_be() throws Exception {
    Message heavy = message("a");
    inFlight.add(heavy);
    inFlight.weigh(heavy, MAX_BYTES);
    assertFalse(inFlight.awaitBytes(0));
    FutureTask<Boolean> memory = start(new FutureTask<>(() -> inFlight.awaitBytes(LONG)));
    inFlight.remove(heavy);

    assertTrue(memory.get(30, TimeUnit.SECONDS));
  }

  /** They waited until their leases ended, at most twelve hours. */
  @Test
  void messages_that_fill_the_memory_leave_room_for_one_result_at_a_time() throws Exception {
    InFlight tiny = new InFlight(28, 1);
    Message one = message("a");
    Message other = message("b");
    tiny.add(one);
    tiny.add(other);
    assertTrue(tiny.awaitBytes(0));
    tiny.weigh(one, 10);
    assertFalse(tiny.awaitBytes(0));
    FutureTask<Boolean> memory = start(new FutureTask<>(() -> tiny.awaitBytes(LONG)));
    tiny.unweigh(one, 10);
    assertTrue(memory.get(30, TimeUnit.SECONDS));

    tiny.weigh(other, 10);
    tiny.remove(other);
    assertFalse(tiny.awaitBytes(0), "it is in memory until it is settled");
    tiny.unweigh(other, 10);
    assertTrue(tiny.awaitBytes(0));
  }

  /** As the lease keeper waits for some while messages come and go, and a stop for none. */
  @Test
  void nobody_who_waits_is_forgotten_while_messages_come_and_go() throws Exception {
    int rounds = 3_000;
    AtomicInteger seen = new AtomicInteger();
    List<FutureTask<Void>> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int seed = i;
      threads.add(new FutureTask<>(() -> comeAndGo(seed, rounds)));
    }
    threads.add(
        new FutureTask<>(
            () -> {
              while (seen.get() < 100) {
                inFlight.awaitSome();
                seen.addAndGet(inFlight.all().size());
              }
              return null;
            }));
    threads.add(
        new FutureTask<>(
            () -> {
              for (int i = 0; i < 100; i++) {
                assertTrue(inFlight.awaitNone(LONG));
                assertTrue(inFlight.awaitBytes(LONG));
              }
              return null;
            }));
    threads.forEach(thread -> Thread.ofPlatform().daemon().start(thread));
    for (FutureTask<Void> thread : threads.subList(0, 3)) {
      thread.get(30, TimeUnit.SECONDS);
    }
    inFlight.close();
    seen.addAndGet(100);
    for (FutureTask<Void> thread : threads) {
      thread.get(30, TimeUnit.SECONDS);
    }

    assertEquals(0, inFlight.size());
    assertEquals(16, inFlight.room(0));
  }

  private Void comeAndGo(int seed, int rounds) {
    Random random = new Random(seed);
    for (int i = 0; i < rounds; i++) {
      // Some of the same message, from several threads.
      Message message = message("m-" + random.nextInt(4));
      if (inFlight.add(message) == null) {
        inFlight.weigh(message, random.nextInt(1_000));
        if (random.nextBoolean()) {
          message.release();
        }
        inFlight.remove(message);
      }
    }
    return null;
  }
}
