package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastFailuresTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  private final LastFailures failures = new LastFailures(text -> text.replace("s3cr3t", "****"));

  private void fail(String jobId, String type, String message, After after) {
    failures.add(new FailedAttempt(jobId, 2, type, message, null), after, AT);
  }

  @Test
  void kinds_come_with_their_last_jobs_the_newest_first() {
    fail("a", "IOException", "one", After.RETRIED);
    fail("b", "Boom", "x", After.DEAD_LETTERED);
    fail("c", "IOException", "two", After.DEAD_LETTERED);

    assertEquals(
        List.of(
            new FailureKind(
                "IOException",
                "two",
                1,
                1,
                0,
                List.of(
                    new FailedJob("c", 2, After.DEAD_LETTERED, AT),
                    new FailedJob("a", 2, After.RETRIED, AT))),
            new FailureKind(
                "Boom", "x", 0, 1, 0, List.of(new FailedJob("b", 2, After.DEAD_LETTERED, AT)))),
        failures.now());
  }

  /** A job whose dead letter is refused comes again, every hour at least. */
  @Test
  void a_job_whose_dead_letter_is_refused_again_and_again_has_one_place() {
    for (int i = 0; i < 3; i++) {
      fail("a", "Boom", "x", After.LETTER_REFUSED);
      fail("b", "Boom", "x", After.LETTER_REFUSED);
    }
    fail("a", "Boom", "x", After.DEAD_LETTERED);

    assertEquals(
        List.of(
            new FailureKind(
                "Boom",
                "x",
                0,
                1,
                6,
                List.of(
                    new FailedJob("a", 2, After.DEAD_LETTERED, AT),
                    new FailedJob("b", 2, After.LETTER_REFUSED, AT)))),
        failures.now());
  }

  @Test
  void kinds_jobs_and_texts_are_bounded() {
    for (int i = 0; i < 200; i++) {
      fail("job-" + i, "Type" + i % 100 + "x".repeat(5_000), "m".repeat(1_000_000), After.RETRIED);
      fail("other-" + i, "Usual", "", After.RETRIED);
    }

    List<FailureKind> kinds = failures.now();
    assertEquals(LastFailures.MAX_KINDS, kinds.size());
    assertEquals("Usual", kinds.getFirst().type());
    assertEquals(200, kinds.getFirst().retried());
    assertEquals("other-199", kinds.getFirst().jobs().getFirst().id());
    for (FailureKind kind : kinds) {
      assertTrue(kind.jobs().size() <= LastFailures.MAX_JOBS);
      assertTrue(MessageFormat.utf8Length(kind.type()) <= 1_024);
      assertTrue(MessageFormat.utf8Length(kind.message()) <= 1_024);
    }
  }

  @Test
  void a_secret_is_taken_out_before_the_text_is_cut() {
    fail("a", "Boom", "x".repeat(510) + "s3cr3t" + "y".repeat(2_000), After.RETRIED);

    String message = failures.now().getFirst().message();
    assertFalse(message.contains("s3c"), message);
    assertTrue(message.contains("*"), message);
  }
}
