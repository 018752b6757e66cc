package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.MOMENT;
import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.InMemoryPayloads;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole workers around queues, a job table and a payload bucket in memory. */
class LargePayloadTest {
  private static final String LARGE = "x".repeat(1_100_000);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
  private final List<Worker> workers = new ArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private Rig rig(int retries, @Nullable InMemoryJobTable withTable) {
    return new Rig(clock, folder, 3, Duration.ofMinutes(10), retries, null, withTable, true);
  }

  private void start(Rig rig, JobExecutor executor) {
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              return executor.execute(job);
            });
    workers.add(worker);
    worker.start();
  }

  @AfterEach
  void drainAll() throws InterruptedException {
    for (Worker worker : workers) {
      worker.drain(Duration.ZERO);
    }
  }

  /** With the clock at rest nothing lingers, nor comes again. */
  private void awaitEmpty(InMemoryQueue queue) {
    awaitAsTimePasses(clock, Duration.ofMillis(100), () -> queue.contents().isEmpty());
  }

  private static OutgoingMessage pointer(String pointer, Map<String, Attribute> attributes) {
    return new OutgoingMessage(
        pointer, PayloadPointer.mark(new LinkedHashMap<>(attributes), 1_100_000));
  }

  private static OutgoingMessage pointer(String pointer) {
    return pointer(pointer, Map.of());
  }

  private static Map<String, Attribute> id(String id) {
    return Map.of("job_id", Attribute.of(id));
  }

  @Test
  void a_job_in_the_bucket_is_run_and_its_object_deleted_after_its_message() {
    Rig rig = rig(0, null);
    String pointer = rig.payloads.store(LARGE);
    rig.backlog.put(pointer(pointer));
    start(rig, job -> job.length() + "");
    awaitEmpty(rig.backlog);

    assertEquals("1100000", rig.results.contents().getFirst().body());
    await().until(() -> rig.payloads.size() == 0);
  }

  @Test
  void a_large_result_travels_as_a_pointer() throws Exception {
    Rig rig = rig(0, null);
    rig.backlog.put("job");
    start(rig, _ -> LARGE);
    awaitEmpty(rig.backlog);

    OutgoingMessage result = rig.results.contents().getFirst();
    assertTrue(PayloadPointer.isPointer(result.attributes()));
    assertEquals(1_100_000, PayloadPointer.sizeOf(result.attributes()).orElseThrow());
    assertEquals(LARGE, rig.payloads.fetch(result.body()));
  }

  /** An object may have what SQS refuses in a message. */
  @Test
  void a_large_result_may_have_any_characters_and_a_small_one_those_of_sqs() throws Exception {
    Rig rig = rig(0, null);
    rig.backlog.put("zeros");
    rig.backlog.put("half");
    start(
        rig,
        job ->
            switch (job) {
              case "zeros" -> "\u0000".repeat(1_100_000);
              case "half" -> LARGE + "\ud83d";
              default -> "\u0000";
            });
    awaitEmpty(rig.backlog);

    assertEquals(1, rig.results.contents().size());
    OutgoingMessage result = rig.results.contents().getFirst();
    assertEquals("\u0000".repeat(1_100_000), rig.payloads.fetch(result.body()));
    assertRefused(rig.deadLetters.contents(), 1); // half of a character is none

    rig.backlog.put("small");
    awaitEmpty(rig.backlog);
    assertRefused(rig.deadLetters.contents(), 2);
  }

  private static void assertRefused(List<OutgoingMessage> letters, int count) {
    assertEquals(count, letters.size());
    letters.forEach(
        letter ->
            assertEquals(Attribute.of("ResultRefused"), letter.attributes().get("error_type")));
  }

  private static void takesOnly(InMemoryQueue queue, int bytes) {
    queue.refuse(message -> MessageFormat.size(message.body(), message.attributes()) > bytes);
  }

  /** MaximumMessageSize of the queue. */
  @Test
  void a_result_that_is_too_large_for_its_queue_alone_travels_as_a_pointer() throws Exception {
    for (InMemoryJobTable withTable : new InMemoryJobTable[] {null, table}) {
      Rig rig = rig(0, withTable);
      takesOnly(rig.results, 2_000);
      rig.backlog.put(new OutgoingMessage("large", id("a")));
      rig.backlog.put(new OutgoingMessage("small", id("b")));
      start(rig, job -> job.equals("large") ? "x".repeat(3_000) : job);
      awaitEmpty(rig.backlog);

      assertEquals(List.of(), rig.deadLetters.contents());
      assertEquals(2, rig.results.contents().size());
      for (OutgoingMessage result : rig.results.contents()) {
        boolean large = PayloadPointer.isPointer(result.attributes());
        assertEquals(
            large ? Attribute.of("a") : Attribute.of("b"), result.attributes().get("job_id"));
        assertEquals(
            large ? "x".repeat(3_000) : "small",
            large ? rig.payloads.fetch(result.body()) : result.body());
      }
      assertEquals(1, rig.payloads.size());
    }
  }

  @Test
  void so_does_a_result_of_a_pack() throws Exception {
    Rig rig = rig(0, null);
    takesOnly(rig.results, 2_000);
    rig.backlog.put(
        new OutgoingMessage(
            "{\"job_id\":\"a\",\"body\":\"large\"}\n{\"job_id\":\"b\",\"body\":\"small\"}",
            Map.of("job_pack", Attribute.of("1"), "result_pack", Attribute.of("1"))));
    start(rig, job -> job.equals("large") ? "x".repeat(3_000) : job);
    awaitEmpty(rig.backlog);

    assertEquals(List.of(), rig.deadLetters.contents());
    OutgoingMessage large =
        rig.results.contents().stream()
            .filter(result -> PayloadPointer.isPointer(result.attributes()))
            .findFirst()
            .orElseThrow();
    assertEquals(Attribute.of("a"), large.attributes().get("job_id"));
    assertEquals("x".repeat(3_000), rig.payloads.fetch(large.body()));
  }

  /** What SQS refuses for another reason leaves no object behind. */
  @Test
  void a_result_that_is_refused_as_a_pointer_as_well_fails_its_job() throws Exception {
    Rig rig = rig(0, null);
    rig.results.refuse(_ -> true);
    rig.backlog.put("job");
    start(rig, _ -> "x".repeat(3_000));
    awaitEmpty(rig.backlog);

    assertRefused(rig.deadLetters.contents(), 1);
    await().until(() -> rig.payloads.size() == 0);
  }

  /** Its bytes had no room beside it, and the worker ended. */
  @Test
  void a_result_that_the_heap_has_no_room_for_fails_its_job() throws Exception {
    Rig rig = rig(0, null);
    rig.backlog.put("job");
    Worker worker =
        rig.worker(_ -> LARGE, rig.ports, new WorkSettings.Host("i-2", folder, 3_300_000 - 3));
    workers.add(worker);
    worker.start();

    awaitEmpty(rig.backlog);

    assertEquals(
        Attribute.of("ResultTooLarge"),
        rig.deadLetters.contents().getFirst().attributes().get("error_type"));
    assertEquals(0, rig.payloads.size());
  }

  @Test
  void each_sending_of_a_large_result_has_an_object_of_its_own() throws Exception {
    Rig rig = rig(0, null);
    rig.backlog.put("job");
    rig.results.loseNextAnswer();
    start(rig, _ -> LARGE);
    awaitEmpty(rig.backlog);

    List<OutgoingMessage> results = rig.results.contents();
    assertEquals(2, results.size());
    assertNotEquals(results.getFirst().body(), results.getLast().body());
    assertEquals(LARGE, rig.payloads.fetch(results.getFirst().body()));
    assertEquals(LARGE, rig.payloads.fetch(results.getLast().body()));
  }

  @Test
  void a_dead_letter_takes_the_object_over_and_its_copy_gets_one_of_its_own() throws Exception {
    Rig rig = rig(0, null);
    String pointer = rig.payloads.store(LARGE);
    rig.backlog.put(pointer(pointer));
    rig.deadLetters.loseNextAnswer();
    start(
        rig,
        _ -> {
          throw new IOException("no");
        });
    awaitEmpty(rig.backlog);

    List<OutgoingMessage> letters = rig.deadLetters.contents();
    assertEquals(pointer, letters.getFirst().body());
    assertNotEquals(pointer, letters.getLast().body());
    assertEquals(2, letters.size());
    assertEquals(LARGE, rig.payloads.fetch(letters.getLast().body()));
    assertEquals(2, rig.payloads.size(), "the job's object is the dead letter's");
  }

  @Test
  void what_cannot_be_fetched_is_the_failure_of_its_job_alone() {
    Rig rig = rig(1, null);
    String missing = rig.payloads.store("gone");
    rig.payloads.delete(missing);
    String denied = rig.payloads.store("secret");
    rig.payloads.deny(denied);
    rig.backlog.put(pointer(missing));
    rig.backlog.put(pointer(denied));
    rig.backlog.put(pointer("no pointer"));
    rig.backlog.put(
        pointer(new InMemoryPayloads("foreign").store("in the bucket of somebody else")));
    rig.backlog.put(
        new OutgoingMessage(
            "a pointer of another library's",
            Map.of(PayloadPointer.FOREIGN, Attribute.of("(bucket)key"))));
    rig.backlog.put("small");
    start(rig, job -> job);
    awaitEmpty(rig.backlog);

    assertEquals(List.of("small"), runs);
    assertEquals(
        List.of(
            "PayloadDenied",
            "PayloadMissing",
            "PayloadRefused",
            "PayloadRefused",
            "PayloadRefused"),
        errorTypes(rig));
  }

  private static List<String> errorTypes(Rig rig) {
    return rig.deadLetters.contents().stream()
        .map(letter -> letter.attributes().get("error_type"))
        .map(type -> type == null ? "" : String.valueOf(type.text()))
        .sorted()
        .toList();
  }

  @Test
  void with_a_table_the_claim_comes_before_the_payload_is_fetched() {
    Rig rig = rig(0, table);
    rig.backlog.put(pointer(rig.payloads.store(LARGE), id("a")));
    start(
        rig,
        job -> {
          assertEquals("RUNNING 1 0", table.stateOf("a"));
          return job;
        });
    // Not so fast that a claimed job goes back before a slot of a busy machine has taken it.
    awaitAsTimePasses(clock, Duration.ofMillis(2), () -> rig.backlog.contents().isEmpty());

    assertEquals("SUCCEEDED 1 0", table.stateOf("a"));
    assertEquals(2, table.writes.stream().filter(write -> !write.equals("renew")).count());
  }

  @Test
  void one_id_sent_again_with_another_object_is_the_same_job_and_with_another_payload_is_not() {
    Rig rig = rig(0, table);
    rig.backlog.put(pointer(rig.payloads.store(LARGE), id("a")));
    start(rig, job -> job.length() + "");
    awaitEmpty(rig.backlog);
    rig.backlog.put(pointer(rig.payloads.store(LARGE), id("a")));
    awaitEmpty(rig.backlog);
    rig.backlog.put(pointer(rig.payloads.store(LARGE + "!"), id("a")));
    awaitEmpty(rig.backlog);

    assertEquals(1, runs.size());
    assertEquals(
        List.of("1100000", "1100000"),
        rig.results.contents().stream().map(OutgoingMessage::body).toList());
    assertEquals(List.of("JobIdReused"), errorTypes(rig));
  }

  @Test
  void the_records_copy_of_a_large_result_is_never_the_one_that_is_sent() throws Exception {
    Rig rig = rig(0, table);
    rig.backlog.put(new OutgoingMessage("job", id("a")));
    start(rig, _ -> LARGE);
    awaitEmpty(rig.backlog);
    OutgoingMessage first = rig.results.contents().getFirst();
    rig.payloads.delete(first.body()); // by whoever has read it
    rig.backlog.put(new OutgoingMessage("job", id("a")));
    awaitEmpty(rig.backlog);

    OutgoingMessage second = rig.results.contents().getLast();
    assertEquals(1, runs.size());
    assertNotEquals(first.body(), second.body());
    assertEquals(LARGE, rig.payloads.fetch(second.body()));
    rig.payloads.delete(second.body());
    assertEquals(1, rig.payloads.size(), "the record's");
  }

  @Test
  void a_result_that_fits_a_message_and_no_record_is_recorded_in_the_bucket() {
    Rig rig = rig(0, table);
    String medium = "y".repeat(500_000);
    rig.backlog.put(new OutgoingMessage("job", id("a")));
    start(rig, _ -> medium);
    awaitEmpty(rig.backlog);
    rig.backlog.put(new OutgoingMessage("job", id("a")));
    awaitEmpty(rig.backlog);

    assertEquals(1, runs.size());
    assertEquals(
        List.of(medium, medium),
        rig.results.contents().stream().map(OutgoingMessage::body).toList());
    assertFalse(PayloadPointer.isPointer(rig.results.contents().getFirst().attributes()));
    assertEquals(1, rig.payloads.size());
  }

  @Test
  void while_the_bucket_is_away_jobs_go_back_and_cost_no_attempt() {
    Rig rig = rig(0, table);
    String pointer = rig.payloads.store(LARGE);
    rig.backlog.put(pointer(pointer, id("a")));
    rig.payloads.failNext(
        new CallFailed("Test", "", CallFailed.Kind.UNKNOWN, new IllegalStateException()));
    start(rig, job -> job.length() + "");
    awaitEmpty(rig.backlog);

    assertEquals("SUCCEEDED 1 0", table.stateOf("a"));
    assertEquals(1, rig.results.contents().size());
  }

  /** A job that has ended with a result that is in the bucket only; its own object is gone. */
  private Rig withRecordedResult() {
    Rig rig = rig(0, table);
    rig.backlog.put(pointer(rig.payloads.store(LARGE), id("a")));
    start(rig, _ -> "r".repeat(400_000));
    awaitEmpty(rig.backlog);
    await().until(() -> rig.payloads.size() == 1);
    return rig;
  }

  @Test
  void a_dead_letter_keeps_its_object_when_the_recorded_result_is_gone() throws Exception {
    Rig rig = withRecordedResult();
    rig.payloads.delete(rig.payloads.pointers().getFirst());

    rig.backlog.put(pointer(rig.payloads.store(LARGE), id("a")));
    awaitEmpty(rig.backlog);

    OutgoingMessage letter = rig.deadLetters.contents().getFirst();
    String after = rig.payloads.store("another job");
    rig.backlog.put(pointer(after));
    awaitEmpty(rig.backlog);
    await().until(() -> !rig.payloads.pointers().contains(after)); // whoever deletes does it beside
    assertEquals(LARGE, rig.payloads.fetch(letter.body()));
  }

  @Test
  void a_recorded_result_that_may_not_be_read_is_waited_for() {
    Rig rig = withRecordedResult();
    rig.payloads.deny(rig.payloads.pointers().getFirst());

    rig.backlog.put(pointer(rig.payloads.store(LARGE), id("a")));

    await().until(() -> rig.recorder.events.toString().contains("back the recorded result cannot"));
    assertEquals("SUCCEEDED 1 0", table.stateOf("a"));
    assertEquals(List.of(), rig.deadLetters.contents());
  }

  /**
   * After a time in which no result could be sent, a worker had nothing but such jobs in flight.
   */
  @Test
  void recorded_results_of_messages_that_fill_the_memory_are_sent_one_by_one() {
    Rig rig = rig(0, table);
    String body = "x".repeat(600_000);
    List.of("a", "b", "c").forEach(id -> rig.backlog.put(new OutgoingMessage(body, id(id))));
    start(rig, _ -> "r".repeat(400_000));
    awaitEmpty(rig.backlog);
    WorkSettings.Host small = new WorkSettings.Host("i-2", folder, 2 << 20);
    List.of("a", "b", "c").forEach(id -> rig.backlog.put(new OutgoingMessage(body, id(id))));
    Worker worker = rig.worker(job -> job, rig.ports, small);
    workers.add(worker);
    worker.start();

    awaitEmpty(rig.backlog);

    assertEquals(3, runs.size());
    assertEquals(6, rig.results.contents().size());
  }

  @Test
  void recorded_results_are_fetched_while_there_is_memory_only() throws Exception {
    Rig rig = rig(0, table);
    String pointer = rig.payloads.store("r".repeat(400_000));
    SlotRun holds = rig.take("holds a quarter of the heap");
    SlotRun small = rig.take("small");
    SlotRun ended = rig.take("ended before");
    rig.room.inFlight().weigh(holds.job().message(), 1L << 28);

    rig.end(
        ended,
        new Outcome.SucceededBefore(
            new JobTable.End.Succeeded(new JobTable.Result.Stored(pointer), 1, Duration.ZERO),
            "i-2"));
    rig.end(small, new Outcome.Succeeded("small", Duration.ZERO));
    awaitAsTimePasses(
        clock, MOMENT, () -> rig.recorder.events.contains("succeeded " + small.job().id()));
    assertEquals(0, rig.payloads.fetches());
    rig.end(holds, Outcome.GivenBack.now("test"));

    awaitAsTimePasses(clock, MOMENT, () -> rig.results.contents().size() == 2);
  }
}
