package com.amazonaws.jobprocessor.work.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final RetryPolicy policy = new RetryPolicy(3, Duration.ofSeconds(10));

  @Test
  void n_retries_mean_n_plus_one_attempts() {
    assertFalse(policy.isLast(3));
    assertTrue(policy.isLast(4));
    assertTrue(new RetryPolicy(0, Duration.ZERO).isLast(1));
  }

  @Test
  void the_wait_doubles_with_full_jitter() {
    assertEquals(Duration.ofSeconds(10), policy.delay(1, null, 1));
    assertEquals(Duration.ofSeconds(20), policy.delay(2, null, 1));
    assertEquals(Duration.ofSeconds(40), policy.delay(3, null, 1));
    assertEquals(Duration.ofSeconds(5), policy.delay(1, null, 0.5));
    assertEquals(Duration.ZERO, policy.delay(3, null, 0));
    assertEquals(Duration.ofHours(12), policy.delay(100, null, 1), "no overflow");
  }

  @Test
  void the_executors_wish_replaces_it() {
    assertEquals(Duration.ofSeconds(7), policy.delay(2, Duration.ofSeconds(7), 1));
    assertEquals(
        Duration.ofHours(12), policy.delay(2, ChronoUnit.FOREVER.getDuration(), 1), "no overflow");
    assertEquals(Duration.ZERO, policy.delay(2, Duration.ofSeconds(-7), 1), "whoever overrides it");
  }
}
