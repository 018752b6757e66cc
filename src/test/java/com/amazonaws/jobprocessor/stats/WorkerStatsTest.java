package com.amazonaws.jobprocessor.stats;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.work.Load;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Requested;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerStatsTest {
  private final SettableClock clock = new SettableClock();
  private final SettableWallClock wallClock = new SettableWallClock();
  private final StatsRig rig = new StatsRig(4, clock, wallClock);
  private final WorkerStats stats = rig.stats;

  private void pass(Duration time) {
    clock.advance(time);
    wallClock.advance(time);
  }

  private Snapshot now(long busySeconds, Load.Running... jobs) {
    return stats.snapshot(has(busySeconds, jobs), WorkerStats.Drain.NONE);
  }

  private static Load has(long busySeconds, Load.Running... jobs) {
    long nanos = Duration.ofSeconds(busySeconds).toNanos();
    return new Load(List.of(jobs), 7, 3, new Load.Busy(0, nanos), null);
  }

  private static Snapshot.Load load(Snapshot now) {
    return requireNonNull(now.load());
  }

  private static Load.Running running(String id, Duration age) {
    return new Load.Running(id, 2, age, 5);
  }

  private void ran(Duration took, @Nullable Duration sentBefore) {
    Long sentAt = sentBefore == null ? null : wallClock.instant().minus(sentBefore).toEpochMilli();
    stats.accept(new WorkEvent.Ran("a", took, true, sentAt));
  }

  @Test
  void why_the_executor_is_unavailable_is_what_it_said_last() {
    for (String why : List.of("no license", "no memory")) {
      Load sick = new Load(List.of(), 0, 0, new Load.Busy(0, 0), why);
      assertEquals(
          why, stats.snapshot(sick, WorkerStats.Drain.NONE).trouble().executorUnavailable());
    }
    assertNull(now(0).trouble().executorUnavailable());
  }

  @Test
  void a_worker_that_takes_no_jobs_yet_has_no_load() {
    Snapshot now = stats.snapshot(null, WorkerStats.Drain.NONE);

    assertNull(now.load());
    assertEquals(Limit.Kind.STARTING, now.trouble().limit().kind());
    assertEquals(StatsRig.WHO, now.who());
  }

  @Test
  void a_job_is_marked_as_stuck_beyond_three_times_what_nearly_all_took_and_what_is_expected() {
    Duration expected = StatsRig.EXPECTED;
    Snapshot before = now(0, running("a", expected), running("b", expected.plusSeconds(1)));
    assertEquals(
        List.of(false, true), load(before).jobs().stream().map(Snapshot.Running::stuck).toList());

    for (int i = 0; i < 100; i++) {
      ran(Duration.ofMinutes(2), null);
    }
    Snapshot after =
        now(0, running("a", Duration.ofMinutes(5)), running("b", Duration.ofMinutes(9)));
    assertEquals(
        List.of(
            new Snapshot.Running("a", 2, Duration.ofMinutes(5), 5, false),
            new Snapshot.Running("b", 2, Duration.ofMinutes(9), 5, true)),
        load(after).jobs());
  }

  @Test
  void the_wait_of_a_job_ends_when_its_first_attempt_begins() {
    ran(Duration.ofSeconds(4), Duration.ofSeconds(10));
    ran(Duration.ofSeconds(4), null);

    Snapshot now = now(0);
    assertEquals(1, now.jobs().waits().all().count());
    assertEquals(6, now.jobs().waits().all().seconds());
    assertEquals(2, now.jobs().runs().all().count());
  }

  @Test
  void runs_and_waits_have_jobs_as_examples() {
    ran(Duration.ofSeconds(4), Duration.ofSeconds(10));

    Snapshot.Jobs jobs = now(0).jobs();
    assertEquals(List.of(new Exemplar("a", 4, wallClock.instant())), jobs.runs().exemplars().get());
    assertEquals(
        List.of(new Exemplar("a", 6, wallClock.instant())), jobs.waits().exemplars().get());
  }

  @Test
  void a_failed_attempt_counts_for_how_long_attempts_take_but_not_for_how_long_results_took() {
    stats.accept(new WorkEvent.Ran("a", Duration.ofSeconds(9), false, null));

    assertEquals(1, now(0).jobs().runs().all().count());
    assertEquals(0, now(0).counts().of(Count.RAN_MICROS));
  }

  @Test
  void the_slots_share_of_the_last_minute_is_what_they_were_busy_in_it() {
    for (int i = 1; i <= 12; i++) {
      pass(Sampler.STEP);
      stats.sample(Duration.ofSeconds(i <= 6 ? 0 : (i - 6) * 39));
    }

    Snapshot now = now(6 * 39);
    assertEquals(0.975, now.slots().busyShare(), 0.001);
    assertEquals("slots: 98 % busy in the last minute", now.trouble().limit().text());
    assertEquals(Duration.ofSeconds(6 * 39), now.slots().busyTime());
    assertEquals(1 - 6.0 * 39 / (4 * 120), now.spending().get().waste().idleShare(), 1e-9);
  }

  /** Of two events that many threads tell, the later one may come first. */
  @Test
  void whether_the_executor_is_available_is_what_the_worker_knows_not_the_last_event() {
    stats.accept(new WorkEvent.ExecutorUnavailable("a", "no license"));
    assertNull(now(0).trouble().executorUnavailable());
    Load away = new Load(List.of(), 0, 0, new Load.Busy(0, 0), "no license");
    stats.accept(new WorkEvent.ExecutorAvailable(Duration.ZERO));

    assertEquals(
        "no license", stats.snapshot(away, WorkerStats.Drain.NONE).trouble().executorUnavailable());
    assertNull(stats.snapshot(null, WorkerStats.Drain.NONE).trouble().executorUnavailable());
  }

  @Test
  void jobs_of_each_step_are_remembered() {
    stats.accept(new WorkEvent.Succeeded("a"));
    pass(Sampler.STEP);
    stats.sample(Duration.ZERO);
    FailedAttempt failure = new FailedAttempt("b", 1, "Boom", "no", null);
    stats.accept(new WorkEvent.Retried(failure, Duration.ZERO));
    stats.accept(new WorkEvent.DeadLettered(failure));
    pass(Sampler.STEP);
    stats.sample(Duration.ZERO);

    Snapshot.History history = now(0).jobs().history();
    assertEquals(List.of(1L, 1L), history.ended());
    assertEquals(List.of(0L, 2L), history.failed());
    assertEquals(0.1, history.jobsPerSecond());
    assertEquals(2, now(0).trouble().failures().getFirst().jobs().size());
  }

  /** With a policy of the dead-letter queue that admits nobody this may be all that happens. */
  @Test
  void a_failure_whose_dead_letter_is_refused_is_counted_and_among_the_last_failures() {
    FailedAttempt failure = new FailedAttempt("b", 2, "Boom", "no", null);
    stats.accept(
        new WorkEvent.DeadLetterRefused(
            failure, "dead", "AccessDenied", "not you", Duration.ofSeconds(30)));

    Snapshot now = now(0);
    assertEquals(1, now.counts().of(Count.LETTERS_REFUSED));
    assertEquals(0, now.counts().jobs(), "the job comes again");
    assertEquals(
        List.of(
            new FailureKind(
                "Boom",
                "no",
                0,
                0,
                1,
                List.of(new FailedJob("b", 2, After.LETTER_REFUSED, wallClock.instant())))),
        now.trouble().failures());
  }

  @Test
  void how_many_jobs_a_message_carries_is_known_from_those_received_lately() {
    assertEquals(1, now(0).queues().meanJobs());
    assertFalse(now(0).queues().hasPacks());
    stats.accept(new WorkEvent.Unpacked(2, 20));
    assertEquals(10, now(0).queues().meanJobs());
    stats.accept(new WorkEvent.Unpacked(10, 200));
    assertEquals(11, now(0).queues().meanJobs(), 1e-9);
    assertTrue(now(0).queues().hasPacks());
  }

  @Test
  void the_oldest_message_is_as_old_as_the_receives_say() {
    stats.accept(new WorkEvent.Received(3, wallClock.instant().minusSeconds(77).toEpochMilli()));
    stats.accept(new Requested(Request.RECEIVE, 3, 10));
    pass(Duration.ofSeconds(2));
    assertEquals(
        new Snapshot.Oldest(Duration.ofSeconds(77), Duration.ofSeconds(2)),
        now(0).queues().oldest());

    stats.accept(new Requested(Request.RECEIVE, 0, 0, false));
    assertFalse(now(0).queues().oldest() == null);

    stats.accept(new Requested(Request.RECEIVE, 0, 0));
    assertNull(now(0).queues().oldest());
    assertEquals(Limit.Kind.NO_WORK, now(0).trouble().limit().kind());
  }

  @Test
  void leases_that_are_renewed_are_counted() {
    stats.accept(new WorkEvent.LeaseRenewed("m"));
    stats.accept(new WorkEvent.LeaseRenewed("m"));

    assertEquals(2, now(0).counts().of(Count.LEASES_RENEWED));
  }

  @Test
  void a_step_of_the_workers_own_that_hangs_is_told() throws Exception {
    try (var _ = rig.stuckWatch.within("DeleteMessageBatch", Duration.ofMinutes(1))) {
      pass(Duration.ofSeconds(61));
      assertEquals(
          List.of(new Snapshot.Stuck("DeleteMessageBatch", Duration.ofSeconds(61))),
          now(0).trouble().stuck());
    }
    assertEquals(List.of(), now(0).trouble().stuck());
  }

  @Test
  void the_waste_is_idle_slots_empty_receives_and_batches_that_are_not_full() {
    for (int messages : new int[] {10, 5, 1, 0, 0, 0}) {
      stats.accept(new Requested(Request.RECEIVE, messages, 100));
    }
    stats.accept(new Requested(Request.RECEIVE, 0, 0, false));
    stats.accept(new Requested(Request.DELETE, 8, 0));
    stats.accept(new Requested(Request.DELETE, 8, 0));
    pass(Duration.ofHours(1));

    Spending spending = now(Duration.ofHours(1).toSeconds()).spending().get();

    Spending.Waste waste = spending.waste();
    assertEquals(0.75, waste.idleShare(), 1e-9);
    assertEquals(3, waste.emptyReceives());
    Usd request = Usd.of("0.0000004");
    assertEquals(0, waste.empty().compareTo(Usd.of("0.0000012")));
    // 16 messages fit two receives instead of three; 16 deletes need two requests.
    assertEquals(0, waste.partFull().compareTo(request));
    assertEquals(16.0 / 3, spending.calls().fill(Request.RECEIVE), 1e-9);
    assertEquals(1, requireNonNull(spending.calls().byKind().get(Request.RECEIVE)).failed());
    assertTrue(spending.boxHour() == null || waste.idle().compareTo(Usd.ZERO) > 0);
  }

  @Test
  void half_of_a_box_that_was_idle_costs_half_of_its_price() {
    StatsRig priced = new StatsRig(1, clock, wallClock);
    pass(Duration.ofHours(2));

    Spending spending =
        priced
            .stats
            .snapshot(has(Duration.ofHours(1).toSeconds()), WorkerStats.Drain.NONE)
            .spending()
            .get();

    assertEquals(0, spending.waste().idle().compareTo(new Usd(requireNonNull(spending.boxHour()))));
  }

  private Duration busyTime(long since, long busySeconds) {
    Load.Busy busy = new Load.Busy(since, Duration.ofSeconds(busySeconds).toNanos());
    return stats
        .snapshot(new Load(List.of(), 0, 0, busy, null), WorkerStats.Drain.NONE)
        .slots()
        .busyTime();
  }

  @Test
  void a_worker_that_follows_another_adds_to_its_busy_time() {
    assertEquals(Duration.ofSeconds(7), busyTime(1, 7));
    assertEquals(Duration.ofSeconds(9), busyTime(5, 2));
    assertEquals(Duration.ofSeconds(16), busyTime(5, 9));
    assertEquals(Duration.ofSeconds(16), busyTime(1, 8), "looked before the other was made");
    assertEquals(
        Duration.ofSeconds(16), stats.snapshot(null, WorkerStats.Drain.NONE).slots().busyTime());
  }

  /** Systemd's heartbeat makes its own, beside those of the page: it would count twice. */
  @Test
  void of_two_snapshots_side_by_side_the_later_one_counts_whichever_comes_first() {
    assertEquals(Duration.ofSeconds(105), busyTime(1, 105));
    assertEquals(Duration.ofSeconds(105), busyTime(1, 100));
    assertEquals(Duration.ofSeconds(106), busyTime(1, 106));
  }

  @Test
  void a_worker_that_was_drained_for_the_end_of_its_box_says_why() {
    Snapshot now = stats.snapshot(has(0), new WorkerStats.Drain(null, null, "spot interruption"));

    assertEquals("spot interruption", now.life().drained());
    assertEquals(Limit.Kind.DRAINING, now.trouble().limit().kind());
  }

  /** An alert on it would never end: a drained worker receives nothing that is younger. */
  @Test
  void a_worker_that_drains_does_not_know_the_oldest_message_any_more() {
    stats.accept(new WorkEvent.Received(3, wallClock.instant().minusSeconds(77).toEpochMilli()));
    assertEquals(Duration.ofSeconds(77), requireNonNull(now(0).queues().oldest()).age());

    assertNull(
        stats
            .snapshot(has(0), new WorkerStats.Drain(Duration.ofSeconds(9), null, null))
            .queues()
            .oldest());
    assertNull(
        stats.snapshot(has(0), new WorkerStats.Drain(null, null, "a notice")).queues().oldest());
  }

  @Test
  void what_the_worker_has_to_do_is_told_as_it_says() {
    assertEquals(7, load(now(0)).inFlight());
    assertEquals(3, load(now(0)).waitingCalls());
  }
}
