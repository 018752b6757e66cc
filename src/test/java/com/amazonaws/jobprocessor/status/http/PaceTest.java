package com.amazonaws.jobprocessor.status.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final SettableClock clock = new SettableClock();
  private final Pace pace = new Pace(10, 5, clock);
  private final AtomicInteger answered = new AtomicInteger();

  private void ask(int requests) {
    for (int i = 0; i < requests; i++) {
      Thread.startVirtualThread(
          () -> {
            try {
              pace.awaitTurn();
              answered.incrementAndGet();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    }
  }

  private void awaitAnswered(int requests) {
    await().until(() -> answered.get() == requests);
  }

  @Test
  void some_are_answered_at_once_and_the_rest_evenly_spaced() {
    ask(8);
    await().until(() -> clock.waiters() == 3);
    assertEquals(5, answered.get());

    clock.advance(Duration.ofMillis(99));
    assertEquals(5, answered.get());
    clock.advance(Duration.ofMillis(1));
    awaitAnswered(6);
    clock.advance(Duration.ofMillis(200));
    awaitAnswered(8);
  }

  @Test
  void after_a_pause_as_many_as_before_are_answered_at_once_and_no_more() {
    ask(5);
    awaitAnswered(5);
    clock.advance(Duration.ofHours(1));
    ask(7);
    await().until(() -> clock.waiters() == 2);
    assertEquals(10, answered.get());
    clock.advance(Duration.ofMillis(200));
    awaitAnswered(12);
  }
}
