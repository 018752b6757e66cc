package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Packs whose senders mean no good, or know no better. */
@Tag("long")
class HostilePackIT extends BlackBox {
  private static final MessageAttributeValue ONE = string("1");

  private static MessageAttributeValue string(String value) {
    return typed("String", value);
  }

  private static MessageAttributeValue typed(String type, String value) {
    return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
  }

  private static MessageAttributeValue binary(String value) {
    return MessageAttributeValue.builder()
        .dataType("Binary")
        .binaryValue(SdkBytes.fromUtf8String(value))
        .build();
  }

  private String send(Map<String, MessageAttributeValue> attributes, String body) {
    return sqs.client()
        .sendMessage(
            r -> r.queueUrl(sqs.urlOf(BACKLOG)).messageBody(body).messageAttributes(attributes))
        .messageId();
  }

  private static String line(String id, String body) {
    return "{\"job_id\":\"" + id + "\",\"body\":\"" + body + "\"}";
  }

  /** Results by job id, alone ({@code single}) or with others. */
  private static Map<String, List<ResultLine>> packed(List<Message> results) throws UnreadableLine {
    Map<String, List<ResultLine>> packed = new TreeMap<>();
    for (Message message : results) {
      if (!text(message, "job_pack").isEmpty()) {
        for (PackLine line : PackLine.split(message.body())) {
          ResultLine result = ResultLine.read(line.text());
          packed.computeIfAbsent(result.jobId(), _ -> new ArrayList<>()).add(result);
        }
      }
    }
    return packed;
  }

  private static List<String> singles(List<Message> results) {
    return results.stream()
        .filter(message -> text(message, "job_pack").isEmpty())
        .map(message -> text(message, "job_id"))
        .sorted()
        .toList();
  }

  @Test
  void only_the_string_1_makes_a_pack_and_nothing_else_a_single_job() throws Exception {
    Map<String, MessageAttributeValue> none =
        Map.of(
            "number", typed("Number", "1"),
            "binary", binary("1"),
            "two", string("2"),
            "padded", string(" 1"),
            "zeros", string("01"),
            "word", string("true"));
    none.forEach((id, value) -> send(Map.of("job_pack", value), line(id, "plain")));
    send(Map.of("job_pack", typed("String.version", "1")), line("labelled", "plain"));
    send(Map.of("result_pack", ONE, "job_count", typed("Number", "2")), line("no-pack", "plain"));
    start("concurrency=2");
    awaitDeadLetters(none.size());
    awaitEmptyBacklog();

    List<Message> letters = sqs.receiveAll(DEAD_LETTERS);
    assertEquals(none.size(), letters.size());
    for (Message letter : letters) {
      String id = letter.body().replaceFirst(".*\"job_id\":\"(.*?)\".*", "$1");
      assertEquals("PackRefused", text(letter, "error_type"));
      MessageAttributeValue kept = letter.messageAttributes().get("job_pack");
      MessageAttributeValue sent = none.get(id);
      assertEquals(sent, kept, id);
    }
    assertEquals(2, runs().size(), runs()::toString);
    assertTrue(runs().contains("plain\t1"), runs()::toString);
    assertTrue(runs().contains(line("no-pack", "plain") + "\t1"), "its body is the job: " + runs());
  }

  @Test
  void what_counts_and_asks_wrongly_is_run_as_any_other() throws Exception {
    Map<String, Map<String, MessageAttributeValue>> odd =
        Map.of(
            "count", Map.of("job_count", typed("Number", "999")),
            "word", Map.of("job_count", string("many")),
            "bytes", Map.of("job_count", binary("2")),
            "yes", Map.of("result_pack", string("yes")),
            "later", Map.of("result_pack", string("2")),
            "number", Map.of("result_pack", typed("Number", "1")),
            "own", Map.of("job_id", string("of the pack")));
    odd.forEach(
        (id, more) -> {
          Map<String, MessageAttributeValue> attributes = new HashMap<>(more);
          attributes.put("job_pack", ONE);
          send(attributes, line(id + "-1", "plain") + "\n" + line(id + "-2", "fail-once"));
        });
    start("concurrency=2");
    awaitResults(2 * odd.size());
    awaitEmptyBacklog();

    List<String> expected =
        odd.keySet().stream()
            .flatMap(id -> List.of(id + "-1", id + "-2").stream())
            .sorted()
            .toList();
    assertEquals(expected, singles(sqs.receiveAll(RESULTS)));
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }

