package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.util.List;
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

  private static Job job(String messageId) {
    return Messages.message(messageId, new SettableClock()).jobs().getFirst();
  }

  @Test
  void what_has_finished_is_known_and_needs_no_dead_letter_any_more() {
    recent.unsent(job("a"), FAILURE);
    assertFalse(recent.isFinished("a"));
    assertEquals(new RecentMessages.Unsent(FAILURE, 1, 1), recent.unsent(job("a")));
    recent.ended(job("a"));

    assertTrue(recent.isFinished("a"));
    assertNull(recent.unsent(job("a")));
    assertNull(recent.unsent(job("b")));
  }

  /** Its remainder comes in another message, and its failure is still to be told. */
  @Test
  void a_job_that_goes_on_in_another_message_needs_its_dead_letter() {
    recent.unsent(job("a"), FAILURE);
    recent.finished("a");

    assertTrue(recent.isFinished("a"));
    assertEquals(new RecentMessages.Unsent(FAILURE, 1, 1), recent.unsent(job("a")));
  }

  @Test
  void how_often_a_dead_letter_was_refused_is_known() {
    assertEquals(0, recent.unsent(job("a"), FAILURE));
    assertEquals(1, recent.unsent(job("a"), FAILURE));
    assertEquals(2, recent.unsent(job("a"), FAILURE));
    assertEquals(0, recent.unsent(job("b"), FAILURE));
  }

  /** A single job's are counted by its receives. */
  @Test
  void attempts_that_the_lines_of_a_pack_do_not_tell_of_are_counted() {
    recent.hadAttempts(pack("p").jobs().get(1), 3);
    recent.hadAttempts(pack("p").jobs().get(1), 2);
    recent.hadAttempts(job("a"), 2);

    assertEquals(List.of(1, 4), attempts(pack("p")));
    assertEquals(List.of(1, 3), attempts(pack("q")));
    assertEquals(List.of(1), attempts(Messages.message("a", new SettableClock())));
  }

  /** The second job has had two. */
  private static Message pack(String id) {
    String lines = new JobLine(null, "a", 0).write() + "\n" + new JobLine(null, "b", 2).write();
    Delivery delivery = new Delivery(id, id + "#1", lines, PackFormat.attributes(2), 1);
    return Messages.of(delivery, 1, new SettableClock());
  }

  private List<Integer> attempts(Message message) {
    recent.countAttempts(message);
    return message.jobs().stream().map(Job::attempt).toList();
  }

  @Test
  void the_oldest_are_forgotten() {
    IntStream.rangeClosed(0, 10_000)
        .forEach(
            i -> {
              recent.finished("f-" + i);
              recent.wasNoAttempt("n-" + i);
              recent.hadAttempts(job("a-" + i), 2);
            });
    IntStream.rangeClosed(0, 1_000).forEach(i -> recent.unsent(job("u-" + i), FAILURE));

    assertFalse(recent.isFinished("f-0"));
    assertTrue(recent.isFinished("f-1"));
    assertEquals(2, nextAttempt("n-0", 2));
    assertEquals(1, nextAttempt("n-1", 2));
    assertNull(recent.unsent(job("u-0")));
    assertNotNull(recent.unsent(job("u-1")));
  }
}
