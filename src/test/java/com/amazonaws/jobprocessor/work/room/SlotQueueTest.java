package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlotQueueTest {
  private static final long LONG = Duration.ofSeconds(30).toNanos();

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger told = new AtomicInteger();
  private final SlotQueue line = new SlotQueue(4, 3, Duration.ofMillis(100), clock);

  @AfterEach
  void end() {
    line.close();
  }

  private SlotRun run(String id, boolean suspect) {
    return new SlotRun(Messages.message(id, clock).jobs().getFirst(), "body", suspect);
  }

  /** A job in line as its message puts it there. */
  private SlotRun offer(String id, boolean suspect) {
    SlotRun run = run(id, suspect);
    line.expect(1);
    assertEquals(Offer.TAKEN, line.offer(run));
    return run;
  }

  private static FutureTask<SlotRun> idleSlot(SlotQueue line) {
    FutureTask<SlotRun> slot = new FutureTask<>(line::take);
    int idle = line.idleSlots();
    Thread.ofPlatform().daemon().start(slot);
    eventually(() -> line.idleSlots() > idle);
    return slot;
  }

  private static SlotRun taken(FutureTask<SlotRun> slot) throws Exception {
    return slot.get(30, TimeUnit.SECONDS);
  }

  @Test
  void jobs_run_in_the_order_in_which_they_came() {
    SlotRun a = offer("a", false);
    SlotRun b = offer("b", false);
    assertNull(a.attempt());

    assertSame(a, line.take());
    assertSame(b, line.take());
    assertNotNull(a.attempt(), "a slot has it");
    assertEquals(List.of(a, b), line.running());
  }

  @Test
  void suspects_run_one_at_a_time_and_hold_up_nobody() throws Exception {
    SlotRun first = offer("s-1", true);
    SlotRun second = offer("s-2", true);
    SlotRun innocent = offer("a", false);

    assertSame(first, line.take());
    assertSame(innocent, line.take());
    FutureTask<SlotRun> slot = idleSlot(line);
    line.returned(innocent);
    SlotRun next = offer("b", false);
    assertSame(next, taken(slot), "not the second suspect");
    FutureTask<SlotRun> other = idleSlot(line);
    line.returned(first);
    assertSame(second, taken(other));
  }

  @Test
  void so_many_suspects_may_wait_and_no_more() {
    IntStream.range(0, 3).forEach(i -> offer("s-" + i, true));
    line.expect(1);

    assertEquals(Offer.TOO_MANY_SUSPECTS, line.offer(run("s-3", true)));
    assertEquals(4, line.free(), "what is in line of the suspects takes no slot from others");
    offer("a", false);
    assertEquals(3, line.free());
  }

  /** Whatever becomes of a job that is expected, its slot is free again in the end. */
  @Test
  void slots_are_free_but_for_jobs_that_run_are_in_line_or_expected() {
    line.expect(3);
    assertEquals(1, line.free());
    line.expectNoMore();
    assertEquals(2, line.free());
    SlotRun run = run("a", false);
    line.offer(run);
    assertEquals(2, line.free());
    line.take();
    assertEquals(2, line.free());
    line.returned(run);
    assertEquals(3, line.free());
    line.expectNoMore();
    assertEquals(4, line.free());
  }

  @Test
  void slots_that_became_free_lately_are_expected_to_again() {
    for (int i = 0; i < 5; i++) {
      offer("a-" + i, false);
      line.returned(requireNonNull(line.take()));
    }
    assertEquals(4, line.free());
    assertEquals(8, line.freeSoon(), "but for the last");
    clock.advance(Duration.ofMillis(250));
    assertEquals(4, line.freeSoon());
  }

  @Test
  void whoever_is_to_be_told_hears_of_each_slot_that_is_free() {
    line.onFree(told::incrementAndGet);
    line.expect(2);
    assertEquals(0, told.get());
    line.expectNoMore();
    assertEquals(1, told.get());
    SlotRun suspect = run("s", true);
    line.offer(suspect);
    assertEquals(2, told.get(), "a suspect takes none");
    line.take();
    line.returned(suspect);
    assertEquals(3, told.get());
    offer("a", false);
    line.takeAll();
    assertEquals(4, told.get());
    offer("b", false);
    clock.advance(Duration.ofSeconds(1));
    line.takeOverdue(0);
    assertEquals(5, told.get());
    line.takeOverdue(0);
    assertEquals(5, told.get(), "there was none in line");
  }

  @Test
  void what_waits_too_long_leaves_the_line_and_suspects_may_wait() {
    SlotRun early = offer("a", false);
    SlotRun suspect = offer("s", true);
    clock.advance(Duration.ofSeconds(2));
    SlotRun late = offer("b", false);
    clock.advance(Duration.ofSeconds(1));

    assertEquals(List.of(), line.takeOverdue(Duration.ofSeconds(3).toNanos()));
    assertEquals(List.of(early), line.takeOverdue(Duration.ofSeconds(2).toNanos()));
    assertEquals(List.of(late, suspect), line.takeAll());
    assertEquals(4, line.free());
  }

  @Test
  void what_a_last_receive_brings_stays_in_line_until_it_is_given_back() {
    SlotRun before = offer("a", false);
    line.close();

    assertNull(line.take());
    SlotRun after = offer("b", false);
    SlotRun suspect = offer("s", true);
    assertEquals(List.of(before, after, suspect), line.empty());
    line.expect(1);
    assertEquals(Offer.CLOSED, line.offer(run("c", false)));
    assertEquals(4, line.free());
    assertEquals(List.of(), line.takeAll());
  }

  @Test
  void a_close_wakes_every_idle_slot() throws Exception {
    List<FutureTask<SlotRun>> slots = IntStream.range(0, 4).mapToObj(_ -> idleSlot(line)).toList();
    line.close();

    for (FutureTask<SlotRun> slot : slots) {
      assertNull(taken(slot));
    }
  }

  /** What an executor has left behind may interrupt the thread that it knew. */
  @Test
  void a_slot_that_is_interrupted_goes_on_waiting() throws Exception {
    FutureTask<SlotRun> task = new FutureTask<>(line::take);
    Thread slot = Thread.ofPlatform().daemon().start(task);
    eventually(() -> line.idleSlots() == 1);
    slot.interrupt();
    SlotRun run = offer("a", false);

    assertSame(run, taken(task));
  }

  @Test
  void a_slot_is_spare_while_it_waits_or_is_about_to_look_for_a_job() throws Exception {
    assertFalse(line.hasSpareSlot());
    FutureTask<SlotRun> slot = idleSlot(line);
    assertTrue(line.hasSpareSlot());
    offer("a", false);
    taken(slot);

    assertFalse(line.hasSpareSlot());
  }

  @Test
  void who_waits_for_idle_slots_waits_for_the_last_job() throws Exception {
    assertTrue(line.awaitIdle(0));
    SlotRun a = offer("a", false);
    line.take();
    assertFalse(line.awaitIdle(0));
    FutureTask<Boolean> idle = new FutureTask<>(() -> line.awaitIdle(LONG));
    Thread.ofPlatform().daemon().start(idle);
    line.returned(a);

    assertTrue(idle.get(30, TimeUnit.SECONDS));
  }

  /** Each wakes the next: nobody else does. */
  @Test
  void as_many_slots_wake_as_there_are_jobs() throws Exception {
    SlotQueue eight = new SlotQueue(8, 3, Duration.ofMillis(100), clock);
    CyclicBarrier together = new CyclicBarrier(8);
    AtomicInteger rounds = new AtomicInteger();
    List<FutureTask<Void>> slots =
        IntStream.range(0, 8)
            .mapToObj(_ -> new FutureTask<>(() -> runTogether(eight, together, rounds)))
            .toList();
    slots.forEach(slot -> Thread.ofPlatform().daemon().start(slot));
    for (int round = 1; round <= 300; round++) {
      for (int i = 0; i < 8; i++) {
        eight.offer(run(round + "-" + i, false));
      }
      int expected = round;
      eventually(() -> rounds.get() == expected);
    }
    eight.close();
    for (FutureTask<Void> slot : slots) {
      slot.get(30, TimeUnit.SECONDS);
    }
  }

  private static Void runTogether(SlotQueue line, CyclicBarrier together, AtomicInteger rounds)
      throws Exception {
    for (SlotRun run = line.take(); run != null; run = line.take()) {
      if (together.await(30, TimeUnit.SECONDS) == 0) {
        rounds.incrementAndGet();
      }
      line.returned(run);
    }
    return null;
  }

  @Test
  void the_slot_that_went_idle_last_is_the_first_to_wake() throws Exception {
    FutureTask<SlotRun> first = idleSlot(line);
    FutureTask<SlotRun> second = idleSlot(line);

    SlotRun run = offer("a", false);

    assertSame(run, taken(second));
    assertFalse(first.isDone());
    line.close();
    assertNull(taken(first));
  }
}
