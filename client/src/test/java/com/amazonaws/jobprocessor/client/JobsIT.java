package com.amazonaws.jobprocessor.client;

import static com.amazonaws.jobprocessor.client.TableFixture.claim;
import static com.amazonaws.jobprocessor.client.TableFixture.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link Jobs} against DynamoDB Local, with records as workers write them. */
class JobsIT {
  private static final JobTable.End.Failed FAILED = new JobTable.End.Failed("IOException", "no");
  private static final JobTable.End.Dead DEAD = new JobTable.End.Dead("IOException", "never");

  private final JumpingClock clock = new JumpingClock();

  @SuppressWarnings("NullAway.Init")
  private TableFixture table;

  @SuppressWarnings("NullAway.Init")
  private Jobs jobs;

  @BeforeEach
  void open() throws Exception {
    table = new TableFixture();
    jobs = builder().build(clock);
    table.server.proxy().forget();
  }

  private static Jobs.Builder builder() {
    return Jobs.builder(TableFixture.QUEUE, TableFixture.TABLE);
  }

  @AfterEach
  void close() {
    jobs.close();
    table.close();
  }

  private int reads() {
    return table.server.proxy().requests("BatchGetItem");
  }

  @Test
  void a_job_is_told_with_its_state_times_worker_and_result() throws Exception {
    table.ended("a", success(new JobTable.Result.Text("done")));

    JobStatus status = jobs.status("a").orElseThrow();

    assertEquals(JobStatus.State.SUCCEEDED, status.state());
    assertEquals(new JobStatus.Result.Text("done"), status.result());
    assertEquals(1, status.attempts());
    assertEquals("i-1", status.workerId());
    assertEquals(Instant.ofEpochMilli(1_700_000_000_000L), status.times().enqueuedAt());
    assertEquals(Duration.ofMillis(12), status.times().took());
    assertTrue(Objects.requireNonNull(status.times().startedAt()).isAfter(Instant.EPOCH));
    assertNull(status.times().submittedAt());
    assertNull(status.error());
    assertEquals(1, reads());
  }

  @Test
  void failures_are_told_with_their_errors_and_an_empty_result_is_one() throws Exception {
    table.ended("failed", FAILED);
    table.ended("dead", DEAD);
    table.ended("empty", success(new JobTable.Result.Text("")));
    table.ended("sent", success(new JobTable.Result.Sent()));
    table.put("queued", Map.of("state", "QUEUED", "queued_at", "2026-01-02T03:04:05.678Z"));
    table.put("paused", Map.of("state", "PAUSED"));

    Map<String, JobStatus> all =
        jobs.status(List.of("failed", "dead", "empty", "sent", "queued", "paused", "none"));

    assertEquals(
        List.of("failed", "dead", "empty", "sent", "queued", "paused"),
        List.copyOf(all.keySet()),
        "in the order given");
    assertEquals(
        List.of("FAILED", "DEAD", "SUCCEEDED", "SUCCEEDED", "QUEUED", "OTHER"),
        all.values().stream().map(status -> status.state().name()).toList());
    assertEquals(new JobStatus.Failure("IOException", "no"), status(all, "failed").error());
    assertEquals(new JobStatus.Failure("IOException", "never"), status(all, "dead").error());
    assertEquals(new JobStatus.Result.Text(""), status(all, "empty").result());
    assertEquals(new JobStatus.Result.InResultsQueue(), status(all, "sent").result());
    assertEquals(
        Instant.parse("2026-01-02T03:04:05.678Z"), status(all, "queued").times().submittedAt());
    assertEquals("PAUSED", status(all, "paused").stateName());
    assertEquals(1, reads());
    assertEquals(Optional.empty(), jobs.status("none"));
  }

  private static JobStatus status(Map<String, JobStatus> all, String id) {
    return Objects.requireNonNull(all.get(id), id);
  }

  @Test
  void a_thousand_jobs_take_ten_reads() throws Exception {
    List<String> ids = new ArrayList<>(IntStream.range(0, 1000).mapToObj(i -> "j" + i).toList());
    ids.add("j0");
    table.ended("j999", success(new JobTable.Result.Text("done")));

    assertEquals(List.of("j999"), List.copyOf(jobs.status(ids).keySet()));
    assertEquals(10, reads());
  }

