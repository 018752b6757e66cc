package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** {@code explain}, {@code cancel} and {@code audit}, by the job table and the queues. */
@Timeout(180)
class JobTableCommandsIT extends SqsFixture {
  private EmbeddedDynamo server;
  private DynamoDbClient dynamo;

  @BeforeEach
  void startTable() {
    server = EmbeddedDynamo.start();
    Map.of("aws.endpointUrlDynamoDb", server.endpoint().toString()).forEach(System::setProperty);
    dynamo = server.client();
    makeTable();
  }

  private void makeTable() {
    dynamo.createTable(
        r ->
            r.tableName("jobs")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(keyPart("job_id"), keyPart("queue"))
                .keySchema(key("job_id", KeyType.HASH), key("queue", KeyType.RANGE)));
  }

  private static AttributeDefinition keyPart(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  @AfterEach
  void stopTable() {
    server.close();
  }

  private void put(String id, Map<String, String> attributes) {
    Map<String, AttributeValue> item = new java.util.HashMap<>();
    attributes.forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
    item.put("job_id", AttributeValue.fromS(id));
    item.put("queue", AttributeValue.fromS("SQS-EC2-Queue-Todo"));
    item.put("attempts", AttributeValue.fromN("2"));
    dynamo.putItem(r -> r.tableName("jobs").item(item));
  }

  private String only(String... args) {
    assertEquals(0, run(args), err::toString);
    return out.toString();
  }

  private static final String[] EXPLAIN = {"explain", "--job-table", "jobs", "a"};

  @Test
  void a_job_without_a_record_waits_behind_others_or_does_not_exist() {
    send(BACKLOG, "x", Map.of("job_id", "other"));

    assertEquals(3, run(EXPLAIN));

    assertTrue(
        out.toString().startsWith("a NO_RECORD\n  No worker has received it yet, or"), "" + out);
    assertTrue(out.toString().contains("about 1 message waits, 0 in flight"), out.toString());
  }

  @Test
  void each_state_is_explained() {
    put("a", Map.of("state", "QUEUED", "message_id", "m"));
    assertTrue(only(EXPLAIN).contains("A worker has given it back"), out.toString());
    put("a", Map.of("state", "QUEUED", "queued_at", "2026-11-26T13:58:34.5Z"));
    assertTrue(only(EXPLAIN).contains("sample-client repair sends it"), out.toString());
    put("a", Map.of("state", "QUEUED", "queued_at", Instant.now().toString()));
    assertFalse(only(EXPLAIN).contains("sample-client repair"), out.toString());
    put("a", Map.of("state", "FAILED", "error_type", "E", "error_message", "e"));
    assertTrue(only(EXPLAIN).contains("Attempt 2 failed: E: e."), out.toString());
    assertTrue(out.toString().contains("It will be tried again"), out.toString());
    put("a", Map.of("state", "FAILED", "retry_at", "2999-11-26T13:58:34.5Z"));
    assertTrue(
        only(EXPLAIN).contains("hidden until 2999-11-26T13:58:34Z, then it needs a free slot."),
        out.toString());
    put("a", Map.of("state", "FAILED", "retry_at", "2026-11-26T13:58:34.5Z"));
    assertTrue(
        only(EXPLAIN).contains("It may be tried again since 2026-11-26T13:58:34Z"), out.toString());
    put("a", Map.of("state", "DEAD", "error_type", "E", "finished_at", "2026-11-26T13:58:34Z"));
    assertTrue(
        only(EXPLAIN).contains("failed for good at 2026-11-26T13:58:34Z, after 2 attempts: E."),
        out.toString());
    assertTrue(
        out.toString()
            .contains("Its dead letter went to the worker's dead-letter queue; sample-client"),
        out.toString());
    String[] named = {"explain", "--job-table", "jobs", "--dead-letter-queue", DEAD_LETTERS, "a"};
    assertTrue(
        only(named)
            .contains("dead-letters send-back --dead-letter-queue " + DEAD_LETTERS + " runs"),
        out.toString());
    put("a", Map.of("state", "CANCELLED"));
    assertTrue(only(EXPLAIN).contains("It was cancelled"), out.toString());
    put("a", Map.of("state", "SUCCEEDED", "result", "1"));
    assertTrue(only(EXPLAIN).contains("It has ended with a result."), out.toString());
    put("a", Map.of("state", "FROM_THE_FUTURE"));
    assertTrue(only(EXPLAIN).contains("does not know"), out.toString());
  }

  private void run(Instant leaseEnd) {
    dynamo.putItem(
        r ->
            r.tableName("jobs")
                .item(
                    Map.of(
                        "job_id", AttributeValue.fromS("a"),
                        "queue", AttributeValue.fromS(BACKLOG),
                        "state", AttributeValue.fromS("RUNNING"),
                        "worker_id", AttributeValue.fromS("i-1"),
                        "attempts", AttributeValue.fromN("1"),
                        "lease_end",
                            AttributeValue.fromN(Long.toString(leaseEnd.toEpochMilli())))));
  }

  @Test
  void a_job_that_runs_tells_by_whom_and_until_when() {
    Instant later = Instant.now().plusSeconds(3_600);
    run(later);
    assertTrue(only(EXPLAIN).contains("Attempt 1 runs on i-1."), out.toString());
    assertTrue(
        out.toString().contains("claim holds until " + later.toString().substring(0, 19)),
        "" + out);
    run(Instant.now().minusSeconds(3_600));
    assertTrue(only(EXPLAIN).contains("taken for dead"), out.toString());
  }

  @Test
  void missing_queues_are_named_and_json_has_all() {
    put("a", Map.of("state", "QUEUED"));

    assertEquals(3, run("explain", "--json", "--job-table", "jobs", "--results-queue", "no", "a"));

    assertTrue(err.toString().contains("there is no queue \"no\" in us-east-1"), err.toString());
    assertTrue(
        out.toString().matches("\\{\"job_id\":\"a\",\"state\":\"QUEUED\".*\"waiting\":0,.*\n"),
        out.toString());
    assertEquals(1, run("explain", "--job-table", "none", "a"));
    assertTrue(err.toString().contains("there is no table \"none\""), err.toString());
  }

  @Test
  void rights_and_queues_that_are_missing_are_named_all_at_once() {
    put("a", Map.of("state", "QUEUED"));
    try (FaultyProxy proxy = FaultyProxy.before(URI.create(endpoint))) {
      System.setProperty("aws.endpointUrlSqs", proxy.endpoint().toString());
      proxy.on("GetQueueUrl").queue(DEAD_LETTERS).deny().forever();
      proxy.on("GetQueueAttributes").queue(BACKLOG).deny().forever();
      String[] explain = {"explain", "--job-table", "jobs", "--results-queue", "none", "a"};
      List<String> missing =
          List.of(
              "the right sqs:GetQueueAttributes on the queue \"" + BACKLOG + "\" is missing",
              "there is no queue \"none\" in us-east-1",
              "the right sqs:GetQueueUrl on the queue \"" + DEAD_LETTERS + "\" is missing");

      assertEquals(3, run(explain));

      assertTrue(out.toString().startsWith("a QUEUED\n  "), out.toString());
      assertNamed(missing);

      server.proxy().on("BatchGetItem").deny().forever();
      assertEquals(1, run(explain));

      assertEquals("", out.toString());
      assertNamed(missing);
      String last = err.toString().lines().toList().getLast();
      assertTrue(
          last.contains("the right dynamodb:BatchGetItem on the table \"jobs\" is missing"), last);
    }
  }

  private void assertNamed(List<String> missing) {
    missing.forEach(each -> assertTrue(err.toString().contains(each), err::toString));
  }

  @Test
  void jobs_are_cancelled_unless_they_run_or_have_ended() {
    put("a", Map.of("state", "QUEUED"));
    put("b", Map.of("state", "SUCCEEDED", "result", "1"));

    assertEquals(3, run("cancel", "--job-table", "jobs", "a", "b", "c"));

    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(0).startsWith("a\tcancelled"), lines.get(0));
    assertEquals("b\tnot cancelled: it has ended, SUCCEEDED", lines.get(1));
    assertTrue(lines.get(2).startsWith("c\tcancelled; the table had no record"), lines.get(2));
    assertEquals(4, run("status", "--job-table", "jobs", "--watch", "a", "b", "c"));
    assertEquals(0, run("cancel", "--job-table", "jobs", "--json", "a"), err::toString);
    assertTrue(out.toString().contains("\"state\":\"CANCELLED\",\"cancelled\":true"), "" + out);
    assertEquals(1, run("cancel", "--job-table", "none", "a"));
    assertEquals(2, run("cancel", "--job-table", "jobs"));
  }

