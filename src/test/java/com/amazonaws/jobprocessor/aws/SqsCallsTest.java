package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.AbortedException;

class SqsCallsTest {
  private final SqsCalls calls = new SqsCalls();

  /** A counter that went up for each long poll, and down again, would be reset each time. */
  @Test
  void a_call_counts_when_it_is_over_so_that_no_count_becomes_smaller() throws Exception {
    assertEquals(0L, calls.call(calls::made));
    assertEquals(List.of(1L, 0L), List.of(calls.answered(), calls.failed()));

    IllegalStateException notSent = new IllegalStateException("Unable to load credentials");
    assertThrows(CallFailed.class, () -> calls.call(() -> fail(1, notSent)));
    AbortedException cut = AbortedException.create("stop");
    assertThrows(InterruptedException.class, () -> calls.call(() -> fail(1, cut)));
    assertEquals(List.of(1L, 1L), List.of(calls.answered(), calls.failed()));
  }

  private String fail(long made, RuntimeException failure) {
    assertEquals(made, calls.made());
    throw failure;
  }

  @Test
  void each_entry_has_its_answer_whatever_else_the_batch_was_answered() {
    List<Answer> answers =
        SqsCalls.answers(
            3,
            new SqsTransport.BatchAnswer(
                Map.of("2", "m-2", "3", "m-3", "-1", "", "two", "", "", ""),
                List.of(
                    new SqsTransport.FailedEntry("0", "AWS.SimpleQueueService.X", "no"),
                    new SqsTransport.FailedEntry("10", null, null))));

    assertEquals(
        List.of(
            new Answer.Failed("X", "no"),
            new Answer.Failed("NoAnswer", "SQS did not mention the entry"),
            new Answer.Accepted("m-2")),
        answers);
  }
}