  @Test
  void a_read_that_fails_is_made_again_and_one_that_is_denied_is_not() throws Exception {
    table.ended("a", DEAD);
    table.server.proxy().on("BatchGetItem").fail(500).once();
    table.server.proxy().on("BatchGetItem").error(400, "ThrottlingException", "slower").once();
    assertTrue(jobs.status("a").isPresent());
    assertEquals(3, reads());

    table.server.proxy().on("BatchGetItem").error(400, "AccessDeniedException", "no").once();
    ClientException denied = assertThrows(ClientException.class, () -> jobs.status("a"));
    assertEquals("reading the job table failed: HTTP 400: no", denied.getMessage());
    assertEquals(4, reads());
  }

  @Test
  void a_table_that_is_missing_is_named() {
    try (Jobs none = Jobs.builder("todo", "no-such-table").region("us-east-1").build()) {
      String message = "there is no table \"no-such-table\" in this region";
      assertEquals(
          message, assertThrows(ClientException.class, () -> none.status("a")).getMessage());
      assertEquals(
          message, assertThrows(ClientException.class, () -> none.cancel("a")).getMessage());
    }
  }

  @Test
  void what_can_be_no_id_is_refused_without_a_request() {
    for (String id : List.of("", "a\nb", "x".repeat(257))) {
      assertThrows(IllegalArgumentException.class, () -> jobs.status(id));
      assertThrows(IllegalArgumentException.class, () -> jobs.status(List.of("a", id)));
      assertThrows(IllegalArgumentException.class, () -> jobs.await(id, Duration.ZERO));
      assertThrows(IllegalArgumentException.class, () -> jobs.cancel(id));
    }
    assertEquals(0, table.server.proxy().calls().size());
  }

  @Test
  void large_results_are_fetched_where_the_bucket_is_named() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      Settings.use(Map.of("aws.endpointUrlS3", s3.endpoint().toString()));
      s3.createBucket("payloads");
      s3.put("payloads", "k", "large".getBytes(UTF_8));
      String pointer =
          "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
              + "{\"s3BucketName\":\"payloads\",\"s3Key\":\"k\"}]";
      table.ended("a", success(new JobTable.Result.Stored(pointer)));
      JobStatus.Result.InBucket stored = new JobStatus.Result.InBucket(pointer);
      assertEquals(stored, jobs.status("a").orElseThrow().result());
      assertThrows(IllegalStateException.class, () -> jobs.fetch(stored));

