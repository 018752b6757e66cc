package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.JobTableContract;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

class DynamoJobTableIT extends JobTableContract {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedDynamo dynamo;

  private final String table = "jobs-" + NUMBER.incrementAndGet();
  private final DynamoDbClient client = dynamo.clientThroughProxy();
  private final DynamoTables tables = new DynamoTables(client, new SqsCalls());

  @BeforeAll
  static void startDynamo() {
    dynamo = EmbeddedDynamo.start();
  }

  @AfterAll
  static void stopDynamo() {
    dynamo.close();
  }

  @BeforeEach
  void makeTable() throws Exception {
    tables.create(table);
    dynamo.proxy().forget();
  }

  @AfterEach
  void close() {
    dynamo.proxy().clear();
    client.close();
  }

  private JobTable ledger(String queue, String workerId) {
    return new DynamoJobTable(client, new SqsCalls(), table, queue, workerId, wallClock);
  }

  @Override
  protected JobTable ledger() {
    return ledger("todo", "i-1");
  }

  @Override
  protected JobTable otherLedger() {
    return ledger("todo", "i-2");
  }

  @Override
  protected void setState(String jobId, String state) {
    set(jobId, "state", AttributeValue.fromS(state));
  }

  @Override
  protected void submit(String jobId, String definition, @Nullable String pointer) {
    set(jobId, "state", JobItem.text("QUEUED"));
    set(jobId, "queued_at", JobItem.text("2026-01-02T03:04:05.678Z"));
    set(
        jobId,
        "payload_sha256",
        JobItem.text(String.valueOf(ClaimRequest.Payload.of(definition).sha256())));
    set(
        jobId,
        pointer == null ? "definition" : "definition_pointer",
        JobItem.text(pointer == null ? definition : pointer));
  }

  @Override
  protected void expire(String jobId) {
    long second = wallClock.instant().getEpochSecond() - 1;
    set(jobId, "expires_at", AttributeValue.fromN(Long.toString(second)));
  }

  private void set(String jobId, String attribute, AttributeValue value) {
    client.updateItem(
        request ->
            request
                .tableName(table)
                .key(
                    Map.of(
                        "job_id", AttributeValue.fromS(jobId),
                        "queue", AttributeValue.fromS("todo")))
                .updateExpression("SET #name = :value")
                .expressionAttributeNames(Map.of("#name", attribute))
                .expressionAttributeValues(Map.of(":value", value)));
  }

  private static ClaimRequest claim(String id) {
    return new ClaimRequest(
        id,
        "m-1",
        new ClaimRequest.Payload("abc", 3, null),
        0L,
        UUID.randomUUID().toString(),
        Duration.ofMinutes(1),
        false);
  }

  private static final JobTable.End.Succeeded DONE =
      new JobTable.End.Succeeded(new JobTable.Result.Text("done"), 1, Duration.ofMillis(12));

  private Function<String, String> item(String id) {
    Map<String, AttributeValue> item =
        dynamo
            .client()
            .getItem(
                r ->
                    r.tableName(table)
                        .key(Map.of("job_id", JobItem.text(id), "queue", JobItem.text("todo"))))
            .item();
    return name -> {
      AttributeValue value = item.get(name);
      return value == null ? "" : value.s() == null ? value.n() : value.s();
    };
  }

