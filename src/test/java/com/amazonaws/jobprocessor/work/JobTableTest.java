package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole workers around queues and a job table in memory. */
class JobTableTest {
  private static final Duration LEASE = Duration.ofMinutes(10);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final SettableWallClock wallClock = new SettableWallClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", wallClock);
  private final List<Worker> workers = new ArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private Rig rig(int slots, int retries) {
    return new Rig(clock, folder, slots, LEASE, retries, null, table, false);
  }

  private Worker start(Rig rig, JobExecutor executor) {
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              return executor.execute(job);
            });
    workers.add(worker);
    worker.start();
    return worker;
  }

  @AfterEach
  void drainAll() throws InterruptedException {
    for (Worker worker : workers) {
      worker.drain(Duration.ZERO);
    }
  }

  private static String put(Rig rig, String id, String body) {
    return rig.backlog.put(new OutgoingMessage(body, Map.of("job_id", Attribute.of(id))));
  }

  /** With the clock at rest nothing lingers, nor comes again. */
  private void awaitEmpty(InMemoryQueue queue) {
    awaitAsTimePasses(clock, Duration.ofMillis(100), () -> queue.contents().isEmpty());
  }

  private static ClaimRequest claim(String id, String messageId, String body) {
    return new ClaimRequest(
        id,
        messageId,
        ClaimRequest.Payload.of(body),
        null,
        UUID.randomUUID().toString(),
        Duration.ofSeconds(2),
        false);
  }

  private static final JobTable.End.Succeeded DONE =
      new JobTable.End.Succeeded(new JobTable.Result.Text("kept"), 7, Duration.ofMillis(5));

  @Test
  void every_job_runs_once_and_costs_two_writes() {
    Rig rig = rig(16, 1);
    for (int i = 0; i < 500; i++) {
      rig.backlog.put("job " + i);
    }
    start(rig, job -> job + "!");
    // Not so fast that a claimed job goes back before a slot of a busy machine has taken it.
    awaitAsTimePasses(clock, Duration.ofMillis(2), () -> rig.backlog.contents().isEmpty());

    assertEquals(500, runs.size());
    assertEquals(500, rig.results.contents().size());
    assertEquals(1_000, table.writes.stream().filter(write -> !write.equals("renew")).count());
  }

  @Test
  void one_id_sent_five_times_is_one_run_and_five_equal_results() {
    Rig rig = rig(4, 1);
    for (int i = 0; i < 5; i++) {
      put(rig, "a", "job");
    }
    start(rig, job -> job + runs.size());
    awaitEmpty(rig.backlog);

    assertEquals(1, runs.size());
    assertEquals(5, rig.results.contents().size());
    assertEquals(1, rig.results.contents().stream().map(OutgoingMessage::body).distinct().count());
  }

  @Test
  void n_retries_are_n_plus_one_runs_whatever_the_count_of_receives_says() throws Exception {
    Rig rig = rig(1, 3);
    rig.backlog.put("job");
    for (int i = 0; i < 5; i++) {
      List<Delivery> deliveries = rig.backlog.receive(1, Duration.ZERO, LEASE);
      rig.backlog.changeVisibility(
          List.of(new Backlog.VisibilityChange(deliveries.getFirst().receiptHandle(), 0)));
    }
    start(
        rig,
        _ -> {
          throw new IOException("always");
        });
    await().until(() -> rig.deadLetters.contents().size() == 1);

    assertEquals(4, runs.size());
    assertEquals("4", text(rig.deadLetters.contents().getFirst(), "attempts"));
  }

  private static String text(OutgoingMessage message, String attribute) {
    Attribute value = message.attributes().get(attribute);
    return value == null ? "" : String.valueOf(value.text());
  }

  @Test
  void a_drain_releases_the_claim() throws Exception {
    Rig rig = rig(1, 0);
    String id = rig.backlog.put("slow");
    CountDownLatch never = new CountDownLatch(1);
    Worker worker =
        start(
            rig,
            _ -> {
              never.await();
              return "";
            });
    await().until(() -> runs.size() == 1);
    assertEquals("RUNNING 1 0", table.stateOf(id));

    worker.drain(Duration.ZERO);

    assertEquals("QUEUED 0 0", table.stateOf(id));
    assertEquals(0, rig.backlog.invisible());
  }

  @Test
  void a_drain_does_not_wait_for_a_table_that_is_away() throws Exception {
    Rig rig = rig(1, 0);
    rig.backlog.put("slow");
    CountDownLatch never = new CountDownLatch(1);
    Worker worker =
        start(
            rig,
            _ -> {
              never.await();
              return "";
            });
    await().until(() -> runs.size() == 1);
    CallFailed[] away = new CallFailed[1_000];
    Arrays.setAll(away, _ -> failure(CallFailed.Kind.UNKNOWN));
    table.failNext(away);

    worker.drain(Duration.ZERO);

    assertEquals(0, rig.backlog.invisible(), "nothing is left invisible");
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void a_dead_owners_job_is_taken_over_after_its_lease_and_not_before() throws Exception {
    Rig rig = rig(1, 1).hurry();
    String id = put(rig, "a", "job");
    table.of("i-2").claim(claim("a", id, "job"));
    for (int i = 1; i <= 2; i++) {
      receiveAndAwaitGiveBack(rig, i);
      assertEquals("RUNNING 1 0", table.stateOf("a"));
      clock.advance(Duration.ofSeconds(2));
    }
    rig.receive(1);
    rig.end(rig.take(), new Outcome.Succeeded("done", Duration.ZERO));
    rig.awaitNoneInFlight();

    assertEquals("2", text(rig.results.contents().getFirst(), "attempts"));
    assertEquals("SUCCEEDED 2 1", table.stateOf("a"));
  }

  private static void receiveAndAwaitGiveBack(Rig rig, int times) throws Exception {
    rig.receive(1);
    rig.awaitNoneInFlight();
    assertEquals(Collections.nCopies(times, "back another worker has it"), rig.recorder.events);
    assertEquals(1, rig.backlog.invisible());
  }

  @Test
  void a_job_that_another_worker_holds_is_not_run() throws Exception {
    Rig rig = rig(1, 1).hurry();
    String id = put(rig, "a", "job");
    ClaimRequest theirs = claim("a", id, "job");
    InMemoryJobTable other = table.of("i-2");
    other.claim(theirs);
    for (int i = 1; i <= 4; i++) {
      receiveAndAwaitGiveBack(rig, i);
      clock.advance(Duration.ofSeconds(2));
      wallClock.advance(Duration.ofSeconds(2));
      other.renew(theirs);
    }
    other.record(theirs, DONE);
    rig.receive(1);
    rig.awaitNoneInFlight();

    assertEquals("succeeded a", rig.recorder.events.getLast());
    assertEquals("kept", rig.results.contents().getFirst().body());
    assertEquals("i-2", text(rig.results.contents().getFirst(), "worker_id"));
    assertEquals("7", text(rig.results.contents().getFirst(), "attempts"));
  }

  @Test
  void a_late_result_of_who_lost_its_claim_is_not_sent() throws Exception {
    Rig rig = rig(1, 1);
    String id = put(rig, "a", "job");
    CountDownLatch finish = new CountDownLatch(1);
    start(
        rig,
        _ -> {
          finish.await();
          return "late";
        });
    await().until(() -> runs.size() == 1);
    InMemoryJobTable other = table.of("i-2");
    ClaimRequest theirs = claim("a", id, "job");
    other.takeOver(theirs, (JobTable.Standing.Held) other.claim(theirs));
    finish.countDown();
    await().until(() -> rig.recorder.events.contains("lost a"));

    assertEquals(List.of(), rig.results.contents());
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void while_the_table_is_away_jobs_go_back_and_nothing_runs() {
    Rig rig = rig(1, 0);
    String id = rig.backlog.put("job");
    table.failNext(failure(CallFailed.Kind.REJECTED), failure(CallFailed.Kind.REJECTED));
    start(rig, job -> job);
    awaitEmpty(rig.backlog);

    assertEquals(List.of("job"), runs);
    assertEquals("1", text(rig.results.contents().getFirst(), "attempts"));
    assertEquals("SUCCEEDED 1 0", table.stateOf(id));
    assertTrue(rig.recorder.events.contains("back the job table does not answer"));
  }

  private static CallFailed failure(CallFailed.Kind kind) {
    return new CallFailed("Test", "played", kind, new IllegalStateException());
  }

  @Test
  void a_claim_whose_answer_was_lost_costs_no_attempt() {
    Rig rig = rig(1, 0);
    String id = rig.backlog.put("job");
    table.loseNextAnswer();
    start(rig, job -> job);
    awaitEmpty(rig.backlog);

    assertEquals("SUCCEEDED 1 0", table.stateOf(id));
    assertEquals(1, runs.size());
  }

  @Test
  void a_record_whose_answer_was_lost_is_no_reason_to_drop_the_result() {
    Rig rig = rig(1, 0);
    rig.backlog.put("job");
    start(
        rig,
        job -> {
          table.loseNextAnswer();
          return job;
        });
    awaitEmpty(rig.backlog);

    assertEquals(1, rig.results.contents().size());
    assertEquals(1, runs.size());
  }

  @Test
  void a_result_is_not_sent_before_it_is_recorded() {
    Rig rig = rig(1, 0);
    String id = rig.backlog.put("job");
    start(
        rig,
        job -> {
          table.failNext(failure(CallFailed.Kind.UNKNOWN), failure(CallFailed.Kind.REJECTED));
          assertEquals("RUNNING 1 0", table.stateOf(id));
          return job;
        });
    awaitEmpty(rig.backlog);

    assertEquals("SUCCEEDED 1 0", table.stateOf(id));
    assertEquals(1, rig.results.contents().size());
  }

  @Test
  void a_result_that_is_too_large_for_the_record_is_sent_before_it_is_recorded() throws Exception {
    Rig rig = rig(1, 0);
    String id = put(rig, "a", "job");
    start(rig, _ -> "x".repeat(400_000));
    awaitEmpty(rig.backlog);
    assertEquals("SUCCEEDED 1 0", table.stateOf("a"));

    JobTable.Standing standing = table.claim(claim("a", id, "job"));
    assertTrue(
        standing instanceof JobTable.Standing.Succeeded before
            && before.end().result() instanceof JobTable.Result.Sent);
    put(rig, "a", "job");
    awaitEmpty(rig.backlog);
    assertEquals(1, rig.results.contents().size(), "a copy brings no second result");
    assertEquals(1, runs.size());
  }

  @Test
  void a_result_that_the_queue_refuses_is_a_dead_letter_and_is_not_run_again() {
    Rig rig = rig(1, 5);
    String id = rig.backlog.put("job");
    rig.results.answerNext(new Answer.Refused("InvalidParameterValue", "too long"));
    start(rig, job -> job);
    awaitEmpty(rig.backlog);

    assertEquals(1, runs.size());
    assertEquals("DEAD 1 0", table.stateOf(id));
    assertEquals("ResultRefused", text(rig.deadLetters.contents().getFirst(), "error_type"));
  }

  @Test
  void a_dead_letters_message_is_dead_lettered_again_and_not_run() throws Exception {
    Rig rig = rig(1, 0);
    String id = put(rig, "a", "job");
    ClaimRequest theirs = claim("a", id, "job");
    table.claim(theirs);
    table.record(theirs, new JobTable.End.Dead("E", "no use"));
    start(rig, job -> job);
    awaitEmpty(rig.backlog);

    assertEquals(0, runs.size());
    assertEquals("no use", text(rig.deadLetters.contents().getFirst(), "error_message"));
    assertEquals("1", text(rig.deadLetters.contents().getFirst(), "attempts"));

    put(rig, "a", "job");
    awaitEmpty(rig.backlog);
    assertEquals(List.of("job"), runs, "sent back, it runs");
  }

  @Test
  void another_job_of_the_same_id_is_never_answered_with_a_strangers_result() {
    Rig rig = rig(1, 3);
    put(rig, "a", "job");
    start(rig, job -> job);
    awaitEmpty(rig.backlog);
    put(rig, "a", "another job");
    awaitEmpty(rig.backlog);

    assertEquals(List.of("job"), runs);
    assertEquals(1, rig.results.contents().size());
    assertEquals("JobIdReused", text(rig.deadLetters.contents().getFirst(), "error_type"));
    assertEquals("another job", rig.deadLetters.contents().getFirst().body());
    assertEquals("SUCCEEDED 1 0", table.stateOf("a"));
  }

  @Test
  void a_job_of_which_workers_died_runs_alone_at_its_last_attempt() throws Exception {
    Rig rig = rig(2, 1);
    String id = put(rig, "a", "job");
    table.of("i-2").claim(claim("a", id, "job"));
    List<Long> notes = new CopyOnWriteArrayList<>();
    start(
        rig,
        job -> {
          try (var files = Files.list(folder.resolve("suspects"))) {
            notes.add(files.count());
          }
          return job;
        });
    awaitEmpty(rig.backlog);

    assertEquals(List.of(1L), notes, "a note says that it runs");
  }

  /**
   * The result is sent before it is recorded, if it is too large for the table: nobody else may.
   */
  @Test
  void a_large_result_is_not_sent_once_the_claim_has_run_out() throws Exception {
    Rig rig = rig(1, 1);
    SlotRun run = rig.take("job");
    clock.advance(LEASE);
    rig.message().lease().renewed(clock.nanoTime(), 600); // SQS answered, the table did not

    rig.end(run, new Outcome.Succeeded("x".repeat(400_000), Duration.ZERO));

    await().until(() -> rig.recorder.events.contains("lost todo-1"));
    assertEquals(List.of(), rig.results.contents());
  }
}
