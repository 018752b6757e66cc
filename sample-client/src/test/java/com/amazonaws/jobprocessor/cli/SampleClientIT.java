package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Tag("long")
class SampleClientIT extends SqsFixture {
  private void sendDeadLetter(String jobId) {
    sqs.sendMessage(
        r ->
            r.queueUrl(url(DEAD_LETTERS))
                .messageBody("body of " + jobId)
                .messageAttributes(
                    Map.of(
                        "job_id", string(jobId),
                        "error_type", string("java.io.IOException"),
                        "error_message", string("disk\nfull"),
                        "attempts", string("2"),
                        "mine",
                            MessageAttributeValue.builder()
                                .dataType("Binary")
                                .binaryValue(SdkBytes.fromByteArray(new byte[] {1, 2}))
                                .build())));
  }

  @Test
  void every_line_becomes_one_job_with_an_id_of_its_own_in_the_order_of_the_lines()
      throws IOException {
    List<String> lines =
        IntStream.range(0, 3_000).mapToObj(i -> i % 10 == 3 ? "" : "jöb " + i + "\r").toList();

    assertEquals(0, run("submit", "--ids", "--id-prefix", "p", file(lines).toString()));

    List<String> ids = out.toString().lines().toList();
    assertEquals(2_700, ids.size());
    assertEquals("p-1", ids.getFirst());
    Map<String, String> bodies =
        takeAll(BACKLOG).stream()
            .collect(
                Collectors.toMap(
                    m -> m.messageAttributes().get("job_id").stringValue(), Message::body));
    assertEquals(new TreeSet<>(ids), new TreeSet<>(bodies.keySet()));
    assertEquals("jöb 2999", bodies.get("p-3000"));
  }

  @Test
  void lines_that_cannot_be_jobs_are_named_and_nothing_or_the_others_are_submitted()
      throws IOException {
    String file = file(List.of("good", "b\u0001d", "x".repeat(1_100_000), "good too")).toString();

    assertEquals(1, run("submit", file));

    for (String line : List.of("line 2 of \"" + file + "\" ", "line 3 of \"" + file + "\" ")) {
      assertTrue(err.toString().contains(line), err.toString());
    }
    assertTrue(err.toString().contains("nothing was submitted; --skip-bad"), err.toString());
    assertEquals(0, visible(BACKLOG));

    assertEquals(3, run("submit", "--skip-bad", file));

    assertEquals(2, visible(BACKLOG));
    assertTrue(
        err.toString().contains("line 2 ") && err.toString().contains("line 3 "), err.toString());
    assertTrue(
        out.toString().contains("submitted 2 jobs, 2 could not be submitted"), out.toString());
  }

  @Test
  void large_jobs_go_in_batches_that_fit() throws IOException {
    assertEquals(
        0, run("submit", file(List.of("a".repeat(900_000), "b".repeat(900_000), "c")).toString()));

    assertEquals(3, visible(BACKLOG));
  }

  @Test
  void a_missing_queue_is_named_and_made_only_when_told_to() throws IOException {
    String file = file(List.of("a")).toString();

    assertEquals(1, run("submit", "--backlog-queue", "typo", file));
    assertTrue(
        err.toString().contains("there is no queue \"typo\" in us-east-1; check")
            && err.toString().contains("--create-queue"),
        err.toString());

    assertEquals(0, run("submit", "--backlog-queue", "typo", "--create-queue", file));
    assertEquals(1, visible("typo"));
  }

  @Test
  void results_are_matched_by_id_copies_left_out_and_strangers_left_alone() throws IOException {
    sendResult("a", "1\n2");
    sendResult("stranger", "x");
    sendResult("a", "1\n2");
    sendResult("b", "\u4e2d");

    assertEquals(0, run("results", "--ids", file(List.of("a", "b")).toString(), "--timeout", "20"));

    assertEquals(List.of("a\t1\\n2", "b\t中"), out.toString().lines().sorted().toList());
    awaitNothingHidden(RESULTS);
    assertTrue(visible(RESULTS) >= 1);
  }

  @Test
  void missing_results_are_named_with_status_5() throws IOException {
    sendResult("a", "1");

    assertEquals(
        5, run("results", "--ids", file(List.of("a", "b", "c")).toString(), "--timeout", "2"));

    assertTrue(err.toString().contains("2 of 3 results are missing"), err.toString());
    assertTrue(err.toString().contains("  b") && err.toString().contains("  c"), err.toString());
  }

  @Test
  void expect_takes_so_many_and_no_more() {
    for (int i = 0; i < 25; i++) {
      sendResult("job-" + i, "r" + i);
    }

    assertEquals(0, run("results", "--expect", "12", "--json", "--timeout", "20"));

    assertEquals(12, out.toString().lines().count());
    assertTrue(
        out.toString().lines().allMatch(line -> line.startsWith("{\"job_id\":\"job-")),
        out.toString());
    assertEquals(13, visible(RESULTS));
    awaitNothingHidden(RESULTS);
  }

