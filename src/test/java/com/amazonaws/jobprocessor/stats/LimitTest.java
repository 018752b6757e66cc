package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.QueueGauge.Reading;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private boolean takesJobs = true;
  private boolean drains;
  private List<Outage.Failing> failing = List.of();
  private @Nullable String executor;
  private Limit.Backlog backlog = Limit.Backlog.HAS_JOBS;

  private Limit limit(double busyShare, int heldSeconds) {
    return Limit.of(
        new Limit.Moment(takesJobs, drains, Limit.Calls.of(failing), executor, backlog),
        busyShare,
        Duration.ofSeconds(heldSeconds),
        MINUTE);
  }

  @Test
  void busy_slots_are_the_limit_and_are_told_in_percent() {
    assertEquals("slots: 97 % busy in the last minute", limit(0.97, 0).text());
    assertEquals(Limit.Kind.SLOTS, limit(0.8, 30).kind());
    assertEquals(Limit.Kind.NOTHING, limit(0.79, 0).kind());
  }

  @Test
  void the_poll_rate_is_the_limit_if_it_held_back_for_more_than_half_of_the_time() {
    assertEquals(
        "poll_rate_per_min: held back receives for 52 % of the last minute", limit(1, 31).text());
    assertEquals(Limit.Kind.NOTHING, limit(0.1, 30).kind());
    assertEquals(1, limit(0, 90).pollRateShare());
  }

  @Test
  void an_empty_backlog_is_no_limit_of_the_worker() {
    backlog = Limit.Backlog.EMPTY;
    assertEquals("nothing: the backlog has no job for it", limit(0.1, 0).text());
    assertEquals(Limit.Kind.SLOTS, limit(0.9, 0).kind());
  }

  @Test
  void what_keeps_it_from_all_work_comes_first() {
    executor = "no license";
    assertEquals(Limit.Kind.EXECUTOR, limit(1, 60).kind());
    takesJobs = false;
    assertEquals(Limit.Kind.STARTING, limit(1, 60).kind());
    failing = List.of(failing("GetQueueUrl", "AccessDenied"));
    assertEquals(Limit.Kind.OUTAGE, limit(1, 60).kind());
    drains = true;
    assertEquals(Limit.Kind.DRAINING, limit(1, 60).kind());
  }

  @Test
  void no_time_at_all_has_no_shares() {
    assertEquals(
        0,
        Limit.of(
                new Limit.Moment(true, false, Limit.Calls.WORK, null, Limit.Backlog.HAS_JOBS),
                0,
                Duration.ZERO,
                Duration.ZERO)
            .pollRateShare());
  }

  private static Outage.Failing failing(String action, String code) {
    return new Outage.Failing(Service.SQS, action, "todo", code);
  }

  @Test
  void short_polls_that_fail_since_too_many_messages_are_in_flight_are_a_limit_of_their_own() {
    failing = List.of(failing("ReceiveMessage", "OverLimit"));
    assertEquals(
        "messages in flight: SQS gives out no more while the backlog has about 120,000",
        limit(1, 60).text());
    assertEquals(Limit.Kind.IN_FLIGHT, limit(1, 60).kind());

    failing =
        List.of(failing("ReceiveMessage", "OverLimit"), failing("SendMessageBatch", "HTTP 500"));
    assertEquals(Limit.Kind.OUTAGE, limit(1, 60).kind());
  }

  @Test
  void long_polls_that_bring_nothing_while_messages_wait_and_many_are_in_flight_are_the_same() {
    assertEquals(Limit.Backlog.HELD, Limit.Backlog.of(true, new Reading(1, 108_000, 0)));
    assertEquals(Limit.Backlog.EMPTY, Limit.Backlog.of(true, new Reading(1, 107_999, 0)));
    assertEquals(Limit.Backlog.EMPTY, Limit.Backlog.of(true, new Reading(0, 120_000, 0)));
    assertEquals(Limit.Backlog.EMPTY, Limit.Backlog.of(true, null));
    assertEquals(Limit.Backlog.HAS_JOBS, Limit.Backlog.of(false, new Reading(1, 120_000, 0)));

    backlog = Limit.Backlog.HELD;
    assertEquals(Limit.Kind.IN_FLIGHT, limit(0.1, 0).kind());
    assertEquals(Limit.Kind.SLOTS, limit(0.9, 0).kind());
  }
}
