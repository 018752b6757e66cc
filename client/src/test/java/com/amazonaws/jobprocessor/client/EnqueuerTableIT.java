package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.DynamoJobTable;
import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Tag("long")
@Timeout(180)
class EnqueuerTableIT extends EnqueueFixture {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration AT_ONCE = Duration.ofMillis(-1);

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedDynamo dynamo;

  private final String table = "enqueued-" + NUMBER.incrementAndGet();

  @BeforeAll
  static void startDynamo() {
    dynamo = EmbeddedDynamo.start();
  }

  @AfterAll
  static void stopDynamo() {
    dynamo.close();
    System.clearProperty("aws.endpointUrlDynamoDb");
  }

  @BeforeEach
  void makeTable() throws Exception {
    System.setProperty("aws.endpointUrlDynamoDb", dynamo.endpoint().toString());
    new DynamoTables(dynamo.client(), new SqsCalls()).create(table);
    dynamo.proxy().clear();
    dynamo.proxy().forget();
  }

  private Enqueuer open() throws InterruptedException {
    return enqueuer().jobTable(table).build();
  }

  private Map<String, AttributeValue> item(String id) {
    return dynamo
        .client()
        .getItem(
            r ->
                r.tableName(table)
                    .key(
                        Map.of(
                            "job_id", AttributeValue.fromS(id),
                            "queue", AttributeValue.fromS(QUEUE))))
        .item();
  }

  private String text(String id, String attribute) {
    AttributeValue value = item(id).get(attribute);
    return value == null ? "" : value.s();
  }

  private JobTable worker() {
    return new DynamoJobTable(
        dynamo.client(), new SqsCalls(), table, QUEUE, "i-1", InstantSource.system());
  }

  private static ClaimRequest claim(String id, String messageId, String body) {
    return new ClaimRequest(
        id, messageId, ClaimRequest.Payload.of(body), 0L, "t-" + messageId, Duration.ofMinutes(1));
  }

  private static NewJob job(String id, String definition) {
    return NewJob.of(definition).withId(id);
  }

  @Test
  void a_job_is_on_record_before_it_is_sent() throws Exception {
    Fault held = sqs.proxy().on("SendMessageBatch").holdBefore(1);
    try (Enqueuer enqueuer = open()) {
      CompletableFuture<String> sent = enqueuer.enqueueAsync(job("a", "text"));
      var _ = enqueuer.enqueueAsync(job("b", "text"));
      held.awaitHit(Duration.ofSeconds(60));

      assertEquals("QUEUED", text("a", "state"));
      assertEquals("text", text("a", "definition"));
      assertEquals(Printable.sha256("text"), text("a", "payload_sha256"));
      assertFalse(text("a", "queued_at").isEmpty());
      assertFalse(sent.isDone());
      held.release();
    }
    assertEquals(2, dynamo.proxy().requests("PutItem"), "a write a job");
  }

  @Test
  void a_worker_claims_a_job_that_it_did_not_record_and_a_copy_does_not_run() throws Exception {
    try (Enqueuer enqueuer = open()) {
      enqueuer.enqueue(job("a", "text"));
    }

    ClaimRequest first = claim("a", "m-1", "text");
    assertEquals(new JobTable.Standing.Mine(1, 0), worker().claim(first));
    assertInstanceOf(JobTable.Standing.Held.class, worker().claim(claim("a", "m-2", "text")));
    JobTable.End.Succeeded end =
        new JobTable.End.Succeeded(new JobTable.Result.Text("done"), 1, Duration.ofMillis(1));
    assertTrue(worker().record(first, end));
    assertInstanceOf(JobTable.Standing.Succeeded.class, worker().claim(claim("a", "m-2", "text")));
    assertInstanceOf(JobTable.Standing.Reused.class, worker().claim(claim("a", "m-3", "other")));
    assertEquals("text", text("a", "definition"), "it stays, to be looked at");
  }

  @Test
  void of_a_definition_in_s3_the_worker_is_asked_what_it_is() throws Exception {
    try (Enqueuer enqueuer = open()) {
      enqueuer.enqueue(job("a", "text"));
    }
    ClaimRequest unknown =
        new ClaimRequest(
            "a", "m-1", ClaimRequest.Payload.in("p", 4), 0L, "t", Duration.ofMinutes(1));

    assertInstanceOf(JobTable.Standing.PayloadNeeded.class, worker().claim(unknown));
    assertEquals(
        new JobTable.Standing.Mine(1, 0),
        worker().claim(unknown.with(ClaimRequest.Payload.of("text"))));
  }