  @Test
  void keep_leaves_results_in_the_queue() {
    sendResult("a", "1");

    assertEquals(0, run("results", "--expect", "1", "--keep"));
    assertEquals(0, run("results", "--expect", "1"));
    assertEquals(0, visible(RESULTS) + invisible(RESULTS));
  }

  @Test
  void dead_letters_are_listed_each_once_in_a_table_that_lines_up_and_stay() {
    for (int i = 0; i < 23; i++) {
      sendDeadLetter("job-" + i);
    }
    for (int round = 0; round < 2; round++) {
      assertEquals(0, run("dead-letters"));
      List<String> lines = out.toString().lines().toList();
      assertEquals(24, lines.size());
      int column = lines.getFirst().indexOf("MESSAGE");
      assertTrue(
          lines.stream().skip(1).allMatch(line -> line.startsWith("disk\\nfull", column)),
          out.toString());
    }
    assertEquals(23, visible(DEAD_LETTERS));
    assertEquals(0, run("dead-letters", "list", "--json"));
    assertEquals(23, out.toString().lines().count());
  }

  @Test
  void no_dead_letters_is_said() {
    assertEquals(0, run("dead-letters"));
    assertEquals("no dead letters", out.toString().strip());
  }

  @Test
  void dead_letters_are_sent_back_by_id_without_what_the_worker_added() {
    sendDeadLetter("a");
    sendDeadLetter("b");

    assertEquals(3, run("dead-letters", "send-back", "b", "unknown"));

    assertTrue(err.toString().contains("unknown"), err.toString());
    assertEquals(1, visible(DEAD_LETTERS));
    Message job = takeAll(BACKLOG).getFirst();
    assertEquals("body of b", job.body());
    assertEquals(
        new TreeSet<>(List.of("job_id", "mine")), new TreeSet<>(job.messageAttributes().keySet()));
    assertEquals("Binary", job.messageAttributes().get("mine").dataType());
  }

  @Test
  void all_are_sent_back_and_none_is_lost() {
    for (int i = 0; i < 23; i++) {
      sendDeadLetter("job-" + i);
    }

    assertEquals(0, run("dead-letters", "send-back", "--all"));

    assertEquals(23, visible(BACKLOG));
    assertEquals(0, visible(DEAD_LETTERS) + invisible(DEAD_LETTERS));
  }

