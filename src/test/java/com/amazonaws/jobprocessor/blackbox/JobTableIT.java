package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sqs.model.Message;

/** Daemons with {@code job_table_name}. */
@Execution(ExecutionMode.CONCURRENT)
class JobTableIT extends BlackBox {
  private static final String TABLE = "job_table_name=jobs";
  private static final String QUICK = "expected_job_execution_time_in_secs=1";

  private final EmbeddedDynamo dynamo = EmbeddedDynamo.start();

  @AfterEach
  void closeDynamo() {
    dynamo.close();
  }

  @Override
  DaemonProcessBuilder daemon() {
    return super.daemon().set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
  }

  private Map<String, AttributeValue> item(String jobId) {
    return dynamo
        .client()
        .getItem(
            r ->
                r.tableName("jobs")
                    .key(
                        Map.of(
                            "job_id", AttributeValue.fromS(jobId),
                            "queue", AttributeValue.fromS(BACKLOG))))
        .item();
  }

  private String text(String jobId, String attribute) {
    AttributeValue value = item(jobId).get(attribute);
    return value == null ? "" : value.s() == null ? String.valueOf(value.n()) : value.s();
  }

  @Test
  void the_table_is_made_and_tells_what_became_of_each_job() throws Exception {
    List<String> ids = sqs.send(BACKLOG, "plain", "fail");
    DaemonProcess daemon = startAndAwait(TABLE);
    awaitResults(1);
    awaitDeadLetters(1);
    awaitEmptyBacklog();

    assertEquals(1, daemon.count("made the job table"));
    assertEquals("SUCCEEDED", text(ids.getFirst(), "state"));
    assertEquals("plain!", text(ids.getFirst(), "result"));
    assertEquals("DEAD", text(ids.getLast(), "state"));
    assertEquals("2", text(ids.getLast(), "attempts"));
    assertTrue(text(ids.getLast(), "error_message").startsWith("as the job says; at "));
    assertEquals(
        "expires_at",
        dynamo
            .client()
            .describeTimeToLive(r -> r.tableName("jobs"))
            .timeToLiveDescription()
            .attributeName());
    assertEquals(6, dynamo.proxy().requests("UpdateItem"), "two for one attempt, four for two");
  }

  @Test
  void a_missing_table_that_may_not_be_made_ends_the_start() throws Exception {
    DaemonProcess daemon = start(TABLE, "create_queues=false");

    assertEquals(78, daemon.awaitExit(SOON));
    String err = String.join("\n", daemon.err());
    assertTrue(err.contains("job_table_name: there is no table \"jobs\" in us-east-1"), err);
  }

  @Test
  void a_table_of_another_kind_ends_the_start() throws Exception {
    AttributeDefinition id =
        AttributeDefinition.builder()
            .attributeName("id")
            .attributeType(ScalarAttributeType.S)
            .build();
    KeySchemaElement key =
        KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build();
    dynamo
        .client()
        .createTable(
            r ->
                r.tableName("jobs")
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(id)
                    .keySchema(key));
    DaemonProcess daemon = start(TABLE);

    assertEquals(78, daemon.awaitExit(SOON));
    String err = String.join("\n", daemon.err());
    assertTrue(err.contains("is no job table"), err);
  }

  private void table(ScalarAttributeType typeOfId) {
    dynamo
        .client()
        .createTable(
            r ->
                r.tableName("jobs")
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        AttributeDefinition.builder()
                            .attributeName("job_id")
                            .attributeType(typeOfId)
                            .build(),
                        AttributeDefinition.builder()
                            .attributeName("queue")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(
                        KeySchemaElement.builder()
                            .attributeName("job_id")
                            .keyType(KeyType.HASH)
                            .build(),
                        KeySchemaElement.builder()
                            .attributeName("queue")
                            .keyType(KeyType.RANGE)
                            .build()));
  }

  @Test
  void a_table_whose_key_is_a_number_ends_the_start_and_the_check() throws Exception {
    table(ScalarAttributeType.N);
    for (DaemonProcess daemon :
        List.of(start(TABLE), start(daemon().arguments("--check", "--user-data", TABLE)))) {
      assertEquals(78, daemon.awaitExit(SOON));
      String err = String.join("\n", daemon.err());
      assertTrue(err.contains("is no job table"), err);
    }
  }

