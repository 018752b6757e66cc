package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Packs as any program may write them: text with line feeds, and an attribute. */
class PackIT extends BlackBox {
  private static final Map<String, String> PACK = Map.of("job_pack", "1");
  private static final Map<String, String> PACKED_RESULTS =
      Map.of("job_pack", "1", "result_pack", "1");

  private static MessageAttributeValue value(String name, String value) {
    return MessageAttributeValue.builder()
        .dataType(name.equals("job_count") ? "Number" : "String")
        .stringValue(value)
        .build();
  }

  private String send(Map<String, String> attributes, String body) {
    Map<String, MessageAttributeValue> values = new HashMap<>();
    attributes.forEach((name, value) -> values.put(name, value(name, value)));
    return sqs.client()
        .sendMessage(
            r -> r.queueUrl(sqs.urlOf(BACKLOG)).messageBody(body).messageAttributes(values))
        .messageId();
  }

  private static String lines(String... jobs) {
    return IntStream.range(0, jobs.length)
        .mapToObj(i -> "{\"job_id\": \"j%d\", \"body\": \"%s\"}".formatted(i + 1, jobs[i]))
        .collect(Collectors.joining("\n"));
  }

  /** All results by id, whether they came alone or together. */
  private Map<String, List<String>> results() throws UnreadableLine {
    Map<String, List<String>> results = new TreeMap<>();
    for (Message message : sqs.receiveAll(RESULTS)) {
      if (text(message, "job_pack").isEmpty()) {
        results
            .computeIfAbsent(text(message, "job_id"), _ -> new ArrayList<>())
            .add(message.body());
      } else {
        List<PackLine> lines = PackLine.split(message.body());
        assertEquals(Integer.toString(lines.size()), text(message, "job_count"));
        for (PackLine line : lines) {
          ResultLine result = ResultLine.read(line.text());
          results.computeIfAbsent(result.jobId(), _ -> new ArrayList<>()).add(result.body());
        }
      }
    }
    return results;
  }

  private static Map<String, Message> byId(List<Message> messages) {
    return messages.stream()
        .collect(Collectors.toMap(m -> text(m, "job_id"), m -> m, (a, _) -> a, TreeMap::new));
  }

  @Test
  void each_job_ends_by_itself() throws Exception {
    String id =
        send(
            Map.of("job_pack", "1", "job_count", "7", "tenant", "t"),
            "\uFEFF"
                + String.join(
                    "\r\n",
                    "{\"job_id\":\"a\",\"body\":\"plain\"}",
                    "",
                    "{\"body\":\"fail-once\"}",
                    "{\"job_id\":\"c\",\"body\":\"permanent\",\"attempts\":3,\"more\":{\"x\":[1]}}",
                    "{\"job_id\":\"d\",\"body\":\"fail\"}",
                    "{\"job_id\":\"e\",\"body\":\"\\u0000\"}",
                    "{\"job_id\":\"\",\"body\":\"plain\"}",
                    "{\"job_id\":\"g\",\"body\":\"control\",\"attempts\":1}",
                    ""));
    start();
    awaitResults(2);
    awaitDeadLetters(5);
    awaitEmptyBacklog();

    assertEquals(Map.of("a", List.of("plain!"), id + "/3", List.of("attempt 2")), results());
    Map<String, Message> letters = byId(sqs.receiveAll(DEAD_LETTERS));
    assertEquals(Set.of("c", "d", "e", "g", id + "/7"), letters.keySet());
    assertLetter(
        letters.get("c"), "permanent", "com.amazonaws.jobprocessor.PermanentJobFailure", 4);
    assertLetter(letters.get("d"), "fail", "java.io.IOException", 2);
    assertLetter(letters.get("g"), "control", "ResultRefused", 2);
    assertLetter(
        letters.get("e"), "{\"job_id\":\"e\",\"body\":\"\\u0000\"}", "PackLineUnreadable", 1);
    assertLetter(letters.get(id + "/7"), "plain", "InvalidJobId", 1);
    assertEquals(7, runs().size(), runs().toString());
  }

  private static void assertLetter(Message letter, String body, String error, int attempts) {
    assertEquals(body, letter.body());
    assertEquals(error, text(letter, "error_type"));
    assertEquals(Integer.toString(attempts), text(letter, "attempts"));
    assertEquals("t", text(letter, "tenant"));
    assertEquals(BACKLOG, text(letter, "backlog"));
    for (String name : List.of("job_pack", "job_count", "result_pack")) {
      assertEquals("", text(letter, name));
    }
  }

