package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.InMemoryPayloads;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TableClaimsTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final JobTable.Standing NEEDED = new JobTable.Standing.PayloadNeeded();
  private static final JobTable.Standing MINE = new JobTable.Standing.Mine(3, 1);

  private final SettableClock clock = new SettableClock();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final Outage outage = new Outage(clock);
  private final WorkerRuntime runtime =
      new WorkerRuntime(clock, new WorkThreads(fatal::add), outage, _ -> {});
  private final InMemoryPayloads payloads = new InMemoryPayloads("payloads");
  private final PayloadStore store = new PayloadStore(payloads, 1L << 30, runtime);

  /** A table that answers a claim, and a take-over, as it is told. */
  private static class Scripted implements JobTable {
    final Standing claimed;
    final Standing takenOver;
    final Queue<CallFailed> failures = new ConcurrentLinkedQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile boolean ours = true;
    volatile CountDownLatch letGo = new CountDownLatch(0);

    Scripted(Standing claimed, Standing takenOver) {
      this.claimed = claimed;
      this.takenOver = takenOver;
    }

    private void begin(String call) throws CallFailed, InterruptedException {
      calls.add(call);
      letGo.await();
      CallFailed failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public String name() {
      return "table";
    }

    @Override
    public Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException {
      begin("claim");
      return claimed;
    }

    @Override
    public Standing takeOver(ClaimRequest claim, Standing.Held held)
        throws CallFailed, InterruptedException {
      begin("takeOver");
      return takenOver;
    }

    @Override
    public boolean renew(ClaimRequest claim) throws CallFailed, InterruptedException {
      begin("renew");
      return ours;
    }

    @Override
    public boolean record(ClaimRequest claim, End end) throws CallFailed, InterruptedException {
      begin("record");
      return ours;
    }

    @Override
    public boolean release(ClaimRequest claim) throws CallFailed, InterruptedException {
      begin("release");
      return ours;
    }
  }

  @AfterEach
  void end() {
    assertEquals(List.of(), fatal);
  }

  private Scripted table(JobTable.Standing claimed) {
    return new Scripted(claimed, NEEDED);
  }

  private TableClaims claims(JobTable table) {
    return claims(table, store, 1L << 28);
  }

  private TableClaims claims(JobTable table, PayloadStore bucket, long bytes) {
    return new TableClaims(table, bucket, new PayloadMemory(bytes, clock), LEASE, runtime);
  }

  private Job job() {
    return Messages.message("m", clock).jobs().getFirst();
  }

  private Job pointerJob() {
    return Messages.ofPointer("m", payloads.store("job"), 3, clock).jobs().getFirst();
  }

  private static CallFailed failure(CallFailed.Kind kind) {
    return new CallFailed("Played", "", kind, new IllegalStateException());
  }

  /** Its owner was taken for dead, and recorded its end before the take-over came. */
  @Test
  void a_job_that_ends_while_it_is_taken_over_goes_back() throws Exception {
    Scripted table = table(new JobTable.Standing.Held("v", LEASE, Duration.ofSeconds(-1), false));
    Claims claims = claims(table);

    assertEquals(
        new Outcome.GivenBack("another worker has just ended it", Duration.ofSeconds(2)),
        claims.claim(pointerJob(), false));
    assertEquals(List.of("claim", "claim", "takeOver"), table.calls);
  }

  /** A pointer does not tell whether it is the same job: what it stands for does. */
  @Test
  void a_stranger_with_its_job_in_the_bucket_does_not_take_over_a_dead_workers_job()
      throws Exception {
    List<String> digests = new ArrayList<>();
    Scripted table =
        new Scripted(new JobTable.Standing.Held("v", LEASE, Duration.ofSeconds(-1), false), MINE) {
          @Override
          public Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException {
            digests.add(String.valueOf(claim.payload().sha256()));
            return claim.payload().sha256() == null ? super.claim(claim) : new Standing.Reused();
          }
        };

    assertEquals(
        Outcome.Failed.forGood(
            "JobIdReused", "there is a job with this job_id and another definition"),
        claims(table).claim(pointerJob(), false));
    assertEquals(List.of("null", String.valueOf(ClaimRequest.Payload.of("job").sha256())), digests);
    assertEquals(List.of("claim"), table.calls, "nothing is taken over");
  }

  /** A worker that knows no table takes so many receives for deaths. */
  @Test
  void a_table_that_is_away_has_jobs_come_later_each_time() throws Exception {
    Scripted table = table(NEEDED);
    long before = 0;
    for (int receives : List.of(1, 4, 8, 12)) {
      table.failures.add(failure(CallFailed.Kind.REJECTED));
      Delivery delivery = new Delivery("m", "m#1", "body", Map.of(), receives);
      Job job = Messages.of(delivery, 1, clock).jobs().getFirst();

      Outcome back = claims(table).claim(job, false);

      long delay = ((Outcome.GivenBack) Objects.requireNonNull(back)).delay().toSeconds();
      assertTrue(delay >= Math.max(1, 2 * before), delay + " s at receive " + receives);
      before = delay;
    }
    assertTrue(before >= 2_000, before + " s");
  }

  @Test
  void that_the_bucket_is_away_is_no_failure_of_the_table() throws Exception {
    payloads.failNext(
        new CallFailed("Away", "", CallFailed.Kind.UNKNOWN, new IllegalStateException()));
    Claims claims = claims(table(NEEDED));
    Job job = pointerJob();

    assertEquals(
        new Outcome.GivenBack("the payload bucket does not answer", Duration.ofSeconds(5)),
        claims.claim(job, false));
    assertTrue(claims.nanosAway() <= 0);
    assertFalse(job.isClaimed(), "nothing is to be released");
  }

  /** Whatever sends back a bucket of large dead letters would fill the heap otherwise. */
  @Test
  void payloads_that_are_fetched_for_claims_share_their_room() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    AtomicInteger fetching = new AtomicInteger();
    Payloads slow =
        new Payloads() {
          @Override
          public String fetch(String pointer, int maxBytes) throws InterruptedException {
            fetching.incrementAndGet();
            letGo.await();
            return "job";
          }

          @Override
          public String store(String payload) {
            throw new IllegalStateException();
          }

          @Override
          public void delete(String pointer) {
            throw new IllegalStateException();
          }

          @Override
          public String copy(String pointer) {
            throw new IllegalStateException();
          }
        };
    // For two payloads of less than a mebibyte.
    Claims claims =
        claims(table(NEEDED), new PayloadStore(slow, 1L << 30, runtime), 2 * 3 * 1024 * 1024);
    List<Thread> claimers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      claimers.add(Thread.ofPlatform().start(() -> claim(claims)));
    }
    eventually(
        () ->
            fetching.get() == 2
                && claimers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));

    assertEquals(2, fetching.get());
    letGo.countDown();
    for (Thread claimer : claimers) {
      claimer.join();
    }
    assertEquals(5, fetching.get());
  }

  private void claim(Claims claims) {
    try {
      claims.claim(pointerJob(), false);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_job_that_is_ours_has_the_tables_attempt_and_deaths() throws Exception {
    Job job = job();

    assertNull(claims(table(MINE)).claim(job, false));
    assertTrue(job.isClaimed() && job.isOurs(clock.nanoTime()));
    assertEquals(3, job.attempt());
    assertEquals(1, job.deaths());
  }

  @Test
  void how_a_job_stands_says_what_becomes_of_it() throws Exception {
    JobTable.End.Succeeded end =
        new JobTable.End.Succeeded(new JobTable.Result.Text("r"), 2, Duration.ZERO);
    assertEquals(
        new Outcome.SucceededBefore(end, "i-2"),
        claims(table(new JobTable.Standing.Succeeded(end, "i-2", "token"))).claim(job(), false));
    assertEquals(
        new Outcome.DeadBefore("Bad", "for good"),
        claims(table(new JobTable.Standing.Dead(new JobTable.End.Dead("Bad", "for good"), 2)))
            .claim(job(), false));
    assertEquals(
        new Outcome.DoneBefore(),
        claims(table(new JobTable.Standing.Cancelled())).claim(job(), false));
    assertTrue(
        claims(table(new JobTable.Standing.Reused())).claim(job(), false)
                instanceof Outcome.Failed(String type, _, boolean permanent, _, _)
            && type.equals("JobIdReused")
            && permanent);
    assertTrue(
        claims(table(new JobTable.Standing.Unknown("PAUSED"))).claim(job(), false)
            instanceof Outcome.GivenBack);
  }

  @Test
  void without_a_bucket_a_payload_that_must_be_known_is_refused_for_good() throws Exception {
    TableClaims claims =
        claims(table(NEEDED), new PayloadStore(Payloads.NONE, 1L << 30, runtime), 1L << 28);

    assertTrue(
        claims.claim(pointerJob(), false)
                instanceof Outcome.Failed(String type, _, boolean permanent, _, _)
            && type.equals("PayloadRefused")
            && permanent,
        "it would come back for ever");
  }

  @Test
  void a_job_that_another_worker_has_is_looked_at_ever_later_until_that_worker_is_dead()
      throws Exception {
    Scripted table =
        new Scripted(new JobTable.Standing.Held("v", LEASE, Duration.ofSeconds(90), false), MINE);
    Claims claims = claims(table);
    assertEquals(
        new Outcome.GivenBack("another worker has it", Duration.ofSeconds(2)),
        claims.claim(job(), false));
    clock.advance(LEASE);
    assertNotNull(claims.claim(job(), false), "for a lease, by our clock");
    clock.advance(Duration.ofNanos(1));

    assertNull(claims.claim(job(), false), "it was neither renewed nor ended");
    assertEquals(List.of("claim", "claim", "claim", "takeOver"), table.calls);
  }

  @Test
  void a_table_that_does_not_answer_is_waited_for_and_a_claim_of_unknown_fate_released()
      throws Exception {
    Scripted table = table(MINE);
    Claims claims = claims(table);
    table.failures.add(failure(CallFailed.Kind.REJECTED));
    Job rejected = job();
    assertTrue(claims.claim(rejected, false) instanceof Outcome.GivenBack);
    assertFalse(rejected.isClaimed());
    assertTrue(claims.nanosAway() > 0, "meanwhile nothing is received");
    assertNotNull(outage.first());

    clock.advance(Duration.ofSeconds(1));
    table.failures.add(failure(CallFailed.Kind.UNKNOWN));
    Job unknown = job();
    assertTrue(claims.claim(unknown, false) instanceof Outcome.GivenBack);
    assertTrue(claims.release(unknown));
    assertEquals("release", table.calls.getLast());
    assertTrue(claims.nanosAway() <= 0);
    assertNotNull(outage.first(), "claims are still to work");
    claims.claim(job(), false);
    assertNull(outage.first());
  }

  @Test
  void a_claim_is_renewed_in_time_one_renewal_at_a_time_and_again_after_a_failure()
      throws Exception {
    Scripted table = table(MINE);
    Claims claims = claims(table);
    Job job = job();
    claims.claim(job, false);
    clock.advance(Duration.ofSeconds(30));
    claims.keep(job, clock.nanoTime());
    clock.advance(Duration.ofNanos(1));
    table.letGo = new CountDownLatch(1);
    table.failures.add(failure(CallFailed.Kind.UNKNOWN));
    claims.keep(job, clock.nanoTime());
    claims.keep(job, clock.nanoTime());
    eventually(() -> table.calls.size() == 2);
    table.letGo.countDown();
    eventually(() -> outage.first() != null);
    eventually(
        () -> {
          clock.advance(Duration.ofMillis(10));
          claims.keep(job, clock.nanoTime());
          return outage.first() == null;
        });
    assertEquals(List.of("claim", "renew", "renew"), table.calls);
    clock.advance(Duration.ofSeconds(35));
    eventually(() -> !job.claim().isOver(clock.nanoTime()));
  }

  @Test
  void a_claim_that_is_not_ours_any_more_is_lost_and_not_renewed_again() throws Exception {
    Scripted table = table(MINE);
    Claims claims = claims(table);
    Job job = job();
    claims.claim(job, false);
    table.ours = false;
    clock.advance(Duration.ofSeconds(31));
    claims.keep(job, clock.nanoTime());
    eventually(() -> job.claim().isLost());
    claims.keep(job, clock.nanoTime());

    assertTrue(claims.release(job), "nothing is to be released");
    assertEquals(List.of("claim", "renew"), table.calls);
  }

  @Test
  void an_end_is_recorded_again_until_the_table_answers_and_then_renewed_no_more()
      throws Exception {
    Scripted table = table(MINE);
    Claims claims = claims(table);
    Job job = job();
    claims.claim(job, false);
    table.failures.addAll(
        List.of(failure(CallFailed.Kind.UNKNOWN), failure(CallFailed.Kind.REJECTED)));
    FutureTask<Boolean> recorded =
        new FutureTask<>(() -> claims.record(job, new JobTable.End.Dead("Bad", "")));
    Thread.ofVirtual().start(recorded);
    eventually(
        () -> {
          clock.advance(Duration.ofMillis(10));
          return recorded.isDone();
        });

    assertTrue(recorded.get(1, TimeUnit.SECONDS));
    assertEquals(List.of("claim", "record", "record", "record"), table.calls);
    clock.advance(Duration.ofSeconds(31));
    claims.keep(job, clock.nanoTime());
    assertTrue(claims.release(job));
    assertEquals(4, table.calls.size());
  }

  @Test
  void what_is_not_ours_is_not_recorded_and_what_was_not_claimed_needs_no_record()
      throws Exception {
    Scripted table = table(MINE);
    Claims claims = claims(table);
    assertTrue(claims.record(job(), new JobTable.End.Dead("Bad", "")));
    assertTrue(claims.release(job()));
    assertEquals(List.of(), table.calls);
    Job job = job();
    claims.claim(job, false);
    table.ours = false;

    assertFalse(claims.record(job, new JobTable.End.Dead("Bad", "")));
  }

  @Test
  void a_record_is_given_up_with_the_lease_and_a_release_in_a_hurry() throws Exception {
    Scripted table = table(MINE);
    Claims claims = claims(table);
    Job over = job();
    claims.claim(over, false);
    Job hurried = job();
    claims.claim(hurried, false);
    clock.advance(Messages.LEASE);
    table.failures.add(failure(CallFailed.Kind.UNKNOWN));
    assertFalse(claims.record(over, new JobTable.End.Dead("Bad", "")));
    assertNull(outage.first(), "nobody waits for it any more");
    assertTrue(claims.nanosAway() > 0, "but the table is still away");

    claims.hurry();
    table.failures.add(failure(CallFailed.Kind.UNKNOWN));
    assertFalse(claims.release(hurried));
    assertNull(outage.first());
  }
}
