package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@code submit --job-table}: the record first, then the send; and what repair makes of a kill. */
@Tag("long")
@Timeout(600)
class SubmitTableIT {
  private static final String TABLE = "jobs";
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration OFTEN = Duration.ofMillis(200);

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Process> started = new ArrayList<>();
  private EmbeddedSqs sqs;
  private EmbeddedDynamo dynamo;

  @BeforeEach
  void start() throws Exception {
    sqs = EmbeddedSqs.start();
    List.of(SqsFixture.BACKLOG, SqsFixture.RESULTS, SqsFixture.DEAD_LETTERS)
        .forEach(sqs::createQueue);
    dynamo = EmbeddedDynamo.start();
    new DynamoTables(dynamo.client(), new SqsCalls()).create(TABLE);
    Map.of(
            "aws.endpointUrlSqs", sqs.endpoint().toString(),
            "aws.endpointUrlDynamoDb", dynamo.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
  }

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
    System.clearProperty("aws.endpointUrlDynamoDb");
    dynamo.close();
    sqs.close();
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SqsFixture.run(new Stop(), out, err, args);
  }

  private int submit(List<String> lines, String... options) throws Exception {
    List<String> args =
        new ArrayList<>(List.of("submit", "--job-table", TABLE, "--id-prefix", "p"));
    args.addAll(List.of(options));
    args.add(Files.write(folder.resolve("jobs.txt"), lines).toString());
    return run(args.toArray(String[]::new));
  }

  private Map<String, Map<String, AttributeValue>> records() {
    Map<String, Map<String, AttributeValue>> records = new HashMap<>();
    dynamo
        .client()
        .scanPaginator(r -> r.tableName(TABLE).consistentRead(true))
        .items()
        .forEach(item -> records.put(text(item, "job_id"), item));
    return records;
  }

  private static String text(Map<String, AttributeValue> record, String name) {
    AttributeValue value = record.getOrDefault(name, AttributeValue.fromS(""));
    return value.s() == null ? value.n() : value.s();
  }

  private void put(String id, Map<String, String> attributes) {
    Map<String, AttributeValue> item = new HashMap<>();
    attributes.forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
    item.put("job_id", AttributeValue.fromS(id));
    item.put("queue", AttributeValue.fromS(SqsFixture.BACKLOG));
    dynamo.client().putItem(r -> r.tableName(TABLE).item(item));
  }

  private static String id(Message message) {
    return message.messageAttributes().get("job_id").stringValue();
  }

  private Set<String> sent() {
    Set<String> ids = new TreeSet<>();
    sqs.drain(SqsFixture.BACKLOG).forEach(message -> ids.add(id(message)));
    return ids;
  }

  @Test
  void each_job_is_recorded_and_sent() throws Exception {
    assertEquals(0, submit(List.of("one", "two", "", "four"), "--ids"), err::toString);

    assertEquals(Set.of("p-1", "p-2", "p-4"), Set.copyOf(out.toString().lines().toList()));
    assertEquals(Set.of("p-1", "p-2", "p-4"), records().keySet());
    records().values().forEach(record -> assertEquals("QUEUED", text(record, "state")));
    assertEquals("two", text(records().get("p-2"), "definition"));
    assertEquals(Set.of("p-1", "p-2", "p-4"), sent());
  }

  @Test
  void packs_are_as_large_as_without_a_table_and_it_is_said() throws Exception {
    List<String> lines = IntStream.rangeClosed(1, 400).mapToObj(Integer::toString).toList();
    sqs.proxy().on("ReceiveMessage").deny().forever();

    assertEquals(0, submit(lines, "--pack", "auto"), err::toString);

    String said = "sample-client: up to 4 jobs a pack: cannot look into \"";
    assertTrue(err.toString().startsWith(said), err.toString());
    sqs.proxy().clear();
    assertEquals(4, largestPack());
    assertEquals(0, submit(lines, "--pack", "auto", "--job-millis", "1"), err::toString);
    assertEquals(4, largestPack());
  }

