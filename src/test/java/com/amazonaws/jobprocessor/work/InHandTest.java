package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class InHandTest {
  private static final long HEAP = 64L << 20;

  private final SettableClock clock = new SettableClock();
  private final InHand inHand = new InHand(4, HEAP, Duration.ofMillis(100), clock);
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void end() {
    inHand.close();
    thread.close();
  }

  private Job job(String id) {
    Delivery delivery = new Delivery(id, id + "#1", "body", Map.of(), 1);
    return new Job(delivery, new Lease(clock.nanoTime(), Duration.ofMinutes(1)), 1, 0);
  }

  private Future<Integer> room() {
    return thread.submit(() -> inHand.awaitRoom() ? inHand.reserve() : 0);
  }

  @Test
  void a_message_is_in_hand_once() {
    Job first = job("a");
    assertNull(inHand.add(first));
    assertSame(first, inHand.add(job("a")));
    assertEquals(1, inHand.all().size());
  }

  @Test
  void receiving_stops_while_results_hold_a_quarter_of_the_heap() throws Exception {
    Job job = job("a");
    inHand.add(job);
    inHand.weigh(job, HEAP / 4);
    Future<Integer> room = room();
    Assertions.assertThrows(TimeoutException.class, () -> room.get(200, TimeUnit.MILLISECONDS));

    inHand.remove(job);

    assertEquals(4, room.get(10, TimeUnit.SECONDS));
  }

  @Test
  void what_is_not_in_hand_any_more_weighs_nothing() throws Exception {
    Job job = job("a");
    inHand.add(job);
    inHand.remove(job);
    inHand.weigh(job, HEAP);

    assertEquals(4, room().get(10, TimeUnit.SECONDS));
  }

  @Test
  void jobs_that_are_being_claimed_will_want_their_slots() throws Exception {
    for (int i = 0; i < 4; i++) {
      inHand.claiming();
    }
    Future<Integer> room = room();
    Assertions.assertThrows(TimeoutException.class, () -> room.get(200, TimeUnit.MILLISECONDS));

    inHand.claimed();

    assertEquals(1, room.get(10, TimeUnit.SECONDS));
  }

  @Test
  void more_places_than_idle_slots_are_ahead() throws Exception {
    inHand.offer(job("a"), false);
    inHand.offer(job("b"), false);
    inHand.take();

    assertFalse(inHand.isAhead(2));
    assertTrue(inHand.isAhead(3));
  }

  @Test
  void what_a_last_receive_brings_stays_in_line_until_it_is_given_back() throws Exception {
    Job before = job("a");
    Job after = job("b");
    inHand.offer(before, false);
    inHand.close();

    assertNull(inHand.take());
    assertTrue(inHand.offer(after, true));
    assertEquals(List.of(before, after), inHand.takeUnstarted());
    assertFalse(inHand.offer(job("c"), false));
  }

  /** Each wakes the next: nobody else does. */
  @Test
  void as_many_slots_wake_as_there_are_jobs() throws Exception {
    InHand room = new InHand(8, HEAP, Duration.ofMillis(100), clock);
    CyclicBarrier together = new CyclicBarrier(8);
    AtomicInteger rounds = new AtomicInteger();
    try (ExecutorService slots = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        slots.execute(
            () -> {
              try {
                for (InHand.Next next = room.take(); next != null; next = room.take()) {
                  if (together.await(10, TimeUnit.SECONDS) == 0) {
                    rounds.incrementAndGet();
                  }
                  room.returned(next);
                }
              } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new AssertionError("not all slots woke", e);
              }
            });
      }
      for (int round = 1; round <= 300; round++) {
        for (int i = 0; i < 8; i++) {
          room.offer(job(round + "-" + i), false);
        }
        int expected = round;
        Awaitility.await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(20))
            .until(() -> rounds.get() == expected);
      }
      room.close();
    }
  }

  @Test
  void the_slot_that_went_idle_last_is_the_first_to_wake() throws Exception {
    try (ExecutorService slots = Executors.newCachedThreadPool()) {
      Future<InHand.Next> first = idleSlot(slots, 1);
      Future<InHand.Next> second = idleSlot(slots, 2);

      inHand.offer(job("a"), false);

      assertEquals("a", second.get(10, TimeUnit.SECONDS).job().messageId());
      assertFalse(first.isDone());
      inHand.close();
      assertNull(first.get(10, TimeUnit.SECONDS));
    }
  }

  private Future<InHand.Next> idleSlot(ExecutorService slots, int idle) {
    Future<InHand.Next> slot = slots.submit(inHand::take);
    Awaitility.await().until(() -> inHand.idleSlots() == idle);
    return slot;
  }
}