  @Test
  void the_same_id_twice_is_one_job() throws Exception {
    try (Enqueuer enqueuer = open()) {
      assertEquals("a", enqueuer.enqueue(job("a", "text")));
      worker().claim(claim("a", "m-1", "text"));
      assertEquals("a", enqueuer.enqueue(job("a", "text")));
      assertEquals(1, sends(), "a worker has met it");

      NotEnqueuedException no =
          assertThrows(NotEnqueuedException.class, () -> enqueuer.enqueue(job("a", "other")));
      assertEquals(
          "job a was not enqueued: there is a job of this id with another definition",
          no.getMessage());
    }
    assertEquals(List.of("text"), bodies());
  }

  @Test
  void one_that_no_worker_has_met_is_sent_again_since_nobody_knows() throws Exception {
    try (Enqueuer enqueuer = open()) {
      enqueuer.enqueue(job("a", "text"));
      enqueuer.enqueue(job("a", "text"));
    }
    assertEquals(List.of("text", "text"), bodies());
  }

  @Test
  void a_job_that_was_certainly_not_sent_leaves_no_record() throws Exception {
    sqs.proxy().on("SendMessageBatch").deny().once();
    try (Enqueuer enqueuer = open()) {
      assertThrows(NotEnqueuedException.class, () -> enqueuer.enqueue(job("a", "text")));
      assertEquals(Map.of(), item("a"));
      enqueuer.enqueue(job("a", "other"));
    }
    assertEquals(List.of("other"), bodies());
  }

  @Test
  void a_record_whose_answer_was_lost_is_written_again_and_the_job_sent_once() throws Exception {
    dynamo.proxy().on("PutItem").loseAnswer().once();
    try (Enqueuer enqueuer = open()) {
      enqueuer.enqueue(job("a", "text"));
    }
    assertEquals(List.of("text"), bodies());
  }

  @Test
  void what_is_on_record_and_was_not_sent_is_sent_by_a_repair_and_by_one_only() throws Exception {
    die(30);
    List<String> sent = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch ready = new CountDownLatch(2);
    List<Thread> repairs = new ArrayList<>();
    List<Throwable> problems = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 2; i++) {
      Thread repair =
          new Thread(
              () -> {
                try (Enqueuer enqueuer = open()) {
                  ready.countDown();
                  ready.await();
                  RepairReport report = enqueuer.repair(AT_ONCE, sent::add);
                  assertEquals(0, report.failed());
                } catch (Exception | AssertionError e) {
                  problems.add(e);
                }
              });
      repair.start();
      repairs.add(repair);
    }
    for (Thread repair : repairs) {
      repair.join();
    }