  @Test
  @Tag("long")
  void a_table_whose_items_go_by_another_attribute_is_warned_of_and_left_as_it_is()
      throws Exception {
    table(ScalarAttributeType.S);
    dynamo
        .client()
        .updateTimeToLive(
            r ->
                r.tableName("jobs")
                    .timeToLiveSpecification(ttl -> ttl.attributeName("ttl").enabled(true)));
    DaemonProcess daemon = startAndAwait(TABLE);

    daemon.awaitLine("WARN .*cannot see to it that finished jobs expire.* table=jobs", SOON);
    DaemonProcess check = start(daemon().arguments("--check", "--user-data", TABLE));
    assertEquals(0, check.awaitExit(SOON));
    check.awaitLine("warning .*cannot see to it that finished jobs expire.* table=jobs", SOON);
  }

  @Test
  @Tag("long")
  void while_dynamodb_is_away_nothing_runs_and_nothing_is_lost() throws Exception {
    DaemonProcess daemon = startAndAwait(TABLE);
    dynamo.proxy().on("UpdateItem").error(400, "ThrottlingException", "slower").times(6);
    dynamo.proxy().on("UpdateItem").fail(500).times(6);
    dynamo.proxy().on("UpdateItem").cut().times(6);
    dynamo.proxy().on("UpdateItem").error(400, "AccessDeniedException", "no").times(6);
    List<String> ids = sqs.send(BACKLOG, jobs("plain", 20));
    awaitResults(20);
    awaitEmptyBacklog();

    daemon.awaitLine("AWS calls succeed again", SOON);
    assertEquals(20, runs().size(), "each once, under its claim");
    assertOneResultEach(ids);
  }

  @Test
  void dynamodb_may_be_away_at_the_start() throws Exception {
    dynamo.proxy().down();
    DaemonProcess daemon = start(TABLE);
    daemon.awaitLine("AWS calls fail", SOON);
    sqs.send(BACKLOG, "plain");
    dynamo.proxy().up();

    awaitResults(1);
    assertTrue(daemon.isAlive());
  }

  @Test
  void one_id_sent_five_times_is_one_run() throws Exception {
    for (int i = 0; i < 5; i++) {
      sqs.sendWithAttributes(BACKLOG, "sleep 300", Map.of("job_id", "one"));
    }
    start(TABLE);
    start(TABLE);
    awaitResults(5);
    awaitEmptyBacklog();

    assertEquals(1, runs().size());
    List<Message> results = sqs.receiveAll(RESULTS);
    assertEquals(5, results.size());
    assertEquals(Set.of("slept"), results.stream().map(Message::body).collect(Collectors.toSet()));
  }

  @Test
  void a_job_that_kills_its_worker_is_dead_lettered_after_its_attempts() throws Exception {
    String id = sqs.send(BACKLOG, "halt").getFirst();
    int deaths = 0;
    for (boolean dead = true; dead; ) {
      DaemonProcess daemon = start(TABLE, QUICK);
      await().atMost(SOON).until(() -> !daemon.isAlive() || sqs.counts(DEAD_LETTERS).total() == 1);
      dead = !daemon.isAlive();
      deaths += dead ? 1 : 0;
    }

    assertEquals(2, deaths, "its last attempt was that of a suspect");
    assertEquals("WorkerDied", text(sqs.receiveAll(DEAD_LETTERS).getFirst(), "error_type"));
    assertEquals("DEAD", text(id, "state"));
    assertEquals("2", text(id, "deaths"));
  }