      try (Jobs rich = builder().payloadBucket("payloads").build(clock)) {
        JobStatus.Result text = new JobStatus.Result.Text("large");
        assertEquals(text, rich.status("a").orElseThrow().result());
        assertEquals(text, rich.await("a", Duration.ZERO).orElseThrow().result());
        assertEquals(stored, status(rich.status(List.of("a")), "a").result(), "not with many");
        assertEquals("large", rich.fetch(stored));

        String missing = pointer.replace("\"k\"", "\"none\"");
        table.ended("b", success(new JobTable.Result.Stored(missing)));
        ClientException failure = assertThrows(ClientException.class, () -> rich.status("b"));
        assertTrue(
            String.valueOf(failure.getMessage()).startsWith("fetching from S3 failed: PayloadMiss"),
            failure.getMessage());
      }
    }
  }

  @Test
  void a_wait_ends_with_the_job() throws Exception {
    ClaimRequest claim = claim("a", "m");
    table.worker.claim(claim);
    clock.afterSleep =
        () -> {
          if (clock.slept().compareTo(Duration.ofSeconds(30)) > 0) {
            record(claim, success(new JobTable.Result.Text("done")));
          }
        };

    JobStatus end = jobs.await("a", Duration.ofHours(1)).orElseThrow();

    assertEquals(new JobStatus.Result.Text("done"), end.result());
    assertTrue(clock.slept().compareTo(Duration.ofSeconds(40)) <= 0, clock.slept().toString());
  }

  private void record(ClaimRequest claim, JobTable.End end) {
    try {
      table.worker.record(claim, end);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_wait_for_a_minute_is_at_most_eighteen_reads_and_no_longer() throws Exception {
    table.worker.claim(claim("a", "m"));

    assertEquals(Optional.empty(), jobs.await("a", Duration.ofMinutes(1)));
    assertEquals(Duration.ofMinutes(1), clock.slept());
    assertTrue(reads() >= 10 && reads() <= 18, reads() + " reads");
    assertEquals(Optional.empty(), jobs.await("unknown", Duration.ZERO));
  }

  @Test
  void a_wait_ends_with_its_thread() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class, () -> jobs.await("a", Duration.ofSeconds(Long.MAX_VALUE)));
    Thread.interrupted();
  }

  @Test
  void a_job_that_waits_is_cancelled_and_no_worker_runs_it() throws Exception {
    table.put("queued", Map.of("state", "QUEUED", "queued_at", "2026-01-02T03:04:05.678Z"));
    table.ended("failed", FAILED);
    ClaimRequest released = claim("released", "m");
    table.worker.claim(released);
    table.worker.release(released);

    for (String id : List.of("queued", "failed", "released")) {
      assertEquals(new Cancellation.Cancelled(), jobs.cancel(id), id);
      assertEquals(new Cancellation.Cancelled(), jobs.cancel(id), "again: " + id);
      assertEquals(new JobTable.Standing.Cancelled(), table.worker.claim(claim(id, "m-" + id)));
      assertEquals(
          JobStatus.State.CANCELLED,
          jobs.await(id, Duration.ZERO).orElseThrow().state(),
          "who waits for it need not wait on");
    }
    assertEquals(6, table.server.proxy().requests("UpdateItem"), "one write each");
  }

  @Test
  void a_job_that_runs_goes_on_and_one_that_has_ended_stays_as_it_is() throws Exception {
    ClaimRequest running = claim("running", "m");
    table.worker.claim(running);
    table.ended("done", success(new JobTable.Result.Text("done")));
    table.ended("dead", DEAD);
    table.put("paused", Map.of("state", "PAUSED"));

    assertEquals(new Cancellation.Running(), jobs.cancel("running"));
    assertTrue(table.worker.record(running, success(new JobTable.Result.Text("done"))));
    assertEquals(new Cancellation.Ended(JobStatus.State.SUCCEEDED), jobs.cancel("done"));
    assertEquals(new Cancellation.Ended(JobStatus.State.DEAD), jobs.cancel("dead"));
    assertEquals(new Cancellation.LeftAlone("PAUSED"), jobs.cancel("paused"));
    assertEquals("PAUSED", table.text("paused", "state"));
    assertEquals(new JobStatus.Result.Text("done"), jobs.status("done").orElseThrow().result());
  }

  @Test
  void a_job_that_nobody_knows_is_not_run_when_it_comes() throws Exception {
    assertEquals(new Cancellation.Unknown(), jobs.cancel("later"));
    assertEquals(new Cancellation.Unknown(), jobs.cancel("later"), "as was said before");

    assertInstanceOf(
        JobTable.Standing.Cancelled.class, table.worker.claim(claim("later", "m-later")));
    long days15 = Instant.now().plus(Duration.ofDays(15)).getEpochSecond();
    long expires = Long.parseLong(Objects.requireNonNull(table.text("later", "expires_at")));
    assertTrue(Math.abs(expires - days15) < 3600, "it outlives every message of the queue");
  }

  @Test
  void a_cancel_whose_answer_was_lost_says_the_same_when_it_is_made_again() throws Exception {
    table.ended("failed", FAILED);
    table.server.proxy().on("UpdateItem").loseAnswer().once();
    assertEquals(new Cancellation.Cancelled(), jobs.cancel("failed"));
    table.server.proxy().on("UpdateItem").loseAnswer().once();
    assertEquals(new Cancellation.Unknown(), jobs.cancel("later"));
  }

  @Test
  void a_job_whose_worker_has_died_is_cancelled_and_the_worker_fenced_off() throws Exception {
    Instant before = Instant.now().minus(Duration.ofMinutes(3));
    ClaimRequest lost = claim("a", "m");
    table.worker(InstantSource.fixed(before)).claim(lost);

    assertEquals(new Cancellation.Cancelled(), jobs.cancel("a"));
    assertTrue(!table.worker.record(lost, success(new JobTable.Result.Text("late"))));
    assertEquals(new JobTable.Standing.Cancelled(), table.worker.claim(claim("a", "m")));
  }

  @Test
  void a_record_of_another_life_that_has_expired_counts_as_none() throws Exception {
    Instant before = Instant.now().minus(Duration.ofDays(16));
    JobTable old = table.worker(InstantSource.fixed(before));
    ClaimRequest claim = claim("a", "m");
    old.claim(claim);
    old.record(claim, success(new JobTable.Result.Text("old")));

    assertEquals(new Cancellation.Unknown(), jobs.cancel("a"));
    assertNull(table.text("a", "result"));
    assertEquals(new JobTable.Standing.Cancelled(), table.worker.claim(claim("a", "m2")));
  }
}
