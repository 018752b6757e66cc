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
    return warnings.of(backlog, Policy.UNKNOWN, deadLetters).stream()
        .map(Warning::toString)
        .toList();
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

  /** Two attempts of thirty seconds, without a delay. */
  @Test
  void a_backlog_that_keeps_jobs_no_longer_than_their_attempts_take_is_warned_of() {
    Policy short60 =
        new Policy(Optional.empty(), Optional.of(Duration.ofSeconds(60)), Optional.empty());
    assertEquals(
        List.of(
            "the backlog keeps messages for no longer than a job's attempts may take: SQS deletes"
                + " jobs that wait or run for longer queue=todo retention_secs=60 attempts_secs=60"),
        of(short60, policy(null, 14, null)));
    Policy longer =
        new Policy(Optional.empty(), Optional.of(Duration.ofSeconds(61)), Optional.empty());
    assertEquals(List.of(), of(longer, policy(null, 14, null)));
  }

  @Test
  void delays_between_attempts_count_too_up_to_twelve_hours_each() {
    QueueWarnings patient =
        new QueueWarnings(
            Configuration.read(
                    List.of(
                        new Source(
                            "test",
                            "dead_letter_queue_name=dead,job_failure_retries=100,"
                                + "retry_delay_in_secs=3600")),
                    2)
                .settings());
    List<Warning> warnings =
        patient.of(policy(null, 14, null), Policy.UNKNOWN, policy(null, 15, null));

    assertEquals(1, warnings.size());
    // 1, 2, 4 and 8 h, 96 times 12 h, and 101 times 30 s
    assertEquals(
        15 * 3_600L + 96 * 43_200L + 101 * 30L, warnings.getFirst().facts().get("attempts_secs"));
  }

  @Test
  void jobs_that_are_nearly_as_old_as_the_backlog_keeps_them_are_warned_of() {
    Policy days4 = policy(null, 4, null);
    assertEquals(List.of(), warnings.ofAge(days4, null));
    assertEquals(List.of(), warnings.ofAge(policy(null, null, null), Duration.ofDays(9)));
    assertEquals(List.of(), warnings.ofAge(days4, Duration.ofDays(3).minusSeconds(1)));
    assertEquals(
        "jobs have waited for more than three quarters of the time that the backlog keeps them: SQS"
            + " deletes those that wait for longer queue=todo oldest_secs=259200"
            + " retention_secs=345600",
        warnings.ofAge(days4, Duration.ofDays(3)).getFirst().toString());
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

  @Test
  void a_results_queue_that_takes_less_than_sqs_does_is_warned_of() {
    Policy small = policy(null, null, 262_144);
    String warning = "the results queue takes only smaller messages than SQS does: a job whose ";
    String facts = " queue=SQS-EC2-Queue-Results MaximumMessageSize=262144";
    QueueWarnings withBucket =
        new QueueWarnings(
            Configuration.read(List.of(new Source("test", "payload_bucket_name=payloads")), 2)
                .settings());

    assertEquals(List.of(warning + "result is larger fails" + facts), ofResults(warnings, small));
    assertEquals(
        List.of(warning + "result is larger has it sent by way of the payload bucket" + facts),
        ofResults(withBucket, small));
    assertEquals(List.of(), ofResults(warnings, policy(null, null, 1_048_576)));
  }

  private static List<String> ofResults(QueueWarnings warnings, Policy results) {
    return warnings.of(Policy.UNKNOWN, results, Policy.UNKNOWN).stream()
        .map(Warning::toString)
        .toList();
  }
}