  @Test
  void a_repair_says_how_many_as_json_and_a_missing_table_ends_a_send_back() {
    assertEquals(
        "{\"sent\":0,\"failed\":0,\"younger\":0}\n",
        only("repair", "--job-table", "jobs", "--json"));
    put("a", Map.of("state", "QUEUED", "definition", "x", "queued_at", Instant.now().toString()));
    assertEquals("sent 0 jobs again\n", only("repair", "--job-table", "jobs"));
    assertTrue(err.toString().contains("left alone 1 job that no worker"), err.toString());
    assertEquals(2, run("repair", "--job-table", "jobs", "--json", "--ids"));
    send(DEAD_LETTERS, "x", Map.of("job_id", "a", "job_message_id", "m", "backlog", BACKLOG));
    assertEquals(1, run("dead-letters", "send-back", "--all", "--job-table", "none"));
    assertTrue(
        err.toString().contains("there is no table \"none\" in this region; check --job-table"),
        err.toString());
    assertEquals(1, visible(DEAD_LETTERS));
  }

  private Path written(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void an_audit_finds_each_job_ended_once() throws IOException {
    put("a", Map.of("state", "SUCCEEDED", "result", "1\n2"));
    put("b", Map.of("state", "DEAD", "error_type", "E"));
    String ids = written("ids", "b\na\n").toString();
    String results = written("results", "a\t1\\n2\nz\tother\n").toString();
    String letters = written("letters", "{\"job_id\":\"b\",\"error_type\":\"E\"}\n").toString();
    String[] audit = {"audit", "--ids", ids, "--job-table", "jobs", "--results", results, letters};

    String first = only(audit);

    assertTrue(first.contains("succeeded       1\ndead            1\n"), first);
    assertTrue(first.contains("of other jobs   1\n"), first);
    assertTrue(first.matches("(?s).*digest +[0-9a-f]{64}\n"), first);
    assertEquals(first, only(audit));
    put("a", Map.of("state", "SUCCEEDED", "result", "3"));
    assertEquals(1, run(audit));
    assertTrue(err.toString().contains("a has another result in its record"), err.toString());
  }

  @Test
  void an_audit_names_what_is_missing_and_what_contradicts() throws IOException {
    put("a", Map.of("state", "RUNNING"));
    put("b", Map.of("state", "SUCCEEDED", "result", "1"));
    String ids = written("ids", "a\nb\nc\n").toString();
    String none = written("none", "").toString();

    assertEquals(3, run("audit", "--ids", ids, "--job-table", "jobs", "--results", none));
    for (String said :
        List.of("a has not ended: RUNNING", "b has succeeded, but its", "c has no record")) {
      assertTrue(err.toString().contains(said), err.toString());
    }
    String twice = written("twice", "b\t1\n{\"job_id\":\"b\",\"result\":\"1\"}\n").toString();
    assertEquals(
        1, run("audit", "--ids", ids, "--job-table", "jobs", "--results", twice, "--json"));
    assertTrue(err.toString().contains("b has 2 results"), err.toString());
    assertTrue(out.toString().contains("\"contradictions\":1"), out.toString());
    String broken = written("broken", "no tab\n").toString();
    assertEquals(1, run("audit", "--ids", ids, "--job-table", "jobs", "--results", broken));
    assertTrue(err.toString().contains("line 1 of \"" + broken + "\" is neither"), "" + err);
  }
}