    assertEquals(List.of(), problems);
    assertEquals(30, new HashSet<>(sent).size());
    assertEquals(sent.size(), messages().size());
  }

  /** As many jobs as that are on record, and their process has died before it sent them. */
  private void die(int jobs) throws Exception {
    sqs.proxy().on("SendMessageBatch").throttle().forever();
    Enqueuer enqueuer = enqueuer().jobTable(table).linger(Duration.ofSeconds(60)).build();
    for (int i = 0; i < jobs; i++) {
      var _ = enqueuer.enqueueAsync(job("j-" + i, "text " + i));
    }
    while (dynamo.proxy().successes("PutItem") < jobs) {
      Thread.onSpinWait();
    }
    Thread closing = new Thread(enqueuer::close);
    closing.start();
    closing.interrupt();
    closing.join();
    sqs.proxy().clear();
    sqs.drain(QUEUE);
    for (int i = 0; i < jobs; i++) {
      // What is certainly not sent was forgotten: as a process that was killed could not have.
      put("j-" + i, "text " + i);
    }
  }

  @Test
  void an_interrupted_close_removes_no_records_and_says_that_a_repair_sends_them()
      throws Exception {
    sqs.proxy().on("SendMessageBatch").throttle().forever();
    Enqueuer enqueuer = enqueuer().jobTable(table).build();
    List<CompletableFuture<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      jobs.add(enqueuer.enqueueAsync(job("j-" + i, "text " + i)));
    }
    Awaitility.await().until(() -> dynamo.proxy().successes("PutItem") == 200);

    Thread closing = new Thread(enqueuer::close);
    closing.start();
    closing.interrupt();
    closing.join();

    assertEquals(0, dynamo.proxy().requests("DeleteItem"));
    for (CompletableFuture<String> job : jobs) {
      ExecutionException thrown = assertThrows(ExecutionException.class, job::get);
      NotEnqueuedException no = assertInstanceOf(NotEnqueuedException.class, thrown.getCause());
      assertTrue(no.perhaps(), no.getMessage());
      String message = String.valueOf(no.getMessage());
      assertTrue(message.endsWith("; its record may be left: then a repair sends it"), message);
    }
    sqs.proxy().clear();
    try (Enqueuer another = open()) {
      assertEquals(200, another.repair(AT_ONCE, id -> {}).sent());
    }
  }

  private static boolean perhaps(CompletableFuture<String> job) {
    ExecutionException thrown = assertThrows(ExecutionException.class, job::get);
    return assertInstanceOf(NotEnqueuedException.class, thrown.getCause()).perhaps();
  }

  @Test
  void what_was_not_recorded_is_certainly_not_enqueued() throws Exception {
    dynamo.proxy().on("PutItem").deny().once();
    try (Enqueuer enqueuer = open()) {
      assertFalse(perhaps(enqueuer.enqueueAsync(job("a", "text"))));

      dynamo.proxy().on("PutItem").loseAnswer().once();
      dynamo.proxy().on("PutItem").deny().once();
      assertTrue(perhaps(enqueuer.enqueueAsync(job("b", "text"))), "the first call may have");
    }
    assertEquals(0, sends());
  }

  @Test
  void an_interrupted_close_is_in_doubt_of_the_writes_under_way_only() throws Exception {
    Fault held = dynamo.proxy().on("PutItem").hang().forever();
    Enqueuer enqueuer = open();
    List<CompletableFuture<String>> jobs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      jobs.add(enqueuer.enqueueAsync(job("j-" + i, "text " + i)));
    }
    held.awaitHits(16, Duration.ofSeconds(60));

    Thread closing = new Thread(enqueuer::close);
    closing.start();
    closing.interrupt();
    Awaitility.await().until(() -> jobs.stream().filter(CompletableFuture::isDone).count() >= 84);
    dynamo.proxy().cutAll(); // the calls under way end, and are not made again
    closing.join();

    assertEquals(16, jobs.stream().filter(EnqueuerTableIT::perhaps).count());
    assertEquals(16, dynamo.proxy().requests("PutItem"));
  }

  @Test
  void a_large_definition_is_not_left_in_s3_if_its_record_is_refused() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start();
        Enqueuer small = open()) {
      s3.createBucket("payloads");
      System.setProperty("aws.endpointUrlS3", s3.endpoint().toString());
      small.enqueue(job("a", "text"));
      try (Enqueuer enqueuer = enqueuer().jobTable(table).payloadBucket("payloads").build()) {
        String large = "x".repeat(60_000);
        assertFalse(perhaps(enqueuer.enqueueAsync(job("a", large))));
        assertEquals(List.of(), s3.keys("payloads"));
      }
    } finally {
      System.clearProperty("aws.endpointUrlS3");
    }
  }

  @Test
  void a_record_that_cannot_be_removed_is_told_and_keeps_its_definition() throws Exception {
    sqs.proxy().on("SendMessageBatch").deny().once();
    dynamo.proxy().on("DeleteItem").deny().once();
    String large = "x".repeat(60_000);
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      s3.createBucket("payloads");
      System.setProperty("aws.endpointUrlS3", s3.endpoint().toString());
      try (Enqueuer enqueuer = enqueuer().jobTable(table).payloadBucket("payloads").build()) {
        NotEnqueuedException no =
            assertThrows(NotEnqueuedException.class, () -> enqueuer.enqueue(job("a", large)));

        assertTrue(no.perhaps(), no.getMessage());
        assertEquals(1, s3.keys("payloads").size());
        assertEquals(1, enqueuer.repair(AT_ONCE, id -> {}).sent());
      }
    } finally {
      System.clearProperty("aws.endpointUrlS3");
    }
  }

  private void put(String id, String body) {
    dynamo
        .client()
        .putItem(
            r ->
                r.tableName(table)
                    .item(
                        Map.of(
                            "job_id", AttributeValue.fromS(id),
                            "queue", AttributeValue.fromS(QUEUE),
                            "state", AttributeValue.fromS("QUEUED"),
                            "definition", AttributeValue.fromS(body),
                            "payload_sha256", AttributeValue.fromS(Printable.sha256(body)),
                            "payload_bytes", AttributeValue.fromN("" + body.length()),
                            "queued_at", AttributeValue.fromS("2026-01-01T00:00:00Z"))));
  }

  @Test
  void repair_leaves_alone_what_is_young_met_ended_or_of_another_queue() throws Exception {
    try (Enqueuer enqueuer = open()) {
      enqueuer.enqueue(job("young", "text"));
      for (String id : List.of("held", "released", "dead", "lost")) {
        put(id, "text");
      }
      worker().claim(claim("held", "m-1", "text"));
      ClaimRequest released = claim("released", "m-2", "text");
      worker().claim(released);
      worker().release(released);
      ClaimRequest dead = claim("dead", "m-3", "text");
      worker().claim(dead);
      worker().record(dead, new JobTable.End.Dead("E", "no"));
      sqs.drain(QUEUE);
      List<String> sent = new ArrayList<>();

      RepairReport report = enqueuer.repair(Enqueuer.LONGEST_SEND, sent::add);

      assertEquals(List.of("lost"), sent);
      assertEquals(new RepairReport(1, 1, 0, 1, List.of()), report);
      assertEquals(
          new RepairReport(0, 0, 0, 2, List.of()),
          enqueuer.repair(Enqueuer.LONGEST_SEND, sent::add),
          "it is young now");
      assertEquals(List.of("text"), bodies());
    }
  }

  @Test
  void jobs_of_a_fifo_queue_are_repaired_in_the_order_in_which_they_were_recorded()
      throws Exception {
    String queue = "repaired.fifo";
    sqs.createQueue(queue, Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String id = "j-" + i;
      ids.add(id);
      Map<String, AttributeValue> item = new HashMap<>();
      Map.of(
              "job_id",
              id,
              "queue",
              queue,
              "state",
              "QUEUED",
              "definition",
              "text",
              "payload_sha256",
              Printable.sha256("text"),
              "message_group",
              "g",
              "deduplication_id",
              id,
              // Of different lengths, which are in another order as texts.
              "queued_at",
              Instant.ofEpochMilli(250L * i).toString())
          .forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
      dynamo.client().putItem(r -> r.tableName(table).item(item));
    }
    List<String> sent = new ArrayList<>();

    try (Enqueuer enqueuer = Enqueuer.builder(queue).jobTable(table).build()) {
      assertEquals(30, enqueuer.repair(AT_ONCE, sent::add).sent());
    }

    assertEquals(ids, sent);
    assertEquals(
        ids, sqs.drain(queue).stream().map(message -> attribute(message, "job_id")).toList());
  }

  @Test
  void a_repaired_definition_in_s3_has_an_object_of_its_own() throws Exception {
    String large = "x".repeat(60_000);
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      s3.createBucket("payloads");
      System.setProperty("aws.endpointUrlS3", s3.endpoint().toString());
      try (Enqueuer enqueuer = enqueuer().jobTable(table).payloadBucket("payloads").build()) {
        enqueuer.enqueue(job("a", large));
        assertEquals(1, s3.keys("payloads").size());
        assertTrue(text("a", "definition_pointer").contains("payloads"));

        assertEquals(1, enqueuer.repair(AT_ONCE, id -> assertEquals("a", id)).sent());

        assertEquals(2, s3.keys("payloads").size());
      }
      assertEquals(2, new HashSet<>(bodies()).size());
      try (Enqueuer without = open()) {
        assertThrows(IllegalArgumentException.class, () -> without.enqueue(large));
        RepairReport report = without.repair(AT_ONCE, id -> {});
        assertEquals(
            List.of("job a: its definition is in S3; name the payload bucket"), report.problems());
      }
    } finally {
      System.clearProperty("aws.endpointUrlS3");
    }
  }

  @Test
  void a_table_that_is_missing_or_denies_is_named() throws Exception {
    try (Enqueuer enqueuer = enqueuer().jobTable("nowhere").build()) {
      ClientException no = assertThrows(ClientException.class, () -> enqueuer.enqueue("x"));
      String message = String.valueOf(no.getMessage());
      assertTrue(message.endsWith("there is no table \"nowhere\" in this region"), message);
    }
    assertEquals(0, sends());
  }

  @Test
  void one_that_hangs_does_not_let_those_behind_it_fill_the_memory() throws Exception {
    Fault held = dynamo.proxy().on("PutItem").containing("\"j-1\"").holdBefore(1);
    AtomicInteger read = new AtomicInteger();
    List<String> ids = new ArrayList<>();
    try (Enqueuer enqueuer = enqueuer().jobTable(table).maxPending(50, 1_000_000).build()) {
      FutureTask<Long> all =
          new FutureTask<>(
              () ->
                  enqueuer.enqueueAll(
                      IntStream.range(0, 400)
                          .mapToObj(i -> job("j-" + read.incrementAndGet(), "text")),
                      ids::add));
      Thread reader = new Thread(all);
      reader.start();
      Awaitility.await()
          .until(
              () ->
                  dynamo.proxy().successes("PutItem") >= 99
                      && reader.getState() == Thread.State.WAITING);
      assertEquals(100, read.get());

      held.release();

      assertEquals(400, all.get());
    }
    assertEquals(IntStream.rangeClosed(1, 400).mapToObj(i -> "j-" + i).toList(), ids);
  }

  @Test
  void many_are_recorded_beside_each_other() throws Exception {
    List<String> texts = IntStream.range(0, 200).mapToObj(i -> "text " + i).toList();
    try (Enqueuer enqueuer = enqueuer().jobTable(table).linger(Duration.ofSeconds(60)).build()) {
      List<String> ids = enqueuer.enqueueAll(texts);
      assertEquals(200, new HashSet<>(ids).size());
    }
    assertEquals(new HashSet<>(texts), new HashSet<>(bodies()));
    assertEquals(20, sends());
  }
}