  @Test
  void results_travel_together_if_the_pack_asks_for_it() throws Exception {
    String[] jobs = new String[200];
    Arrays.setAll(jobs, i -> i % 20 == 7 ? "empty" : "plain \\\" \\u00e9 " + i);
    send(PACKED_RESULTS, lines(jobs));
    start("concurrency=2");
    awaitEmptyBacklog();

    List<Message> messages = sqs.receiveAll(RESULTS);
    assertTrue(messages.size() <= 20, messages.size() + " messages for 200 results");
    int count = 0;
    for (Message message : messages) {
      for (PackLine line : PackLine.split(message.body())) {
        ResultLine result = ResultLine.read(line.text());
        int number = Integer.parseInt(result.jobId().substring(1)) - 1;
        assertEquals(number % 20 == 7 ? "" : "plain \" é " + number + "!", result.body());
        assertEquals(number % 20 == 7, line.text().contains("\"empty_result\":true"));
        assertEquals(1, result.attempts());
        count++;
      }
    }
    assertEquals(200, count);
  }

  @Test
  void what_is_no_pack_is_dead_lettered_whole() throws Exception {
    String job = "{\"body\":\"plain\"}";
    Map<String, Map<String, String>> hostile = new HashMap<>();
    hostile.put("\n".repeat(1_000), PACK);
    hostile.put((job + "\n").repeat(1_001), PACK);
    hostile.put(job, Map.of("job_pack", "2", "job_count", "1", "result_pack", "1"));
    hostile.put(job + " ", Map.of("job_pack", "1", "ExtendedPayloadSize", "9"));
    hostile.forEach((body, attributes) -> send(attributes, body));
    start("concurrency=2");
    awaitDeadLetters(4);
    awaitEmptyBacklog();

    for (Message letter : sqs.receiveAll(DEAD_LETTERS)) {
      assertEquals("PackRefused", text(letter, "error_type"));
      hostile
          .getOrDefault(letter.body(), Map.of("unknown", letter.body()))
          .forEach((name, value) -> assertEquals(value, text(letter, name), name));
    }
    assertEquals(List.of(), runs());
  }

  @Test
  void hostile_lines_hurt_none_but_themselves() throws Exception {
    List<String> bad =
        List.of(
            "{\"body\":" + "[".repeat(100_000),
            "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
            "{\"body\":\"\\ud800\"}",
            "{\"body\":\"\\q\"}",
            "{\"body\":\"x\",\"attempts\":-1}",
            "{\"body\":\"x\",\"attempts\":1e400}",
            "{\"body\":\"x\",\"attempts\":" + "9".repeat(5_000) + "}",
            "{\"body\":\"x\",\"body\":\"y\"}",
            "{\"body\":\"\"}",
            "[\"body\"]",
            "{\"body\":\"x\"} {\"body\":\"y\"}");
    send(PACKED_RESULTS, String.join("\n{\"body\":\"plain\"}\n", bad) + "\n{\"body\":\"plain\"}");
    String large = "x".repeat(1024 * 1024 - 100);
    send(PACK, "{\"job_id\":\"large\",\"body\":\"" + large + "\"}");
    send(PACKED_RESULTS, lines("large", "plain"));
    start("concurrency=2", "job_failure_retries=0");
    awaitDeadLetters(bad.size() + 2);
    awaitEmptyBacklog();

    List<Message> letters = sqs.receiveAll(DEAD_LETTERS);
    assertEquals(
        new TreeSet<>(bad),
        letters.stream()
            .filter(letter -> text(letter, "error_type").equals("PackLineUnreadable"))
            .map(Message::body)
            .collect(Collectors.toCollection(TreeSet::new)));
    assertEquals(
        2,
        letters.stream().filter(l -> text(l, "error_type").equals("ResultTooLarge")).count(),
        "one result is too large with its !, one anyway");
    assertEquals(bad.size() + 1, results().size());
  }

  @Tag("long")
  @Test
  void a_job_that_kills_its_worker_takes_no_neighbour_with_it() throws Exception {
    send(PACKED_RESULTS, lines("sleep 50", "halt", "sleep 50", "sleep 100", "sleep 100"));
    int deaths = 0;
    for (boolean dead = true; dead; ) {
      DaemonProcess daemon =
          start(
              "expected_job_execution_time_in_secs=1", "concurrency=2", "poll_rate_per_min=60000");
      await().atMost(SOON).until(() -> !daemon.isAlive() || sqs.counts(DEAD_LETTERS).total() == 1);
      dead = !daemon.isAlive();
      deaths += dead ? 1 : 0;
      assertTrue(deaths <= 8, deaths + " deaths");
    }
    awaitEmptyBacklog();

    Message letter = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("halt", letter.body());
    assertEquals("j2", text(letter, "job_id"));
    assertEquals("WorkerDied", text(letter, "error_type"));
    assertEquals(Set.of("j1", "j3", "j4", "j5"), results().keySet());
  }