  @Test
  void a_receive_of_a_pack_is_no_attempt_of_its_jobs() throws Exception {
    send(
        Map.of("job_pack", ONE, "result_pack", ONE),
        line("plain", "plain") + "\n" + line("fail", "fail") + "\n" + line("once", "fail-once"));
    for (int i = 0; i < 2; i++) {
      await()
          .atMost(SOON)
          .until(
              () ->
                  !sqs.client()
                      .receiveMessage(r -> r.queueUrl(sqs.urlOf(BACKLOG)).visibilityTimeout(0))
                      .messages()
                      .isEmpty());
    }
    start("concurrency=2");
    awaitDeadLetters(1);
    awaitEmptyBacklog();

    Map<String, List<ResultLine>> results = packed(sqs.receiveAll(RESULTS));
    assertEquals(1, results.get("plain").getFirst().attempts());
    assertEquals(2, results.get("once").getFirst().attempts());
    assertEquals("2", text(sqs.receiveAll(DEAD_LETTERS).getFirst(), "attempts"));
    assertEquals(5, runs().size(), runs()::toString);
  }

  @Test
  void a_pack_in_a_fifo_queue_is_refused_whole_and_its_group_goes_on() throws Exception {
    List<String> queues = List.of("todo.fifo", "done.fifo", "dead.fifo");
    queues.forEach(sqs::createQueue);
    sqs.sendFifo("todo.fifo", "g", "1", "plain 1");
    sqs.client()
        .sendMessage(
            r ->
                r.queueUrl(sqs.urlOf("todo.fifo"))
                    .messageGroupId("g")
                    .messageDeduplicationId("2")
                    .messageBody(line("x", "plain 2"))
                    .messageAttributes(Map.of("job_pack", ONE, "mine", string("m"))));
    sqs.sendFifo("todo.fifo", "g", "3", "plain 3");
    start(
        "job_backlog_queue_name=todo.fifo",
        "results_queue_name=done.fifo",
        "dead_letter_queue_name=dead.fifo");
    await().atMost(SOON).until(() -> sqs.counts("todo.fifo").total() == 0);

    Message letter = sqs.drain("dead.fifo").getFirst();
    assertEquals("PackRefused", text(letter, "error_type"));
    assertEquals("1", text(letter, "job_pack"));
    assertEquals("m", text(letter, "mine"));
    assertEquals(List.of("plain 1\t1", "plain 3\t1"), runs());
  }

  /** Results of 110 KB: nine fit a batch, and the tenth does not. */
  @Test
  void results_that_fit_no_common_message_and_no_common_batch_come_through() throws Exception {
    for (int pack = 0; pack < 3; pack++) {
      int number = pack;
      send(
          Map.of("job_pack", ONE, "result_pack", ONE),
          IntStream.range(0, 9)
              .mapToObj(i -> line("p" + number + "-" + i, "x".repeat(110_000)))
              .collect(Collectors.joining("\r\n")));
    }
    start("concurrency=4");
    awaitEmptyBacklog();

    List<Message> messages = sqs.receiveAll(RESULTS);
    Map<String, List<ResultLine>> results = packed(messages);
    assertEquals(27, results.size());
    assertEquals(27, messages.size());
    results.forEach(
        (id, lines) -> {
          assertEquals(1, lines.size(), id);
          assertEquals("x".repeat(110_000) + "!", lines.getFirst().body(), id);
        });
  }

  /** SQS allows ten attributes; a letter keeps its sender's. */
  @Test
  void a_letter_of_a_pack_full_of_attributes_keeps_them_all() throws Exception {
    Map<String, MessageAttributeValue> attributes = new HashMap<>(Map.of("job_pack", ONE));
    for (int i = 1; i < 10; i++) {
      attributes.put("mine-" + i, i % 2 == 0 ? binary("b" + i) : typed("Number.x", "" + i));
    }
    send(attributes, line("j", "permanent") + "\n" + line("k", "plain"));
    send(with(attributes, "job_pack", string("3")), line("j", "plain"));
    start("concurrency=2");
    awaitDeadLetters(2);
    awaitEmptyBacklog();

    for (Message letter : sqs.receiveAll(DEAD_LETTERS)) {
      Map<String, MessageAttributeValue> kept = new HashMap<>(letter.messageAttributes());
      Map<String, MessageAttributeValue> sent = new HashMap<>(attributes);
      if (letter.body().equals("permanent")) {
        assertEquals(string("j"), kept.remove("job_id"));
        sent.remove("job_pack");
      } else {
        sent.put("job_pack", string("3"));
      }
      assertEquals(sent, kept);
    }
  }

