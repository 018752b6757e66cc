package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentMessagesTest {
  private static final Outcome.Failed FAILURE = Outcome.Failed.forGood("Bad", "for good");

  private final RecentMessages recent = new RecentMessages();

  private int nextAttempt(String id, int receives) {
    return recent.nextAttempt(new Delivery(id, "h", "b", Map.of(), receives));
  }

  @Test
  void a_receive_is_an_attempt_unless_it_was_none() {
    assertEquals(1, nextAttempt("a", 1));
    assertEquals(4, nextAttempt("a", 4));
    recent.wasNoAttempt("a");
    recent.wasNoAttempt("a");

    assertEquals(2, nextAttempt("a", 4));
    assertEquals(4, nextAttempt("b", 4), "of another message");
  }

  /** SQS's count is approximate. */
  @Test
  void the_next_attempt_is_at_least_the_first() {
    recent.wasNoAttempt("a");
    recent.wasNoAttempt("a");

    assertEquals(1, nextAttempt("a", 1));
  }

  @Test
  void a_retry_that_was_waited_for_is_an_attempt_without_a_receive() {
    recent.hadAttemptWithoutReceive("a");
    assertEquals(3, nextAttempt("a", 2));
    recent.wasNoAttempt("a");

    assertEquals(2, nextAttempt("a", 2));
  }

  @Test
  void what_has_finished_is_known_and_needs_no_dead_letter_any_more() {
    recent.unsent("a", FAILURE);
    assertFalse(recent.isFinished("a"));
    assertEquals(FAILURE, recent.unsent("a"));
    recent.ended(Messages.message("a", new SettableClock()).jobs().getFirst());

    assertTrue(recent.isFinished("a"));
    assertNull(recent.unsent("a"));
    assertNull(recent.unsent("b"));
  }

  /** Its remainder comes in another message, and its failure is still to be told. */
  @Test
  void a_job_that_goes_on_in_another_message_needs_its_dead_letter() {
    recent.unsent("a/1", FAILURE);
    recent.finished("a/1");

    assertTrue(recent.isFinished("a/1"));
    assertEquals(FAILURE, recent.unsent("a/1"));
  }

  @Test
  void the_oldest_are_forgotten() {
    IntStream.rangeClosed(0, 10_000)
        .forEach(
            i -> {
              recent.finished("f-" + i);
              recent.wasNoAttempt("n-" + i);
            });
    IntStream.rangeClosed(0, 1_000).forEach(i -> recent.unsent("u-" + i, FAILURE));

    assertFalse(recent.isFinished("f-0"));
    assertTrue(recent.isFinished("f-1"));
    assertEquals(2, nextAttempt("n-0", 2));
    assertEquals(1, nextAttempt("n-1", 2));
    assertNull(recent.unsent("u-0"));
    assertEquals(FAILURE, recent.unsent("u-1"));
  }
}
