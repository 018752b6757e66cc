package com.amazonaws.jobprocessor.work.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final long SENT = -5; // nanoTime may be negative, and may wrap round
  private final Lease lease = new Lease(SENT, Duration.ofSeconds(60));

  private static long at(double seconds) {
    return SENT + (long) (seconds * 1e9);
  }

  @Test
  void a_lease_counts_from_the_moment_its_receive_was_sent() {
    assertFalse(lease.isOver(at(59.9)));
    assertTrue(lease.isOver(at(60)));
  }

  @Test
  void it_is_short_and_wants_renewal_when_less_than_half_is_left() {
    assertFalse(lease.isShort(at(30)));
    assertTrue(lease.isShort(at(30.1)));
    assertFalse(lease.wantsRenewal(at(30)));
    assertTrue(lease.wantsRenewal(at(30.1)));
    assertEquals(60, lease.renewalSeconds(at(30.1)));
  }

  @Test
  void a_renewal_counts_from_the_moment_it_was_sent() {
    lease.renewed(at(31), 60);

    assertFalse(lease.isOver(at(90.9)));
    assertTrue(lease.isOver(at(91)));
  }

  @Test
  void renewals_and_delays_are_cut_to_what_is_left_of_twelve_hours_less_a_minute() {
    double limit = 12 * 3600 - 60;
    assertEquals(20, lease.renewalSeconds(at(limit - 20)));
    assertEquals(20, lease.cutToLimit(Duration.ofHours(1), at(limit - 20)));
    assertEquals(0, lease.cutToLimit(Duration.ofHours(1), at(limit + 5)));
  }

  @Test
  void the_limit_leaves_a_minute_in_which_a_dead_letter_can_be_sent() {
    double limit = 12 * 3600 - 60;
    assertFalse(lease.isAtLimit(at(limit - 60.1)));
    assertTrue(lease.isAtLimit(at(limit - 60)));
  }

  @Test
  void a_lease_of_twelve_hours_wants_no_renewal_that_gains_nothing() {
    Lease longest = new Lease(SENT, Duration.ofHours(12));

    assertFalse(longest.wantsRenewal(at(11 * 3600)));
    assertFalse(longest.isOver(at(12 * 3600 - 1)));
  }

  @Test
  void a_delay_is_rounded_up_to_whole_seconds() {
    assertEquals(0, lease.cutToLimit(Duration.ZERO, at(1)));
    assertEquals(1, lease.cutToLimit(Duration.ofMillis(1), at(1)));
    assertEquals(2, lease.cutToLimit(Duration.ofMillis(1_001), at(1)));
  }

  @Test
  void a_give_back_of_unknown_fate_ends_the_lease_with_its_delay_and_a_refused_one_does_not() {
    long before = lease.end();
    lease.shorten(at(10), 0);
    assertTrue(lease.isOver(at(10)));

    lease.restore(before);
    assertFalse(lease.isOver(at(59)));

    lease.shorten(at(10), 3_600);
    assertTrue(lease.isOver(at(60)), "a longer delay lengthens nothing before SQS has said so");
  }

  @Test
  void what_sqs_says_is_not_ours_is_over() {
    lease.lose(at(3));

    assertTrue(lease.isOver(at(3)));
  }

  /** A last renewal that gained less than a hundredth was not made once: the lease ended first. */
  @Test
  void whatever_its_length_a_lease_that_is_renewed_lasts_until_a_job_has_to_end() {
    long toTheEnd = Duration.ofHours(12).minusMinutes(2).toNanos();
    for (int seconds = 2; seconds <= 43_200; seconds += 2) {
      Lease one = new Lease(0, Duration.ofSeconds(seconds));
      long now = one.end() - Duration.ofSeconds(seconds).toNanos() / 2 + 1;
      while (now < toTheEnd && one.wantsRenewal(now)) {
        one.renewed(now, one.renewalSeconds(now));
        now = one.end() - Duration.ofSeconds(seconds).toNanos() / 2 + 1;
      }

      assertTrue(one.isAtLimit(toTheEnd));
      assertFalse(one.isOver(toTheEnd), seconds + " s");
    }
  }
}