  /** How many messages there are depends on how fast the table is: packs linger half a second. */
  private int largestPack() {
    return sqs.drain(SqsFixture.BACKLOG).stream()
        .map(message -> message.messageAttributes().get("job_count"))
        .mapToInt(count -> count == null ? 1 : Integer.parseInt(count.stringValue()))
        .max()
        .orElse(0);
  }

  @Test
  void a_job_that_a_worker_has_met_is_not_sent_again() throws Exception {
    put("p-2", Map.of("state", "SUCCEEDED"));

    assertEquals(0, submit(List.of("one", "two", "three")), err::toString);
    assertEquals("submitted 3 jobs; their ids are p-1 to p-3\n", out.toString());

    assertEquals(Set.of("p-1", "p-3"), sent());
    assertEquals("SUCCEEDED", text(records().get("p-2"), "state"));
  }

  @Test
  void another_job_of_the_same_id_is_named_and_the_others_are_sent() throws Exception {
    assertEquals(0, submit(List.of("one", "two")), err::toString);
    sent();

    assertEquals(1, submit(List.of("one", "another", "three")));

    assertTrue(
        err.toString()
            .contains("job p-2 was not taken: there is a job of this id with another definition"),
        err.toString());
    assertEquals(Set.of("p-1", "p-3"), sent());
  }

  /** The jobs of a group stop at the first that AWS does not take. */
  @ParameterizedTest
  @CsvSource({"SendMessageBatch, 100", "PutItem, 150"})
  void none_of_a_group_overtakes_one_that_was_not_sent(String call, int before) throws Exception {
    sqs.createQueue("ordered.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
    FaultyProxy proxy = call.equals("PutItem") ? dynamo.proxy() : sqs.proxy();
    proxy.on(call).afterFirst(before).deny().once();
    List<String> lines = IntStream.rangeClosed(1, 400).mapToObj(i -> "text-" + i).toList();

    assertEquals(1, submit(lines, "--backlog-queue", "ordered.fifo", "--group", "g"));

    List<String> sent = sqs.drain("ordered.fifo").stream().map(Message::body).toList();
    assertEquals(lines.subList(0, sent.size()), sent);
    assertTrue(sent.size() <= before, () -> sent.size() + " were sent");
  }

  @Test
  void packs_are_recorded_job_by_job() throws Exception {
    List<String> lines = IntStream.range(0, 25).mapToObj(i -> "text-" + i).toList();

    assertEquals(0, submit(lines, "--pack", "10"), err::toString);

    assertEquals(25, records().size());
    int messages = sqs.drain(SqsFixture.BACKLOG).size();
    assertTrue(messages >= 3, messages + " packs of ten at most");
    assertTrue(
        out.toString().startsWith("submitted 25 jobs" + (messages == 25 ? "" : " in " + messages)),
        out::toString);
  }

  @Test
  void a_line_that_a_record_cannot_hold_is_refused_before_anything_is_sent() throws Exception {
    assertEquals(1, submit(List.of("one", "x".repeat(48 * 1024 + 1))));

    assertTrue(err.toString().contains("line 2 of "), err.toString());
    assertTrue(err.toString().contains("is longer than 48 KiB"), err.toString());
    assertTrue(err.toString().contains("nothing was submitted"), err.toString());
    assertEquals(Map.of(), records());
  }

  @Test
  void a_table_that_is_missing_ends_it_with_one_line() throws Exception {
    assertEquals(
        1,
        run(
            "submit",
            "--job-table",
            "nowhere",
            Files.write(folder.resolve("jobs.txt"), List.of("one", "two")).toString()));

    assertTrue(
        err.toString()
            .contains(
                "there is no table \"nowhere\" in this region; check --job-table and --region"),
        err.toString());
    assertFalse(err.toString().contains("perhaps"), err.toString());
    assertTrue(sent().isEmpty());
  }

  @Test
  void a_stop_cuts_what_waits_for_aws_and_says_how_far_it_went() throws Exception {
    Fault busy =
        sqs.proxy()
            .on("SendMessageBatch")
            .afterFirst(2)
            .error(400, "RequestThrottled", "slower")
            .forever();
    List<String> lines = IntStream.range(0, 30_000).mapToObj(i -> "text-" + i).toList();
    Path file = Files.write(folder.resolve("jobs.txt"), lines);

    Process process = process("submit", "--job-table", TABLE, "--id-prefix", "p", file.toString());
    busy.awaitHits(2, LONG);
    process.destroy(); // SIGTERM

    assertTrue(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS));
    String said = Files.readString(folder.resolve("err"));
    assertTrue(said.contains("interrupted: submitted "), said);
    assertEquals(143, process.exitValue(), said);
    busy.clear();
    assertEquals(0, dynamo.proxy().requests("DeleteItem"), "a stop begins no further call");
    Set<String> sent = sent();
    Set<String> recorded = records().keySet();
    assertTrue(recorded.containsAll(sent));
    assertTrue(
        recorded.equals(sent) || said.contains("sample-client repair --job-table jobs sends"),
        said);
    assertEquals(0, run("repair", "--job-table", TABLE, "--older-than", "0"), err::toString);
    assertEquals(recorded, sent());
  }