  @Tag("long")
  @Test
  void rolling_restarts_cost_no_attempt() throws Exception {
    String id = sqs.send(BACKLOG, "fail").getFirst();
    String slow = sqs.send(BACKLOG, "sleep 60000").getFirst();
    String[] settings = {
      TABLE,
      QUICK,
      "job_failure_retries=3",
      "retry_delay_in_secs=3",
      "concurrency=2",
      "drain_timeout_in_secs=0"
    };
    for (int i = 1; i <= 5; i++) {
      DaemonProcess daemon = startAndAwait(settings);
      int begun = i;
      await().atMost(SOON).until(() -> count("sleep 60000") >= begun);
      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));
    }
    start(settings);
    awaitDeadLetters(1);

    assertEquals("4", text(sqs.receiveAll(DEAD_LETTERS).getFirst(), "attempts"));
    assertEquals("DEAD", text(id, "state"));
    assertEquals(4, count("fail"));
    await().atMost(SOON).until(() -> count("sleep 60000") == 6);
    assertEquals("1", text(slow, "attempts"), "stopped five times, and now in its first attempt");
  }

  private void set(String jobId, String state) {
    dynamo
        .client()
        .updateItem(
            r ->
                r.tableName("jobs")
                    .key(
                        Map.of(
                            "job_id", AttributeValue.fromS(jobId),
                            "queue", AttributeValue.fromS(BACKLOG)))
                    .updateExpression("SET #state = :state")
                    .expressionAttributeNames(Map.of("#state", "state"))
                    .expressionAttributeValues(Map.of(":state", AttributeValue.fromS(state))));
  }

  @Test
  void what_is_cancelled_is_not_run_alone_or_in_a_pack_and_an_unknown_state_is_left_alone()
      throws Exception {
    startAndAwait(TABLE);
    for (String id : List.of("alone", "packed", "last-of-its-pack")) {
      set(id, "CANCELLED");
    }
    set("paused", "PAUSED");
    sqs.sendWithAttributes(BACKLOG, "plain 1", Map.of("job_id", "alone"));
    sqs.sendWithAttributes(BACKLOG, "plain 2", Map.of("job_id", "paused"));
    sqs.sendWithAttributes(
        BACKLOG,
        """
        {"job_id":"before","body":"plain 3"}
        {"job_id":"packed","body":"plain 4"}
        {"job_id":"after","body":"plain 5"}
        """,
        Map.of("job_pack", "1"));
    sqs.sendWithAttributes(
        BACKLOG, "{\"job_id\":\"last-of-its-pack\",\"body\":\"plain 6\"}", Map.of("job_pack", "1"));
    awaitResults(2);
    await().atMost(SOON).until(() -> sqs.counts(BACKLOG).total() == 1);

    assertEquals(Map.of("before", 1L, "after", 1L), resultsByJob());
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
    assertEquals(Set.of("plain 3\t1", "plain 5\t1"), Set.copyOf(runs()));
    assertEquals("CANCELLED", text("alone", "state"));
    assertEquals("PAUSED", text("paused", "state"));
    set("paused", "QUEUED");
    awaitResults(3);
    awaitEmptyBacklog();
    assertEquals("SUCCEEDED", text("paused", "state"));
    assertEquals("1", text("paused", "attempts"), "it cost none to be left alone");
  }

  private long count(String job) throws IOException {
    return runs().stream().filter(run -> run.startsWith(job + "\t")).count();
  }

  @Tag("long")
  @Test
  void a_worker_that_was_paused_for_three_leases_sends_no_second_different_result()
      throws Exception {
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 1500", 8));
    DaemonProcess paused = startAndAwait(TABLE, QUICK, "concurrency=4");
    await().atMost(SOON).until(() -> runs().size() >= 4);
    paused.sigstop();
    start(TABLE, QUICK, "concurrency=4");
    awaitResults(8);
    paused.sigcont();
    awaitEmptyBacklog();
    paused.sigterm();
    assertEquals(0, paused.awaitExit(SOON));

    List<Message> results = sqs.receiveAll(RESULTS);
    Map<String, Set<String>> workers = new java.util.TreeMap<>();
    for (Message result : results) {
      workers
          .computeIfAbsent(text(result, "job_id"), _ -> new java.util.TreeSet<>())
          .add(text(result, "worker_id"));
    }
    assertEquals(Set.copyOf(ids), workers.keySet());
    assertTrue(workers.values().stream().allMatch(w -> w.size() == 1), workers.toString());
  }

  @Tag("long")
  @Test
  void three_workers_that_are_killed_lose_nothing_and_run_nothing_after_its_end() throws Exception {
    List<String> ids = new ArrayList<>();
    IntStream.range(0, 20)
        .forEach(i -> ids.addAll(sqs.send(BACKLOG, jobs("sleep " + (5 + i), 15))));
    // So many retries that nobody is a suspect: one whose worker is killed would be dead-lettered.
    String[] settings = {TABLE, QUICK, "concurrency=4", "job_failure_retries=9"};
    List<DaemonProcess> three =
        new ArrayList<>(List.of(start(settings), start(settings), start(settings)));
    for (int kill = 1; kill <= 3; kill++) {
      int some = 70 * kill;
      await().atMost(SOON.multipliedBy(3)).until(() -> sqs.counts(RESULTS).total() >= some);
      three.removeFirst().sigkill();
      three.add(start(settings));
    }
    await().atMost(SOON.multipliedBy(3)).until(() -> sqs.counts(RESULTS).total() >= 300);
    await().atMost(Duration.ofMinutes(4)).until(() -> sqs.counts(BACKLOG).total() == 0);

    Map<String, Set<String>> workers = new java.util.TreeMap<>();
    for (Message result : sqs.receiveAll(RESULTS)) {
      workers
          .computeIfAbsent(text(result, "job_id"), _ -> new java.util.TreeSet<>())
          .add(text(result, "worker_id"));
    }
    assertEquals(Set.copyOf(ids), workers.keySet());
    assertTrue(workers.values().stream().allMatch(w -> w.size() == 1), "one logical result a job");
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }
}