  @Test
  void jobs_that_fail_again_at_once_are_sent_back_once_and_stay() throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      sendDeadLetter("job-" + i, "m" + i);
    }
    Thread worker = Thread.ofVirtual().start(this::failEveryJob);

    assertEquals(0, run("dead-letters", "send-back", "--all"));

    assertEquals("sent back 12 jobs", out.toString().strip());
    worker.interrupt();
    worker.join();
  }

  /** A worker whose jobs always fail. */
  private void failEveryJob() {
    while (!Thread.currentThread().isInterrupted()) {
      for (Message job : take(BACKLOG)) {
        sendDeadLetter(job.messageAttributes().get("job_id").stringValue(), job.messageId());
        sqs.deleteMessage(r -> r.queueUrl(url(BACKLOG)).receiptHandle(job.receiptHandle()));
      }
    }
  }

  @Test
  void a_group_of_a_fifo_queue_keeps_the_order_of_its_lines() throws IOException {
    Path file = Files.writeString(folder.resolve("jobs"), "a\nb\nc\n".repeat(20));

    assertEquals(
        0,
        run(
            "submit",
            "--backlog-queue",
            "q.fifo",
            "--create-queue",
            "--group",
            "g",
            file.toString()));

    List<String> bodies = new ArrayList<>();
    List<Message> some = take("q.fifo");
    while (!some.isEmpty()) {
      for (Message message : some) {
        assertEquals("g", message.attributesAsStrings().get("MessageGroupId"));
        bodies.add(message.body());
        sqs.deleteMessage(r -> r.queueUrl(url("q.fifo")).receiptHandle(message.receiptHandle()));
      }
      some = take("q.fifo");
    }
    assertEquals("abc".repeat(20), String.join("", bodies));
  }

  @Test
  void without_a_group_each_job_of_a_fifo_queue_has_one_of_its_own() throws IOException {
    Path file = Files.writeString(folder.resolve("jobs"), "a\nb\n");
    run(
        "submit",
        "--backlog-queue",
        "q.fifo",
        "--create-queue",
        "--id-prefix",
        "é x",
        file.toString());

    assertEquals(
        2,
        take("q.fifo").stream()
            .map(message -> message.attributesAsStrings().get("MessageGroupId"))
            .distinct()
            .count());
  }

  @Test
  void a_group_needs_a_fifo_queue_and_a_name() {
    assertEquals(2, run("submit", "--group", "g", "/dev/null"));
    assertTrue(err.toString().contains("is no FIFO queue"), err.toString());
    assertEquals(2, run("submit", "--backlog-queue", "q.fifo", "--group", "a b", "/dev/null"));
    assertTrue(err.toString().contains("--group"), err.toString());
  }

  @Test
  void a_dead_letter_of_a_fifo_queue_goes_back_to_its_group() {
    for (String queue : List.of("todo.fifo", "dead.fifo")) {
      sqs.createQueue(
          r -> r.queueName(queue).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
    }
    String id =
        sqs.sendMessage(
                r ->
                    r.queueUrl(url("dead.fifo"))
                        .messageBody("job")
                        .messageGroupId("g")
                        .messageDeduplicationId("d"))
            .messageId();

    assertEquals(
        0,
        run(
            "dead-letters",
            "send-back",
            "--all",
            "--backlog-queue",
            "todo.fifo",
            "--dead-letter-queue",
            "dead.fifo"));

    Message back = take("todo.fifo").getFirst();
    assertEquals("g", back.attributesAsStrings().get("MessageGroupId"));
    assertEquals(id, back.attributesAsStrings().get("MessageDeduplicationId"));
  }

  @Test
  void without_a_backlog_no_dead_letter_is_touched() {
    sendDeadLetter("a");

    assertEquals(1, run("dead-letters", "send-back", "--all", "--backlog-queue", "nowhere"));

    assertEquals(1, visible(DEAD_LETTERS));
  }

  @Test
  void a_command_line_that_makes_no_sense_ends_with_2_and_says_why() {
    assertEquals(2, run());
    assertEquals(2, run("results", "--expect", "0"));
    assertEquals(2, run("results", "--expect", "1", "--ids", "x"));
    assertEquals(2, run("dead-letters", "send-back"));
    assertEquals(2, run("submit", "--nonsense"));
    assertFalse(err.toString().contains("\tat "));
  }

  @Test
  void a_server_that_is_away_is_one_line_and_1() {
    System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:9");

    assertEquals(1, run("dead-letters"));

    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("cannot reach AWS"), err.toString());
  }

  /** A disk that is full; the same for a pipe whose reader has gone. */
  @Test
  void what_cannot_be_printed_is_not_deleted() throws IOException {
    sendResult("a", "1");

    try (FileOutputStream full = new FileOutputStream("/dev/full")) {
      assertEquals(
          1, SampleClient.run(new String[] {"results", "--expect", "1"}, full, new Stop()));
    }

    assertEquals(1, visible(RESULTS));
  }

  @Test
  void ids_that_cannot_be_printed_are_a_failure() throws IOException {
    String file = file(List.of("a")).toString();

    try (FileOutputStream full = new FileOutputStream("/dev/full")) {
      assertEquals(1, SampleClient.run(new String[] {"submit", "--ids", file}, full, new Stop()));
      assertEquals(1, SampleClient.run(new String[] {"submit", file}, full, new Stop()));
      assertEquals(1, SampleClient.run(new String[] {"dead-letters"}, full, new Stop()));
    }
  }

  @Test
  void results_of_others_can_be_had_while_we_wait_for_ours() throws IOException {
    sendResult("stranger", "x");

    assertEquals(5, run("results", "--ids", file(List.of("a")).toString(), "--timeout", "25"));

    Message stranger = take(RESULTS).getFirst();
    int receives = Integer.parseInt(stranger.attributesAsStrings().get("ApproximateReceiveCount"));
    assertTrue(receives >= 3, "by us, again after ten seconds, and now: " + receives);
  }

  private void sendDeadLetter(String jobId, String messageId) {
    sqs.sendMessage(
        r ->
            r.queueUrl(url(DEAD_LETTERS))
                .messageBody("body of " + jobId)
                .messageAttributes(
                    Map.of("job_id", string(jobId), "job_message_id", string(messageId))));
  }

  @Test
  void a_copy_of_a_dead_letter_goes_with_it_and_is_no_second_job() {
    sendDeadLetter("a", "m1");
    sendDeadLetter("a", "m1");
    sendDeadLetter("b", "m2");

    assertEquals(0, run("dead-letters", "send-back", "--all"));

    assertEquals("sent back 2 jobs", out.toString().strip());
    assertEquals(2, visible(BACKLOG));
    assertEquals(0, visible(DEAD_LETTERS) + invisible(DEAD_LETTERS));
  }

  @Test
  void of_a_long_group_ten_are_listed_and_the_rest_is_said() {
    for (String queue : List.of("todo.fifo", "dead.fifo")) {
      sqs.createQueue(
          r -> r.queueName(queue).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
    }
    for (int i = 0; i < 12; i++) {
      String number = "" + i;
      sqs.sendMessage(
          r ->
              r.queueUrl(url("dead.fifo"))
                  .messageBody("job " + number)
                  .messageGroupId("g")
                  .messageDeduplicationId(number));
    }
    String[] queues = {"--dead-letter-queue", "dead.fifo"};

    assertEquals(3, run("dead-letters", "--json", queues[0], queues[1]));

    assertEquals(10, out.toString().lines().count());
    assertTrue(err.toString().contains("2 more wait"), err.toString());
    assertEquals(
        0,
        run(
            "dead-letters",
            "send-back",
            "--all",
            "--backlog-queue",
            "todo.fifo",
            queues[0],
            queues[1]));
    assertEquals("sent back 12 jobs", out.toString().strip());
  }
}
