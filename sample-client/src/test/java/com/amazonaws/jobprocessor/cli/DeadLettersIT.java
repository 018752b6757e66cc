package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** Which queue dead letters go back to, and how one is shown. */
class DeadLettersIT extends SqsFixture {
  @BeforeEach
  void makeQueues() {
    for (String queue : List.of("todo", "failed")) {
      sqs.createQueue(r -> r.queueName(queue));
    }
    makeFifo("todo.fifo", "failed.fifo");
  }

  private void sendFifoLetter(Map<String, String> attributes) {
    sqs.sendMessage(
        r ->
            r.queueUrl(url("failed.fifo"))
                .messageBody("job")
                .messageGroupId("g")
                .messageDeduplicationId("d")
                .messageAttributes(
                    attributes.entrySet().stream()
                        .collect(
                            java.util.stream.Collectors.toMap(
                                Map.Entry::getKey, one -> string(one.getValue())))));
  }

  @Test
  void letters_go_back_to_the_queues_that_they_name_without_the_name() {
    send("failed", "1", Map.of("job_id", "a", "backlog", "todo", "mine", "x"));
    send("failed", "2", Map.of("job_id", "b", "backlog", BACKLOG));

    assertEquals(0, run("dead-letters", "send-back", "--all", "--dead-letter-queue", "failed"));

    assertEquals("sent back 2 jobs", out.toString().strip());
    Message job = take("todo").getFirst();
    assertEquals("1", job.body());
    assertEquals(java.util.Set.of("job_id", "mine"), job.messageAttributes().keySet());
    assertEquals(1, visible(BACKLOG));
    assertEquals(0, visible("failed") + invisible("failed"));
  }

  @Test
  void one_job_is_said_in_the_singular() {
    send(DEAD_LETTERS, "1", Map.of("job_id", "a"));

    assertEquals(0, run("dead-letters", "send-back", "a"));

    assertEquals("sent back 1 job", out.toString().strip());
  }

  @Test
  void a_letter_that_names_none_needs_the_option_when_the_queue_is_not_the_usual_one() {
    send("failed", "1", Map.of("job_id", "a"));
    String[] command = {"dead-letters", "send-back", "--all", "--dead-letter-queue", "failed"};

    assertEquals(1, run(command));
    assertTrue(err.toString().contains("job a was not sent back"), err.toString());
    assertTrue(err.toString().contains("give --backlog-queue"), err.toString());
    assertEquals(1, visible("failed"));
    assertEquals(0, visible(BACKLOG));

    assertEquals(
        0,
        run(
            "dead-letters",
            "send-back",
            "a",
            "--dead-letter-queue",
            "failed",
            "--backlog-queue",
            "todo"));
    assertEquals(1, visible("todo"));
  }

  @Test
  void a_fifo_queues_letter_never_goes_into_a_standard_queue() {
    sendFifoLetter(Map.of("job_id", "a", "backlog", "todo"));

    assertEquals(
        1, run("dead-letters", "send-back", "--all", "--dead-letter-queue", "failed.fifo"));
    assertTrue(err.toString().contains("FIFO"), err.toString());
    assertEquals(
        2,
        run(
            "dead-letters",
            "send-back",
            "--all",
            "--dead-letter-queue",
            "failed.fifo",
            "--backlog-queue",
            "todo"));
    assertTrue(err.toString().contains("FIFO"), err.toString());

    assertEquals(0, visible("todo") + visible(BACKLOG));
    assertEquals(1, visible("failed.fifo"));
  }

  @Test
  void a_letter_does_not_go_to_another_backlog_than_its_own() {
    send("failed", "1", Map.of("job_id", "a", "backlog", "todo"));
    send("failed", "2", Map.of("job_id", "b", "backlog", "gone"));
    send("failed", "3", Map.of("job_id", "c", "backlog", "a b\u202e"));
    send("failed", "4", Map.of("job_id", "d", "backlog", "failed"));

    assertEquals(
        1,
        run(
            "dead-letters",
            "send-back",
            "a",
            "--dead-letter-queue",
            "failed",
            "--backlog-queue",
            BACKLOG));
    assertTrue(err.toString().contains("leave out --backlog-queue"), err.toString());
    assertEquals(
        1, run("dead-letters", "send-back", "b", "c", "d", "--dead-letter-queue", "failed"));
    assertTrue(err.toString().contains("there is no queue \"gone\""), err.toString());
    assertEquals(3, err.toString().lines().count(), err.toString());
    assertFalse(err.toString().contains("\u202e"));
    assertEquals(4, visible("failed"));
    assertEquals(0, visible(BACKLOG) + visible("todo"));
  }

  @Test
  void the_table_cuts_errors_in_the_middle_and_show_has_them_whole() {
    String message = "exit status 1: Traceback\n" + "  File x\n".repeat(60) + "KeyError: 'id'";
    send(
        DEAD_LETTERS,
        "the\tjob",
        Map.of(
            "job_id", "a", "error_type", "x.CommandFailed", "error_message", message, "mine", "7"));
    send(DEAD_LETTERS, "other", Map.of("job_id", "b"));

    assertEquals(0, run("dead-letters"));
    String row = out.toString().lines().filter(line -> line.startsWith("a ")).findFirst().get();
    assertTrue(row.contains("CommandFailed  exit status 1: Traceback"), row);
    assertTrue(row.contains("…") && row.contains("KeyError: 'id'"), row);

    assertEquals(0, run("dead-letters", "show", "a"));
    assertTrue(out.toString().contains("mine:           7\n"), out.toString());
    assertTrue(out.toString().contains("  KeyError: 'id'\n"), out.toString());
    assertTrue(out.toString().contains("job:\n  the\tjob"), out.toString());
    assertFalse(out.toString().contains("other"), out.toString());

    assertEquals(3, run("dead-letters", "show", "--json", "a", "nobody"));
    assertEquals(1, out.toString().lines().count());
    assertTrue(err.toString().contains("nobody"), err.toString());
    assertEquals(2, visible(DEAD_LETTERS));
  }

  @Test
  void the_queues_are_counted_in_a_table_and_as_json() {
    send(BACKLOG, "1", Map.of());
    send(BACKLOG, "2", Map.of());
    sqs.receiveMessage(r -> r.queueUrl(url(BACKLOG)).visibilityTimeout(60));
    send(DEAD_LETTERS, "3", Map.of("job_id", "a"));

    assertEquals(0, run("queues"));
    assertEquals(
        """
        HOLDS         QUEUE                      WAITING  IN_FLIGHT  DELAYED  KEPT  REDRIVE
        jobs          SQS-EC2-Queue-Todo               1          1        0  -     none
        results       SQS-EC2-Queue-Results            0          0        0  -     none
        dead letters  SQS-EC2-Queue-Dead-letter        1          0        0  -     none
        """,
        out.toString());
    assertEquals(3, run("queues", "--json", "--results-queue", "none"));
    assertTrue(out.toString().contains("\"queue\":\"none\",\"exists\":false}"), out.toString());
    assertTrue(err.toString().contains("there is no queue \"none\""), err.toString());
  }
}
