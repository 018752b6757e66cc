package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReceivePermitsTest {
  private static final long BYTES = 4L << 30;
  private static final long LONG = Duration.ofSeconds(30).toNanos();

  private final SettableClock clock = new SettableClock();

  private Room room(int slots) {
    SlotQueue line = new SlotQueue(slots, 10, Duration.ofMillis(100), clock);
    return new Room(
        new InFlight(2 * slots + 20, BYTES),
        line,
        new Turns(line, Duration.ofSeconds(1), clock),
        new Groups(clock),
        new RecentMessages(),
        new Suspects(Path.of("unused"), "todo", 2),
        new ExecutorHealth(clock, _ -> {}));
  }

  private ReceivePermits permits(Room room, int slots) {
    return new ReceivePermits(room, 2 * slots + 20, clock);
  }

  private static SlotRun run(Message message) {
    return new SlotRun(message.jobs().getFirst(), "body", false);
  }

  private static int reserve(ReceivePermits permits) {
    ReceivePermits.Permit permit = permits.reserve();
    return permit == null ? 0 : permit.messages();
  }

  private static FutureTask<Integer> nextReceive(ReceivePermits permits) {
    FutureTask<Integer> task = new FutureTask<>(() -> permits.awaitRoom() ? reserve(permits) : -1);
    Thread thread = Thread.ofPlatform().daemon().start(task);
    eventually(
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TERMINATED);
    return task;
  }

  private static int messages(FutureTask<Integer> receive) throws Exception {
    return receive.get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_receive_may_bring_what_idle_slots_can_start_and_at_most_ten() throws Exception {
    assertEquals(4, messages(nextReceive(permits(room(4), 4))));
    assertEquals(10, messages(nextReceive(permits(room(40), 40))));
  }

  @Test
  void packs_are_received_by_the_jobs_that_they_carry_in_the_mean() throws Exception {
    Room room = room(40);
    for (int i = 0; i < 200; i++) {
      Message pack = Messages.pack("m-" + i, 10, clock);
      room.inFlight().add(pack);
      room.inFlight().remove(pack);
    }
    assertEquals(4, messages(nextReceive(permits(room, 40))));
  }

  /** A worker's first receive may bring too many packs; the second one may not. */
  @Test
  void the_first_message_is_all_that_is_known() throws Exception {
    Room room = room(40);
    room.inFlight().add(Messages.pack("pack", 20, clock));
    assertEquals(2, messages(nextReceive(permits(room, 40))));
  }

  @Test
  void a_second_receive_waits_for_the_first_until_batches_come_back_full() {
    ReceivePermits permits = permits(room(100), 100);
    assertEquals(10, reserve(permits));
    assertEquals(0, reserve(permits));
    permits.received(10, 10);
    assertEquals(10, reserve(permits));
    assertEquals(10, reserve(permits));
    assertEquals(0, reserve(permits));
    permits.received(10, 10);
    permits.received(10, 10);
    assertEquals(4, reserveAll(permits));

    IntStream.range(0, 3).forEach(_ -> permits.received(10, 10));
    permits.received(10, 3);
    assertEquals(3, reserveAll(permits), "7 halved");
    permits.received(10, 0);
    assertEquals(0, reserveAll(permits), "an empty queue needs no more than one");
  }

  private static int reserveAll(ReceivePermits permits) {
    int receives = 0;
    while (reserve(permits) > 0) {
      receives++;
    }
    return receives;
  }

  @Test
  void a_receive_is_ahead_if_it_may_bring_more_than_slots_are_idle() {
    Room room = room(1);
    ReceivePermits permits = permits(room, 1);
    for (int i = 0; i < 20; i++) {
      SlotRun run = run(Messages.message("m-" + i, clock));
      room.slots().expect(1);
      room.slots().offer(run);
      room.slots().take();
      room.slots().returned(run);
    }
    assertEquals(new ReceivePermits.Permit(1, false), permits.reserve());
    permits.received(1, 1);
    assertEquals(new ReceivePermits.Permit(10, true), permits.reserve());
    permits.received(10, 3);

    assertEquals(new ReceivePermits.Permit(1, false), permits.reserve());
  }

  /** Whoever deletes ten messages lets go of one after the other. */
  @Test
  void room_that_grows_is_waited_for_for_a_moment() throws Exception {
    Room room = room(10);
    ReceivePermits permits = permits(room, 10);
    List<Message> messages =
        IntStream.range(0, 40).mapToObj(i -> Messages.message("m-" + i, clock)).toList();
    messages.forEach(room.inFlight()::add);
    FutureTask<Integer> full = nextReceive(permits);
    messages.subList(0, 9).forEach(room.inFlight()::remove);
    assertFalse(full.isDone());
    room.inFlight().remove(messages.get(9));
    assertEquals(10, messages(full));
    permits.received(10, 0);
    messages.subList(0, 10).forEach(room.inFlight()::add);

    FutureTask<Integer> partial = nextReceive(permits);
    messages.subList(0, 3).forEach(room.inFlight()::remove);
    eventually(() -> clock.waiters() == 1);
    clock.advance(Duration.ofMillis(2));
    assertEquals(3, messages(partial), "others may keep their places for hours");
  }

  @Test
  void no_more_than_32_receives_are_under_way_however_large_the_worker() {
    ReceivePermits permits = permits(room(1_000), 1_000);
    for (int i = 0; i < 100; i++) {
      assertEquals(10, reserve(permits));
      permits.received(10, 10);
    }

    assertEquals(32, reserveAll(permits));
  }

  @Test
  void what_receives_under_way_may_bring_is_not_asked_for_again() {
    Room room = room(14);
    ReceivePermits permits = permits(room, 14);
    reserve(permits);
    permits.received(10, 10);
    assertEquals(10, reserve(permits));

    assertEquals(0, reserve(permits), "four slots are left: no batch, and one is under way");
  }

  @Test
  void with_some_slots_busy_a_receive_waits_for_a_batch_only_while_one_is_under_way()
      throws Exception {
    Room room = room(4);
    ReceivePermits permits = permits(room, 4);
    room.slots().expect(3);
    assertEquals(1, reserve(permits), "a slot is idle and nothing is on its way");
    room.slots().expectNoMore();
    FutureTask<Integer> next = nextReceive(permits);
    assertFalse(next.isDone());
    permits.received(1, 1);

    assertEquals(2, messages(next));
  }

  @Test
  void receiving_stops_while_results_hold_all_memory_that_they_may() throws Exception {
    Room room = room(4);
    ReceivePermits permits = permits(room, 4);
    Message message = Messages.message("a", clock);
    room.inFlight().add(message);
    room.inFlight().weigh(message, BYTES);
    FutureTask<Integer> next = nextReceive(permits);
    assertFalse(next.isDone());

    room.inFlight().remove(message);

    assertEquals(4, messages(next));
  }

  @Test
  void jobs_that_are_being_claimed_will_want_their_slots() throws Exception {
    Room room = room(4);
    ReceivePermits permits = permits(room, 4);
    room.slots().expect(4);
    FutureTask<Integer> next = nextReceive(permits);
    assertFalse(next.isDone());

    room.slots().expectNoMore();

    assertEquals(1, messages(next));
  }

  @Test
  void a_slot_that_becomes_free_makes_a_receive_due() throws Exception {
    Room room = room(1);
    ReceivePermits permits = permits(room, 1);
    SlotRun run = run(Messages.message("a", clock));
    room.slots().expect(1);
    room.slots().offer(run);
    FutureTask<Integer> next = nextReceive(permits);
    room.slots().take();
    assertFalse(next.isDone());
    room.slots().returned(run);

    assertEquals(1, messages(next));
  }

  @Test
  void while_the_executor_is_unavailable_one_job_is_received_to_try() throws Exception {
    Room room = room(4);
    ReceivePermits permits = permits(room, 4);
    room.health().unavailable("a", "no license");
    assertEquals(1, reserve(permits));
    FutureTask<Integer> next = nextReceive(permits);
    assertFalse(next.isDone());
    permits.received(1, 1);
    assertEquals(1, messages(next));

    permits.received(1, 1);
    room.health().worked(new Attempt(clock.nanoTime()));
    assertEquals(4, reserve(permits));
  }

  @Test
  void a_close_ends_all_waiting_and_reserves_nothing_more() throws Exception {
    Room room = room(4);
    ReceivePermits permits = permits(room, 4);
    room.slots().expect(4);
    FutureTask<Integer> next = nextReceive(permits);
    permits.close();
    assertEquals(-1, messages(next));

    IntStream.range(0, 4).forEach(_ -> room.slots().expectNoMore());
    assertFalse(permits.awaitRoom());
    assertEquals(0, reserve(permits));
  }

  @Test
  void who_waits_for_receives_waits_for_the_last() throws Exception {
    ReceivePermits permits = permits(room(100), 100);
    assertTrue(permits.awaitNoReceives(0));
    reserve(permits);
    permits.received(10, 10);
    reserve(permits);
    reserve(permits);
    permits.close();
    FutureTask<Boolean> none = new FutureTask<>(() -> permits.awaitNoReceives(LONG));
    Thread.ofPlatform().daemon().start(none);
    permits.received(10, 0);
    assertFalse(permits.awaitNoReceives(0));
    permits.received(10, 0);

    assertTrue(none.get(30, TimeUnit.SECONDS));
  }

  /** One slot, one event: nothing else would wake the listener. */
  @Test
  void a_slot_that_becomes_free_in_the_moment_of_the_look_is_not_missed() throws Exception {
    Room room = room(1);
    ReceivePermits permits = permits(room, 1);
    AtomicInteger round = new AtomicInteger();
    AtomicInteger found = new AtomicInteger();
    FutureTask<Void> listener =
        new FutureTask<>(
            () -> {
              while (permits.awaitRoom()) {
                int now = found.incrementAndGet();
                for (int spins = 0; round.get() < now; spins++) {
                  if (spins > 1_000) {
                    Interleaving.here();
                  } else {
                    Thread.onSpinWait();
                  }
                }
              }
              return null;
            });
    room.slots().expect(1);
    Thread.ofPlatform().daemon().start(listener);
    Random random = new Random(1);
    long enough = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    for (int i = 1; i <= 20_000 && System.nanoTime() < enough; i++) {
      for (int spins = random.nextInt(100); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      room.slots().expectNoMore();
      int awaited = i;
      long end = System.nanoTime() + LONG;
      while (found.get() < awaited && System.nanoTime() < end) {
        Interleaving.here();
      }
      assertEquals(awaited, found.get());
      room.slots().expect(1);
      round.set(i);
    }
    permits.close();
    listener.get(30, TimeUnit.SECONDS);
  }

  /**
   * A listener that waits for room while messages come, are claimed in vain or run, and leave: if
   * it missed one of them it would wait for ever, since nothing else would happen.
   */
  @Test
  void no_room_that_becomes_free_is_missed_and_all_of_it_comes_back() throws Exception {
    for (int slots : new int[] {1, 2, 8, 30}) {
      Room room = room(slots);
      ReceivePermits permits = permits(room, slots);
      int total = 4_000;
      AtomicInteger settled = new AtomicInteger();
      List<FutureTask<Void>> threads = new ArrayList<>();
      for (int i = 0; i < slots; i++) {
        threads.add(new FutureTask<>(() -> runJobs(room)));
      }
      threads.add(new FutureTask<>(() -> listen(room, permits, total, settled)));
      threads.forEach(thread -> Thread.ofPlatform().daemon().start(thread));
      eventually(() -> settled.get() == total);

      permits.close();
      room.slots().close();
      for (FutureTask<Void> thread : threads) {
        thread.get(30, TimeUnit.SECONDS);
      }
      assertTrue(permits.awaitNoReceives(0));
      assertEquals(slots, room.slots().free());
      assertEquals(2 * slots + 20, room.inFlight().room(0));
    }
  }

  private static Void runJobs(Room room) {
    for (SlotRun run = room.slots().take(); run != null; run = room.slots().take()) {
      room.slots().returned(run);
      room.inFlight().remove(run.job().message());
      run.end(Outcome.GivenBack.now("ran"));
    }
    return null;
  }

  private Void listen(Room room, ReceivePermits permits, int total, AtomicInteger settled)
      throws Exception {
    int received = 0;
    while (received < total && permits.awaitRoom()) {
      int max = Math.min(reserve(permits), total);
      if (max > 0) {
        int first = received;
        int messages = Math.min(max, total - received);
        received += messages;
        Thread.ofVirtual().start(() -> receive(room, permits, max, first, messages, settled));
      }
    }
    return null;
  }

  private void receive(
      Room room, ReceivePermits permits, int max, int first, int messages, AtomicInteger settled) {
    for (int i = first; i < first + messages; i++) {
      Message message = Messages.message("m-" + i, clock);
      room.inFlight().add(message);
      room.slots().expect(1);
      boolean inVain = i % 3 == 0;
      Thread.ofVirtual()
          .start(
              () -> {
                if (inVain) {
                  room.slots().expectNoMore();
                  room.inFlight().remove(message);
                } else {
                  SlotRun run = run(message);
                  room.slots().offer(run);
                  awaitEnd(run);
                }
                settled.incrementAndGet();
              });
    }
    permits.received(max, messages);
  }

  private static void awaitEnd(SlotRun run) {
    try {
      requireNonNull(run.await());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
