package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.SqsQueues.Counts;
import com.amazonaws.jobprocessor.aws.SqsQueues.Description;
import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.cli.QueueProblems.Named;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueProblemsTest {
  private static final Named RESULTS = queue("results", 0, 0, 14, 1_000_000);
  private static final Named LETTERS = queue("letters", 0, 0, 14, 1_000_000);
  private static final Named MISSING = new Named("nowhere", null);

  /**
   * A queue.
   *
   * @param receives of its redrive policy; 0 for none
   */
  private static Named queue(String name, long inFlight, int receives, int days, int bytes) {
    return new Named(
        name,
        new Description(
            new Counts(1, inFlight, 0),
            new Policy(
                receives == 0 ? Optional.empty() : Optional.of(receives),
                Optional.of(Duration.ofDays(days)),
                Optional.of(bytes)),
            receives == 0 ? Optional.empty() : Optional.of("elsewhere")));
  }

  private static Named backlog(long inFlight, int receives) {
    return queue("todo", inFlight, receives, 4, 1_000_000);
  }

  @Test
  void queues_as_they_should_be_have_none() {
    assertEquals(List.of(), QueueProblems.of(backlog(5, 0), RESULTS, LETTERS, 1));
    assertEquals(List.of(), QueueProblems.of(backlog(5, 13), RESULTS, LETTERS, 1));
  }

  @Test
  void a_redrive_policy_is_measured_by_the_workers_retries() {
    List<String> problems = QueueProblems.of(backlog(0, 12), RESULTS, LETTERS, 1);

    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().contains("\"todo\""), problems::toString);
    assertTrue(problems.getFirst().contains("after 12 receives"), problems::toString);
    assertTrue(problems.getFirst().contains("above 12"), problems::toString);
    assertEquals(List.of(), QueueProblems.of(backlog(0, 12), RESULTS, LETTERS, 0));
    assertEquals(1, QueueProblems.of(backlog(0, 13), RESULTS, LETTERS, 2).size());
  }

  @Test
  void a_queue_that_is_nearly_full_is_told_before_it_is() {
    assertEquals(List.of(), QueueProblems.of(backlog(107_999, 0), RESULTS, LETTERS, 1));
    List<String> problems = QueueProblems.of(backlog(108_000, 0), RESULTS, LETTERS, 1);
    assertEquals(
        List.of(
            "108,000 messages of \"todo\" are in flight; SQS gives out no more beyond about 120,000"),
        problems);
  }

  @Test
  void looking_at_results_and_dead_letters_takes_them_away_if_they_have_a_redrive_policy() {
    Named watched = queue("letters", 0, 3, 14, 1_000_000);

    assertEquals(
        List.of(
            "the redrive policy of \"letters\" takes dead letters away that have been looked at 3"
                + " times"),
        QueueProblems.of(backlog(0, 0), RESULTS, watched, 1));
    assertEquals(1, QueueProblems.of(backlog(0, 0), watched, LETTERS, 1).size());
  }

  @Test
  void dead_letters_have_to_be_kept_longer_and_to_be_as_large_as_jobs() {
    List<String> problems =
        QueueProblems.of(backlog(0, 0), RESULTS, queue("letters", 0, 0, 4, 999_999), 1);

    assertEquals(2, problems.size());
    assertTrue(problems.get(0).contains("4 days"), problems::toString);
    assertTrue(problems.get(1).contains("999,999 bytes"), problems::toString);
  }

  @Test
  void of_queues_that_are_missing_nothing_is_said_here() {
    assertEquals(List.of(), QueueProblems.of(MISSING, MISSING, MISSING, 1));
    assertEquals(List.of(), QueueProblems.of(backlog(0, 0), MISSING, MISSING, 1));
  }

  @Test
  void times_are_in_their_largest_whole_unit() {
    assertEquals("14 days", QueueProblems.time(Duration.ofDays(14)));
    assertEquals("1 day", QueueProblems.time(Duration.ofDays(1)));
    assertEquals("25 hours", QueueProblems.time(Duration.ofHours(25)));
    assertEquals("1 minute", QueueProblems.time(Duration.ofMinutes(1)));
    assertEquals("90 seconds", QueueProblems.time(Duration.ofSeconds(90)));
  }
}