  private Process process(String... args) throws Exception {
    Process process =
        ClientProcess.start(
            folder,
            sqs.endpoint().toString(),
            Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB",
                dynamo.endpoint().toString(),
                "AWS_ACCESS_KEY_ID",
                "x",
                "AWS_SECRET_ACCESS_KEY",
                "y"),
            "",
            args);
    started.add(process);
    return process;
  }

  @Test
  void a_submit_that_was_killed_and_repaired_has_each_job_done_once() throws Exception {
    int count = 400;
    List<String> lines = IntStream.rangeClosed(1, count).mapToObj(i -> "text-" + i).toList();
    Path file = Files.write(folder.resolve("jobs.txt"), lines);
    String[] submit = {"submit", "--job-table", TABLE, "--id-prefix", "p", file.toString()};

    // Killed between record and send: its calls of SQS get no answer.
    Fault stuck = sqs.proxy().on("SendMessageBatch").afterFirst(5).hang().forever();
    Process killed = process(submit);
    await().atMost(LONG).pollInterval(OFTEN).until(() -> records().size() >= 200);
    killed.destroyForcibly().waitFor();
    stuck.clear();

    assertEquals(0, run("repair", "--job-table", TABLE, "--older-than", "0"), err::toString);
    assertEquals(0, run(submit), err::toString); // and the lines that were never recorded

    try (DaemonProcess _ = worker()) {
      await()
          .atMost(LONG)
          .pollInterval(OFTEN)
          .until(
              () ->
                  sqs.counts(SqsFixture.BACKLOG).total() == 0
                      && records().values().stream()
                          .allMatch(record -> text(record, "state").equals("SUCCEEDED")));
    }
    Map<String, Map<String, AttributeValue>> records = records();
    assertEquals(count, records.size());
    records.forEach((id, record) -> assertEquals("1", text(record, "attempts"), id));
    Map<String, Set<String>> results = new HashMap<>();
    for (Message result : sqs.drain(SqsFixture.RESULTS)) {
      results.computeIfAbsent(id(result), any -> new TreeSet<>()).add(result.body());
    }
    assertEquals(records.keySet(), results.keySet());
    assertTrue(results.values().stream().allMatch(bodies -> bodies.size() == 1));
  }

  private DaemonProcess worker() {
    return DaemonProcess.builder()
        .sqs(sqs.rawEndpoint())
        .set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString())
        .userData(
            "poll_rate_per_min=100000",
            "poll_wait_time_in_secs=0",
            "concurrency=4",
            "job_table_name=" + TABLE)
        .start();
  }
}