  @Test
  void what_is_recorded_can_be_read_by_id() throws Exception {
    ClaimRequest done = claim("done");
    ledger().claim(done);
    ledger().record(done, DONE);
    ClaimRequest stored = claim("stored");
    ledger().claim(stored);
    ledger()
        .record(
            stored,
            new JobTable.End.Succeeded(
                new JobTable.Result.Stored("pointer"), 1, Duration.ofMillis(12)));
    ClaimRequest dead = claim("dead");
    ledger().claim(dead);
    ledger().record(dead, new JobTable.End.Dead("IOException", "disk full"));
    ledger().claim(claim("running"));

    JobTableReader reader = new JobTableReader(client, new SqsCalls(), table, "todo");
    Map<String, JobRecord> records =
        reader.read(List.of("done", "stored", "dead", "running", "unknown")).records();

    JobRecord.Origin origin = new JobRecord.Origin("m-1", "abc", null, Instant.EPOCH);
    assertEquals(
        Map.of(
            "done",
            new JobRecord(
                "done",
                "SUCCEEDED",
                1,
                0,
                "i-1",
                wallClock.instant(),
                wallClock.instant(),
                Duration.ofMillis(12),
                new JobTable.Result.Text("done"),
                "",
                "",
                origin),
            "stored",
            new JobRecord(
                "stored",
                "SUCCEEDED",
                1,
                0,
                "i-1",
                wallClock.instant(),
                wallClock.instant(),
                Duration.ofMillis(12),
                new JobTable.Result.Stored("pointer"),
                "",
                "",
                origin),
            "dead",
            new JobRecord(
                "dead",
                "DEAD",
                1,
                0,
                "i-1",
                wallClock.instant(),
                wallClock.instant(),
                null,
                null,
                "IOException",
                "disk full",
                origin),
            "running",
            new JobRecord(
                "running",
                "RUNNING",
                1,
                0,
                "i-1",
                wallClock.instant(),
                null,
                null,
                null,
                "",
                "",
                origin)),
        records);
    JobTableReader other = new JobTableReader(client, new SqsCalls(), table, "another-queue");
    assertEquals(Map.of(), other.read(List.of("done")).records());
  }

  @Test
  void a_job_that_succeeds_at_once_costs_two_writes_and_no_read() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    ledger().record(claim, DONE);

