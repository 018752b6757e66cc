package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** {@code status} against DynamoDB Local. */
@Tag("long")
class StatusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private EmbeddedDynamo server;
  private DynamoDbClient dynamo;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() {
    server = EmbeddedDynamo.start();
    Map.of(
            "aws.endpointUrlDynamoDb", server.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
    dynamo = server.client();
    makeTable();
  }

  private void makeTable() {
    dynamo.createTable(
        r ->
            r.tableName("jobs")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(string("job_id"), string("queue"))
                .keySchema(key("job_id", KeyType.HASH), key("queue", KeyType.RANGE)));
  }

  private static AttributeDefinition string(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... args) {
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private void put(String id, Map<String, String> attributes) {
    Map<String, AttributeValue> item = new java.util.HashMap<>();
    attributes.forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
    item.put("job_id", AttributeValue.fromS(id));
    item.put("queue", AttributeValue.fromS("SQS-EC2-Queue-Todo"));
    item.put("attempts", AttributeValue.fromN("2"));
    dynamo.putItem(r -> r.tableName("jobs").item(item));
  }

  @Test
  void jobs_are_told_in_lines_that_line_up_and_unknown_ones_are_named() {
    put("a", Map.of("state", "SUCCEEDED", "worker_id", "i-1", "result", "line\nfeed"));
    put("long-id", Map.of("state", "DEAD", "error_type", "E", "error_message", "\u001b[31mred"));

    assertEquals(3, run("status", "--job-table", "jobs", "long-id", "a", "nobody"));

    assertEquals(
        """
        JOB_ID   STATE      ATTEMPTS  WORKER  STARTED  FINISHED  RESULT_OR_ERROR
        long-id  DEAD       2                                    E: \\u{1b}[31mred
        a        SUCCEEDED  2         i-1                        line\\nfeed
        """,
        out.toString());
    assertEquals(
        "sample-client: not in the table: nobody (it waits in the backlog, or there is no such job)\n",
        err.toString());
  }

  @Test
  void times_are_whole_seconds_and_a_result_elsewhere_is_said() {
    String time = "2026-11-26T13:58:34.778513679Z";
    put("a", Map.of("state", "SUCCEEDED", "started_at", time, "result_pointer", "p"));
    put("b", Map.of("state", "SUCCEEDED", "started_at", "whenever"));

    assertEquals(0, run("status", "--job-table", "jobs", "a", "b"));

    assertTrue(out.toString().contains("  2026-11-26T13:58:34Z "), out.toString());
    assertTrue(out.toString().contains("(in S3)"), out.toString());
    assertTrue(out.toString().contains("(in the results queue)"), out.toString());
    out.getBuffer().setLength(0);
    assertEquals(0, run("status", "--job-table", "jobs", "--json", "a"));
    assertEquals(
        """
        {"job_id":"a","state":"SUCCEEDED","attempts":2,"deaths":0,"worker_id":"",\
        "started_at":"2026-11-26T13:58:34.778Z","result_pointer":"p"}
        """,
        out.toString());
  }

  @Test
  void ids_come_from_a_file_a_hundred_at_a_time() throws IOException {
    StringBuilder ids = new StringBuilder();
    for (int i = 0; i < 230; i++) {
      put("job-" + i, Map.of("state", "QUEUED"));
      ids.append("job-").append(i).append('\n');
    }
    Path file = Files.writeString(folder.resolve("ids.txt"), ids);

    assertEquals(0, run("status", "--job-table", "jobs", "--ids", file.toString()));

    assertEquals(231, out.toString().lines().count());
  }

  @Test
  void a_missing_table_is_named() {
    assertEquals(1, run("status", "--job-table", "no-such-table", "a"));

    assertTrue(err.toString().contains("there is no table \"no-such-table\""), err.toString());
  }

  @Test
  void replay_takes_the_definition_of_a_job_from_its_record() {
    put("a", Map.of("state", "DEAD", "definition", "sleep 3"));
    put("b", Map.of("state", "RUNNING"));
    put("c", Map.of("state", "QUEUED", "definition_pointer", "[\"x\",{}]"));

    assertEquals(0, run("replay", "--job-table", "jobs", "a"), err.toString());
    assertEquals("slept 3 ms\n", out.toString());
    assertTrue(err.toString().contains("job a has a result, attempt 2, after"), err.toString());
    assertEquals(3, run("replay", "--job-table", "jobs", "b"));
    assertTrue(err.toString().contains("the record of job b has no definition"), err.toString());
    assertEquals(3, run("replay", "--job-table", "jobs", "d"));
    assertTrue(err.toString().contains("not in the table: d"), err.toString());
    assertEquals(1, run("replay", "--job-table", "jobs", "c"));
    assertTrue(
        err.toString().contains("the definition of job c is in S3; --payload-bucket fetches it"),
        err.toString());
    assertEquals(1, run("replay", "--job-table", "no-such-table", "a"));
    assertTrue(err.toString().contains("there is no table \"no-such-table\""), err.toString());
  }

  @Test
  void a_watch_tells_each_change_once_and_ends_with_the_last_job() throws Exception {
    put("a", Map.of("state", "RUNNING", "worker_id", "i-1"));
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> run("status", "--job-table", "jobs", "--watch", "a", "b"));
    await().atMost(PATIENCE).until(() -> out.toString().lines().count() == 2);
    put("a", Map.of("state", "SUCCEEDED", "result", "1"));
    await().atMost(PATIENCE).until(() -> out.toString().lines().count() == 3);
    put("b", Map.of("state", "DEAD", "error_type", "E", "error_message", "e"));

    assertEquals(4, status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));

    List<String> changes =
        out.toString().lines().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
    assertEquals(List.of("a RUNNING", "b NO_RECORD", "a SUCCEEDED 1", "b DEAD E: e"), changes);
    assertEquals("sample-client: 1 DEAD, 1 SUCCEEDED\n", err.toString());
  }

  @Test
  void a_watch_gives_up_in_time_and_says_where_it_was() {
    put("a", Map.of("state", "QUEUED"));

    assertEquals(
        5, run("status", "--job-table", "jobs", "--watch", "--timeout", "2", "--json", "a"));

    assertTrue(out.toString().matches("\\{\"at\":\"[^\"]+Z\",\"job_id\":\"a\",.*\n"), "" + out);
    assertEquals("sample-client: 1 QUEUED\n", err.toString());
    assertEquals(2, run("status", "--job-table", "jobs", "--timeout", "2", "a"));
  }

  @Test
  void a_terminal_shows_the_latest_only() throws Exception {
    put("a", Map.of("state", "SUCCEEDED", "result", "1"));
    Terminal.Size size = new Terminal.Size(24, 80);
    StatusWatch.View view = new StatusWatch.View(new PrintWriter(out), false, true, size);
    try (AwsSession aws = new AwsSession("us-east-1")) {
      Records records =
          new Records(aws.jobTable("jobs", "SQS-EC2-Queue-Todo"), new Retry(new Stop()));
      put("b", Map.of("state", "RUNNING"));
      StatusWatch watch = new StatusWatch(records, Set.of("a", "b"), view, new Stop());
      CompletableFuture<Boolean> over =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return watch.run(PATIENCE);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      await().atMost(PATIENCE).until(() -> out.toString().contains("1 RUNNING, 1 SUCCEEDED"));
      put("b", Map.of("state", "SUCCEEDED", "result", "2"));

      assertTrue(over.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
    assertTrue(out.toString().contains("\u001b[4A\u001b[JJOB_ID"), out.toString());
    assertTrue(out.toString().endsWith("2 SUCCEEDED\n"), out.toString());
  }
}
