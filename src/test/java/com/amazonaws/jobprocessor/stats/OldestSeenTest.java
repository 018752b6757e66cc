package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OldestSeenTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final OldestSeen seen = new OldestSeen();

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }

  private void receive(int second, int age) {
    seen.received(at(second - age).toEpochMilli(), at(second));
  }

  private static Snapshot.Oldest oldest(int age, int ago) {
    return new Snapshot.Oldest(Duration.ofSeconds(age), Duration.ofSeconds(ago));
  }

  @Test
  void nothing_was_seen_before_the_first_receive() {
    assertNull(seen.at(START));
  }

  @Test
  void the_greatest_age_of_a_minute_or_two_counts() {
    receive(0, 100);
    receive(10, 500);
    receive(20, 90);
    assertEquals(oldest(500, 5), seen.at(at(25)));

    receive(70, 80);
    assertEquals(oldest(500, 0), seen.at(at(70)));

    receive(140, 70);
    assertEquals(oldest(80, 0), seen.at(at(140)));
  }

  @Test
  void after_a_long_while_only_the_newest_counts() {
    receive(0, 500);
    receive(600, 3);

    assertEquals(oldest(3, 1), seen.at(at(601)));
  }

  @Test
  void a_worker_that_is_too_busy_to_receive_says_how_long_ago_it_saw_that() {
    receive(0, 40);

    assertEquals(oldest(40, 300), seen.at(at(300)));
  }

  @Test
  void a_receive_that_brings_nothing_means_that_none_waits() {
    receive(0, 40);
    seen.nothing();
    assertNull(seen.at(at(1)));

    receive(5, 2);
    assertEquals(oldest(2, 0), seen.at(at(5)));
  }
}