    assertEquals(2, dynamo.proxy().requests("UpdateItem"));
    assertEquals(2, dynamo.proxy().calls().size());
  }

  @Test
  void a_job_that_is_tried_again_costs_two_writes_an_attempt() throws Exception {
    for (int attempt = 1; attempt <= 3; attempt++) {
      ClaimRequest claim = claim("a");
      assertEquals(new JobTable.Standing.Mine(attempt, 0), ledger().claim(claim));
      ledger().record(claim, new JobTable.End.Failed("E", "m"));
    }
    assertEquals(6, dynamo.proxy().calls().size());
  }

  @Test
  void a_job_that_is_tried_again_says_when_until_it_is() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    ledger().record(claim, new JobTable.End.Failed("E", "m", Duration.ofSeconds(90)));

    assertEquals("FAILED", item("a").apply("state"));
    assertEquals("2026-01-02T03:05:35.678Z", item("a").apply("retry_at"));
    ledger().claim(claim("a"));
    assertEquals("", item("a").apply("retry_at"));
  }

  @Test
  void an_item_can_be_read_by_people() throws Exception {
    ClaimRequest claim = claim("a");
    ledger().claim(claim);
    assertEquals("RUNNING", item("a").apply("state"));
    assertTrue(item("a").apply("expires_at").isEmpty(), "only what is finished expires");
    ledger().record(claim, DONE);

    Function<String, String> item = item("a");
    assertEquals("SUCCEEDED", item.apply("state"));
    assertEquals("1970-01-01T00:00:00Z", item.apply("enqueued_at"));
    assertEquals("2026-01-02T03:04:05.678Z", item.apply("started_at"));
    assertEquals("2026-01-02T03:04:05.678Z", item.apply("finished_at"));
    assertEquals("i-1", item.apply("worker_id"));
    assertEquals("done", item.apply("result"));
    assertEquals("12", item.apply("duration_millis"));
    assertEquals(
        Long.toString(wallClock.instant().plus(Duration.ofDays(15)).getEpochSecond()),
        item.apply("expires_at"));
  }

  /** As a person, or a program of his, writes it: the worker that meets it must not end. */
  @Test
  void odd_values_in_a_record_are_no_reason_to_end_or_to_run_what_is_cancelled() throws Exception {
    setState("a", "CANCELLED");
    for (AttributeValue odd :
        List.of(
            AttributeValue.fromN(wallClock.instant().getEpochSecond() + 60 + ".5"),
            AttributeValue.fromN("1E+125"),
            AttributeValue.fromS("0"),
            AttributeValue.fromBool(true))) {
      set("a", "expires_at", odd);
      assertEquals(new JobTable.Standing.Cancelled(), ledger().claim(claim("a")), odd::toString);
    }
    set("a", "expires_at", AttributeValue.fromN("1.5"));
    set("a", "attempts", AttributeValue.fromN("-1E+125"));
    assertEquals(new JobTable.Standing.Mine(1, 0), ledger().claim(claim("a")));
    for (String name : List.of("attempts", "deaths", "lease_end", "lease_millis")) {
      set("a", name, AttributeValue.fromN("123456789012345678901234567890.5"));
    }
    assertInstanceOf(JobTable.Standing.Held.class, otherLedger().claim(claim("a")));
  }

  @Test
  void what_the_sender_has_written_outlives_the_job() throws Exception {
    submit("a", "body", null);
    ClaimRequest claim =
        new ClaimRequest(
            "a", "m", ClaimRequest.Payload.of("body"), 0L, "token", Duration.ofMinutes(1));
    ledger().claim(claim);
    ledger().record(claim, new JobTable.End.Failed("E", "m"));
    ledger().claim(claim.with("another"));
    ledger().record(claim.with("another"), DONE);

    assertEquals("SUCCEEDED", item("a").apply("state"));
    assertEquals("body", item("a").apply("definition"));
    assertEquals("2026-01-02T03:04:05.678Z", item("a").apply("queued_at"));
    assertEquals(claim.payload().sha256(), item("a").apply("payload_sha256"));
  }

  @Test
  void two_queues_share_a_table() throws Exception {
    ledger().claim(claim("a"));

    assertInstanceOf(JobTable.Standing.Mine.class, ledger("other", "i-1").claim(claim("a")));
  }

  @Test
  void a_result_of_350_kb_fits_with_the_longest_id_and_error() throws Exception {
    String id = "😀".repeat(256);
    ClaimRequest claim = claim(id);
    ledger().claim(claim);
    JobTable.Result large = new JobTable.Result.Text("x".repeat(350_000));

    assertTrue(ledger().record(claim, new JobTable.End.Succeeded(large, 1, Duration.ZERO)));
    assertTrue(ledger().record(claim, new JobTable.End.Dead("e".repeat(1024), "m".repeat(1024))));
  }

  @Test
  void an_answer_that_was_lost_is_no_reason_to_give_up_a_job() throws Exception {
    ClaimRequest claim = claim("a");
    dynamo.proxy().on("UpdateItem").loseAnswer().once();
    CallFailed lost = assertThrows(CallFailed.class, () -> ledger().claim(claim));
    assertEquals(CallFailed.Kind.UNKNOWN, lost.kind());
    assertEquals(new JobTable.Standing.Mine(1, 0), ledger().claim(claim));

    dynamo.proxy().on("UpdateItem").loseAnswer().once();
    assertThrows(CallFailed.class, () -> ledger().record(claim, DONE));
    assertTrue(ledger().record(claim, DONE));
  }

  @Test
  void what_dynamodb_says_no_to_has_had_no_effect() {
    dynamo.proxy().on("UpdateItem").error(400, "ThrottlingException", "slower").once();
    dynamo.proxy().on("UpdateItem").error(400, "AccessDeniedException", "no").once();
    dynamo.proxy().on("UpdateItem").fail(500).once();

    assertEquals(CallFailed.Kind.REJECTED, kindOfFailure());
    assertEquals(CallFailed.Kind.REJECTED, kindOfFailure());
    assertEquals(CallFailed.Kind.UNKNOWN, kindOfFailure());
  }

  private CallFailed.Kind kindOfFailure() {
    return assertThrows(CallFailed.class, () -> ledger().claim(claim("a"))).kind();
  }

  @Test
  void a_record_that_is_none_of_ours_is_left_alone() throws Exception {
    dynamo
        .client()
        .putItem(
            r ->
                r.tableName(table)
                    .item(
                        Map.of(
                            "job_id", JobItem.text("a"),
                            "queue", JobItem.text("todo"),
                            "state", JobItem.text("ON HOLIDAY"))));

    assertEquals(new JobTable.Standing.Unknown("ON HOLIDAY"), ledger().claim(claim("a")));
  }

  @Test
  void tables_are_found_made_and_told_to_expire() throws Exception {
    assertEquals(DynamoTables.Found.READY, tables.find(table));
    assertEquals(DynamoTables.Found.MISSING, tables.find("no-such-table"));
    tables.create(table);
    tables.expire(table);
    tables.expire(table);

    TimeToLiveDescription ttl =
        dynamo.client().describeTimeToLive(r -> r.tableName(table)).timeToLiveDescription();
    assertEquals("expires_at", ttl.attributeName());
    assertEquals("ENABLED", ttl.timeToLiveStatusAsString());
  }
}
