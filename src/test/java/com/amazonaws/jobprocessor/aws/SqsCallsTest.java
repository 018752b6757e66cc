package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqsCallsTest {
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
