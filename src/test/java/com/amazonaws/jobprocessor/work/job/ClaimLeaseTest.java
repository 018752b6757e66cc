package com.amazonaws.jobprocessor.work.job;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClaimLeaseTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private final SettableClock clock = new SettableClock();

  private ClaimLease lease(boolean ahead) {
    ClaimRequest request =
        new ClaimRequest("a", "m", ClaimRequest.Payload.of("b"), null, "token", LEASE, ahead);
    return new ClaimLease(request, clock.nanoTime());
  }

  private boolean isRenewalDue(ClaimLease lease, Duration after) {
    clock.advance(after);
    return lease.beginRenewal(clock.nanoTime());
  }

  @Test
  void a_claim_is_renewed_when_half_of_it_is_over() {
    ClaimLease lease = lease(false);
    lease.begin(clock.nanoTime());
    assertFalse(isRenewalDue(lease, Duration.ofSeconds(30)));
    assertTrue(isRenewalDue(lease, Duration.ofMillis(1)));
    assertFalse(isRenewalDue(lease, Duration.ofMillis(1)), "one at a time");
    lease.renewed(clock.nanoTime());
    assertFalse(isRenewalDue(lease, Duration.ofSeconds(30)));
    assertTrue(isRenewalDue(lease, Duration.ofMillis(1)));
  }

  @Test
  void the_table_learns_within_a_second_or_so_that_a_job_has_begun_that_was_claimed_ahead() {
    ClaimLease lease = lease(true);
    assertFalse(isRenewalDue(lease, Duration.ofSeconds(5)), "it has not begun");
    lease.begin(clock.nanoTime());
    assertFalse(lease.request().ahead());
    assertFalse(isRenewalDue(lease, Duration.ofMillis(999)), "it may be a short one");
    assertTrue(isRenewalDue(lease, Duration.ofMillis(1)));
    lease.renewed(clock.nanoTime());
    assertFalse(isRenewalDue(lease, Duration.ofSeconds(29)), "it is said once");
  }

  @Test
  void that_a_job_has_begun_is_told_again_if_the_renewal_fails() {
    ClaimLease lease = lease(true);
    lease.begin(clock.nanoTime());
    assertTrue(isRenewalDue(lease, Duration.ofSeconds(1)));
    lease.notRenewed(clock.nanoTime());
    assertTrue(isRenewalDue(lease, Duration.ofSeconds(5)));
    lease.renewed(clock.nanoTime());
    assertFalse(isRenewalDue(lease, Duration.ofSeconds(5)), "it is said once");
  }

  @Test
  void a_job_that_ends_before_costs_no_renewal() {
    ClaimLease lease = lease(true);
    lease.begin(clock.nanoTime());
    lease.end();
    assertFalse(isRenewalDue(lease, Duration.ofSeconds(2)));
  }

  @Test
  void a_claim_that_was_put_ahead_is_told_again_when_its_job_begins() {
    ClaimLease lease = lease(false);
    lease.putAhead();
    assertTrue(lease.request().ahead());
    lease.begin(clock.nanoTime());
    assertTrue(isRenewalDue(lease, Duration.ofSeconds(1)));
    assertFalse(lease.request().ahead());
  }

  @Test
  void without_a_claim_nothing_is_told() {
    ClaimLease.NONE.begin(clock.nanoTime());
    ClaimLease.NONE.putAhead();
    assertFalse(isRenewalDue(ClaimLease.NONE, Duration.ofHours(1)));
  }
}
