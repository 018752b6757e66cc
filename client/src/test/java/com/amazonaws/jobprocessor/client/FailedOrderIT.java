package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A call that fails for good lets no job of a FIFO group overtake one that failed with it. */
@Timeout(120)
class FailedOrderIT extends EnqueueFixture {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String FIFO = "ordered.fifo";

  @SuppressWarnings("NullAway.Init")
  private TableFixture jobs;

  @BeforeEach
  void makeQueueAndTable() throws Exception {
    sqs.createQueue(FIFO, Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
    jobs = new TableFixture();
  }

  @AfterEach
  void dropTable() {
    jobs.close();
  }

  private static EnqueuerBuilder ordered() {
    return Enqueuer.builder(FIFO).linger(Duration.ofMillis(5));
  }

  private static EnqueuerBuilder recorded() {
    return ordered().jobTable(TableFixture.TABLE);
  }

  private static NewJob job(int number) {
    return NewJob.of("j" + number).withId("j" + number).inGroup("g");
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "j" + i).toList();
  }

  private List<String> inTheQueue() {
    return sqs.drain(FIFO).stream().map(Message::body).toList();
  }

  private static NotEnqueuedException problem(CompletableFuture<String> job) {
    ExecutionException thrown = assertThrows(ExecutionException.class, job::get);
    return assertInstanceOf(NotEnqueuedException.class, thrown.getCause());
  }

  /** Those that are handed over while the failure is on its way to this thread, too. */
  @Test
  void no_job_of_one_call_overtakes_one_that_was_not_sent() throws Exception {
    List<String> ids = new ArrayList<>();
    try (Enqueuer enqueuer = ordered().maxPending(40, 1_000_000).build()) {
      sqs.proxy().on("SendMessageBatch").afterFirst(20).deny().once();

      NotEnqueuedException no =
          assertThrows(
              NotEnqueuedException.class,
              () ->
                  enqueuer.enqueueAll(
                      IntStream.range(0, 600).mapToObj(FailedOrderIT::job), ids::add));

      assertEquals("j20", no.jobId());
    }
    assertEquals(names(0, 20), ids);
    assertEquals(names(0, 20), inTheQueue());
  }

  @Test
  void what_waits_for_its_record_fails_with_a_send_before_it() throws Exception {
    try (Enqueuer enqueuer = recorded().build()) {
      Fault held = jobs.server.proxy().on("PutItem").holdBefore(6);
      sqs.proxy().on("SendMessageBatch").afterFirst(3).deny().once();
      List<CompletableFuture<String>> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sent.add(enqueuer.enqueueAsync(job(i)));
      }
      held.awaitHit(LONG);
      problem(sent.get(3));

      held.release();

      for (CompletableFuture<String> behind : sent.subList(5, 10)) {
        NotEnqueuedException no = problem(behind);
        assertTrue(String.valueOf(no.getMessage()).contains("not authorized"), no.getMessage());
        assertFalse(no.perhaps());
      }
      enqueuer.enqueue(job(10));
    }
    List<String> taken = new ArrayList<>(names(0, 3));
    taken.add("j10");
    assertEquals(taken, inTheQueue());
  }

  @Test
  void what_is_behind_one_that_was_not_recorded_fails_with_it_and_what_is_before_it_does_not()
      throws Exception {
    try (Enqueuer enqueuer = recorded().build()) {
      Fault held = jobs.server.proxy().on("PutItem").holdBefore(1);
      jobs.server.proxy().on("PutItem").afterFirst(4).deny().once();
      List<CompletableFuture<String>> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sent.add(enqueuer.enqueueAsync(job(i)));
      }
      held.awaitHit(LONG);

      held.release();

      for (CompletableFuture<String> behind : sent.subList(5, 10)) {
        NotEnqueuedException no = problem(behind);
        assertTrue(String.valueOf(no.getMessage()).contains("not authorized"), no.getMessage());
      }
      enqueuer.enqueue(job(10));
    }
    List<String> taken = new ArrayList<>(names(0, 5));
    taken.add("j10");
    assertEquals(taken, inTheQueue());
  }

  @Test
  void an_enqueuer_that_stops_at_a_failure_sends_nothing_after_it() throws Exception {
    try (Enqueuer enqueuer = ordered().stopAtFailure().build()) {
      sqs.proxy().on("SendMessageBatch").afterFirst(1).deny().once();
      enqueuer.enqueue(job(0));
      problem(enqueuer.enqueueAsync(job(1)));

      problem(enqueuer.enqueueAsync(job(2)));
      assertThrows(NotEnqueuedException.class, () -> enqueuer.enqueue(job(3)));
    }
    assertEquals(names(0, 1), inTheQueue());
  }

  @Test
  void a_repair_sends_none_behind_one_that_it_could_not_send() throws Exception {
    for (int i = 0; i < 30; i++) {
      jobs.put(
          "j" + i,
          FIFO,
          Map.of(
              "state",
              "QUEUED",
              "definition",
              "j" + i,
              "message_group",
              "g",
              "deduplication_id",
              "d" + i,
              "queued_at",
              Instant.ofEpochSecond(i).toString()));
    }
    sqs.proxy().on("SendMessageBatch").afterFirst(10).deny().once();
    // Slow enough for the failure to be known before the last are handed over.
    jobs.server.proxy().on("UpdateItem").afterFirst(20).delay(Duration.ofMillis(50)).forever();
    List<String> sent = new ArrayList<>();

    try (Enqueuer enqueuer = recorded().build()) {
      RepairReport report = enqueuer.repair(Duration.ZERO, sent::add);
      assertEquals(20, report.failed());
    }
    assertEquals(names(0, 10), sent);
    assertEquals(names(0, 10), inTheQueue());
  }
}
