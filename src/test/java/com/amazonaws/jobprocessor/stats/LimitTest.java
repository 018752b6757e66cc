package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private boolean takesJobs = true;
  private boolean drains;
  private boolean failing;
  private @Nullable String executor;
  private boolean empty;

  private Limit limit(double busyShare, int heldSeconds) {
    return Limit.of(
        new Limit.Moment(takesJobs, drains, failing, executor, empty),
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
    empty = true;
    assertEquals("nothing: the backlog has no job for it", limit(0.1, 0).text());
    assertEquals(Limit.Kind.SLOTS, limit(0.9, 0).kind());
  }

  @Test
  void what_keeps_it_from_all_work_comes_first() {
    executor = "no license";
    assertEquals(Limit.Kind.EXECUTOR, limit(1, 60).kind());
    takesJobs = false;
    assertEquals(Limit.Kind.STARTING, limit(1, 60).kind());
    failing = true;
    assertEquals(Limit.Kind.OUTAGE, limit(1, 60).kind());
    drains = true;
    assertEquals(Limit.Kind.DRAINING, limit(1, 60).kind());
  }

  @Test
  void no_time_at_all_has_no_shares() {
    assertEquals(
        0,
        Limit.of(new Limit.Moment(true, false, false, null, false), 0, Duration.ZERO, Duration.ZERO)
            .pollRateShare());
  }
}
