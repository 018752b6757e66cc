package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueWarningsTest {
  private final QueueWarnings warnings =
      new QueueWarnings(
          Configuration.read(
                  List.of(
                      new Source(
                          "test",
                          "job_backlog_queue_name=todo,dead_letter_queue_name=dead,"
                              + "job_failure_retries=1")),
                  2)
              .settings());

  private static Policy policy(
      @Nullable Integer receives, @Nullable Integer days, @Nullable Integer bytes) {
    return new Policy(
        Optional.ofNullable(receives),
        Optional.ofNullable(days).map(Duration::ofDays),
        Optional.ofNullable(bytes));
  }

  private List<String> of(Policy backlog, Policy deadLetters) {
    return warnings.of(backlog, deadLetters).stream().map(Warning::toString).toList();
  }

  @Test
  void queues_that_suit_the_worker_or_do_not_tell_are_not_warned_of() {
    assertEquals(List.of(), of(policy(null, null, null), policy(null, null, null)));
    assertEquals(List.of(), of(policy(13, 4, 262_144), policy(null, 14, 262_144)));
    assertEquals(List.of(), of(policy(13, 4, 262_144), policy(null, 14, 1_048_576)));
  }

  @Test
  void a_redrive_policy_that_counts_to_less_than_the_attempts_need_is_warned_of() {
    assertEquals(
        List.of(
            "the backlog queue's own redrive policy takes jobs away before their attempts are used"
                + " up queue=todo maxReceiveCount=12 should_be_above=12"),
        of(policy(12, 4, null), policy(null, 14, null)));
  }

  @Test
  void dead_letters_that_go_before_the_jobs_would_are_warned_of() {
    assertEquals(
        List.of(
            "the dead-letter queue keeps messages no longer than the backlog does"
                + " queue=dead retention_secs=345600 backlog_retention_secs=345600"),
        of(policy(null, 4, null), policy(null, 4, null)));
  }

  @Test
  void a_dead_letter_queue_that_takes_less_than_the_backlog_is_warned_of() {
    assertEquals(
        List.of(
            "the dead-letter queue takes only smaller messages than the backlog: what it refuses"
                + " stays in the backlog queue=dead MaximumMessageSize=262144"
                + " backlog_MaximumMessageSize=1048576"),
        of(policy(null, null, 1_048_576), policy(null, null, 262_144)));
  }
}
