package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final SettableClock clock = new SettableClock();
  private final SlotQueue slots = new SlotQueue(2, 10, Duration.ofMillis(100), clock);
  private final Turns turns = new Turns(slots, MAX_WAIT, clock);

  private Message message() {
    return Messages.message("m", clock);
  }

  private Turns.Turn turn() throws Exception {
    return turns.await(message());
  }

  /** One that a thread waits for. */
  private FutureTask<Turns.Turn> waiting(Message message) {
    FutureTask<Turns.Turn> task = new FutureTask<>(() -> turns.await(message));
    Thread thread = Thread.ofPlatform().daemon().start(task);
    eventually(
        () ->
            thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING);
    return task;
  }

  private static Turns.Turn of(FutureTask<Turns.Turn> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  @Test
  void there_are_as_many_turns_as_slots_and_each_that_ends_is_the_next_ones() throws Exception {
    Turns.Turn first = turn();
    turn();
    FutureTask<Turns.Turn> third = waiting(message());
    FutureTask<Turns.Turn> fourth = waiting(message());
    assertFalse(third.isDone());

    clock.advance(Duration.ofMillis(500)); // what ends now is no short job
    first.close();
    first.close();

    assertNull(of(third).refusal());
    assertFalse(fourth.isDone(), "a turn ends once");
    of(third).close();
    assertNull(of(fourth).refusal());
  }

  @Test
  void who_waits_too_long_goes_back_but_not_behind_jobs_of_its_own_message() throws Exception {
    Message pack = message();
    Turns.Turn first = turns.await(pack);
    turns.await(pack);
    FutureTask<Turns.Turn> other = waiting(message());
    FutureTask<Turns.Turn> same = waiting(pack);

    clock.advance(MAX_WAIT);

    assertEquals("no slot became free", of(other).refusal());
    assertFalse(same.isDone());
    first.close();
    assertNull(of(same).refusal());
  }

  @Test
  void there_are_none_in_a_worker_that_stops() throws Exception {
    turn();
    turn();
    FutureTask<Turns.Turn> waiting = waiting(message());

    turns.close();

    assertEquals("worker stops", of(waiting).refusal());
    assertEquals("worker stops", turn().refusal());
  }

  @Test
  void a_claim_is_made_with_the_slot_at_hand_if_no_other_job_can_begin_before() throws Exception {
    slots.expect(1);
    Turns.Turn lone = turn();
    assertFalse(lone.isAhead(), "it is the only one");
    lone.begin();
    slots.expect(5);
    clock.advance(Turns.JUST_BEGUN);
    assertFalse(turn().isAhead(), "it has the last slot");
  }

  @Test
  void a_claim_is_ahead_while_another_job_has_just_begun() throws Exception {
    turn().begin();

    assertTrue(turn().isAhead());
  }

  @Test
  void a_claim_is_ahead_while_others_are_made_for_slots_that_are_free() throws Exception {
    slots.expect(2);
    Turns.Turn first = turn();
    assertTrue(first.isAhead(), "another follows");
    assertTrue(turn().isAhead(), "the first has not begun");
  }

  @Test
  void short_jobs_are_claimed_ahead_of_their_slots() throws Exception {
    for (int i = 0; i < 10; i++) {
      turn().close();
      clock.advance(Duration.ofMillis(5));
    }
    for (int i = 0; i < 10; i++) {
      assertTrue(turn().isAhead());
    }
  }

  @Test
  void who_needs_no_turn_takes_none() throws Exception {
    for (int i = 0; i < 5; i++) {
      Turns.Turn none = Turns.Turn.ahead();
      assertTrue(none.isAhead());
      none.begin();
    }
    assertNull(turn().refusal());
    assertNull(turn().refusal());
  }
}