  private static Map<String, MessageAttributeValue> with(
      Map<String, MessageAttributeValue> attributes, String name, MessageAttributeValue value) {
    Map<String, MessageAttributeValue> changed = new HashMap<>(attributes);
    changed.put(name, value);
    return changed;
  }

  @Test
  void a_thousand_jobs_are_a_pack_and_each_id_is_as_long_as_it_may_be() throws Exception {
    String tail = "é".repeat(251);
    send(
        Map.of("job_pack", ONE, "result_pack", ONE),
        IntStream.range(1_000, 2_000)
            .mapToObj(i -> line("j" + i + tail, "plain"))
            .collect(Collectors.joining("\n\n")));
    String letters = line("x".repeat(257), "plain") + "\n" + line("a\\u0007b", "plain");
    send(Map.of("job_pack", ONE), letters);
    start("concurrency=4");
    awaitDeadLetters(2);
    awaitEmptyBacklog();

    Map<String, List<ResultLine>> results = packed(sqs.receiveAll(RESULTS));
    assertEquals(1_000, results.size());
    assertTrue(results.values().stream().allMatch(lines -> lines.size() == 1));
    assertTrue(results.containsKey("j1999" + tail));
    assertTrue(
        sqs.receiveAll(DEAD_LETTERS).stream()
            .allMatch(letter -> text(letter, "error_type").equals("InvalidJobId")));
  }

  /** Longer than two leases, and another worker waits for it. */
  @Test
  void the_lease_is_kept_while_any_of_its_jobs_is_unsettled() throws Exception {
    send(
        Map.of("job_pack", ONE, "result_pack", ONE),
        IntStream.range(0, 8)
            .mapToObj(i -> line("j" + i, i == 0 ? "sleep 25000" : "sleep 400"))
            .collect(Collectors.joining("\n")));
    start("concurrency=2", "expected_job_execution_time_in_secs=10");
    start("concurrency=2", "expected_job_execution_time_in_secs=10");
    awaitResults(1);
    awaitEmptyBacklog();

    Map<String, List<ResultLine>> results = packed(sqs.receiveAll(RESULTS));
    assertEquals(8, results.size());
    assertEquals(8, runs().size(), runs()::toString);
  }

  /** A stop in the middle, retries and the rest: each job has its end, and no run too many. */
  @Test
  void stops_in_mid_pack_cost_no_attempt_and_no_job() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String body = i % 10 == 3 ? "fail" : i % 10 == 6 ? "fail-once" : "sleep 50";
      lines.add(line("j" + i, body));
    }
    send(Map.of("job_pack", ONE, "result_pack", ONE), String.join("\n", lines));
    for (int i = 0; i < 3; i++) {
      int enough = runs().size() + 6;
      DaemonProcess daemon = startAndAwait("concurrency=2");
      await().atMost(SOON).until(() -> runs().size() >= enough || backlogIsEmpty());
      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));
    }
    start("concurrency=2");
    awaitDeadLetters(4);
    awaitEmptyBacklog();

    Map<String, List<ResultLine>> results = packed(sqs.receiveAll(RESULTS));
    assertEquals(36, results.size());
    results.forEach(
        (id, each) -> {
          assertEquals(1, each.size(), id);
          assertEquals(id.endsWith("6") ? 2 : 1, each.getFirst().attempts(), id);
        });
    sqs.receiveAll(DEAD_LETTERS).forEach(letter -> assertEquals("2", text(letter, "attempts")));
    assertEquals(48, runs().size(), "one run each, and one more for those that fail");
  }

  private boolean backlogIsEmpty() {
    return sqs.counts(BACKLOG).total() == 0;
  }
}