  @Test
  void a_stop_sends_back_what_has_not_begun_without_delay_and_without_an_attempt()
      throws Exception {
    String[] jobs = new String[20];
    Arrays.fill(jobs, "sleep 1500");
    send(
        Map.of("job_pack", "1", "job_count", "20", "result_pack", "1", "tenant", "t"), lines(jobs));
    DaemonProcess daemon = startAndAwait("concurrency=2");
    awaitResults(1);
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));
    awaitGivenBack(1);

    Message rest = sqs.receiveAll(BACKLOG).getFirst();
    int left = PackLine.split(rest.body()).size();
    assertEquals(Integer.toString(left), text(rest, "job_count"));
    assertEquals("1", text(rest, "job_pack"));
    assertEquals("1", text(rest, "result_pack"));
    assertEquals("t", text(rest, "tenant"));
    assertTrue(
        rest.body().endsWith("{\"job_id\": \"j20\", \"body\": \"sleep 1500\"}"), rest.body());
    assertEquals(20 - left, results().size());
    assertEquals(20 - left, runs().size(), "none has begun in vain");
  }

  @Test
  void one_of_which_nothing_has_begun_or_ended_is_given_back_as_it_is() throws Exception {
    String id = send(PACK, lines("deaf 60000", "plain", "plain"));
    DaemonProcess daemon = startAndAwait("concurrency=1", "drain_timeout_in_secs=0");
    await().atMost(SOON).until(() -> runs().size() == 1);
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));
    awaitGivenBack(1);

    Message same = sqs.receiveAll(BACKLOG).getFirst();
    assertEquals(id, same.messageId());
  }

  @Test
  @Tag("long")
  void kills_lose_no_job_of_a_pack() throws Exception {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      int pack = i;
      String[] jobs = new String[10];
      Arrays.fill(jobs, "sleep 20");
      send(PACKED_RESULTS, lines(jobs).replaceAll("\"j(\\d)", "\"p" + i + "-j$1"));
      IntStream.rangeClosed(1, 10).forEach(job -> ids.add("p" + pack + "-j" + job));
    }
    String[] settings = {
      "expected_job_execution_time_in_secs=1", "concurrency=4", "poll_rate_per_min=60000"
    };
    for (int i = 0; i < 3; i++) {
      int enough = sqs.counts(RESULTS).total() + 5;
      DaemonProcess daemon = startAndAwait(settings);
      await()
          .atMost(SOON)
          .until(() -> sqs.counts(RESULTS).total() >= enough || sqs.counts(BACKLOG).total() == 0);
      daemon.sigkill();
    }
    start(settings);
    awaitEmptyBacklog();

    assertEquals(ids, results().keySet());
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }

  /** A fifth of what single jobs cost. On a machine that stalls batches are smaller: thrice. */
  @Test
  void packs_of_ten_cost_at_most_6_hundredths_of_a_request_a_job() throws Exception {
    int jobs = 2_000;
    long requests = Long.MAX_VALUE;
    for (int round = 0; round < 3 && requests > 0.06 * jobs; round++) {
      requests = requestsForPacksOfTen("r" + round + "-p", jobs / 10);
    }
    assertTrue(requests <= 0.06 * jobs, requests + " requests for " + jobs + " jobs");
  }

  /** By a new worker, from cold, when jobs take longer than later. */
  private long requestsForPacksOfTen(String prefix, int packs) throws Exception {
    for (int i = 0; i < packs; i++) {
      String[] jobs = new String[10];
      Arrays.fill(jobs, "plain");
      send(PACKED_RESULTS, lines(jobs).replaceAll("\"j(\\d)", "\"" + prefix + i + "-j$1"));
    }
    int before = proxy().calls().size();
    try (DaemonProcess worker = start("concurrency=2", "poll_rate_per_min=600000")) {
      awaitEmptyBacklog();
      assertTrue(worker.isAlive());
    }
    long done = results().keySet().stream().filter(id -> id.startsWith(prefix)).count();
    assertEquals(10L * packs, done);
    return proxy().calls().stream()
        .skip(before)
        .filter(call -> !call.action().startsWith("Get"))
        .filter(call -> !call.action().equals("ReceiveMessage") || call.queue().equals(BACKLOG))
        .count();
  }
}
