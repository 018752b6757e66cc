package com.amazonaws.jobprocessor.status.button;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedCallsTest {
  private final BoundedCalls calls = new BoundedCalls(Duration.ofMillis(1));
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void what_takes_long_goes_on_and_is_answered_to_who_asks_again() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    for (int i = 0; i < 3; i++) {
      assertNull(
          calls.order(
              "order",
              () -> {
                answered.await();
                return "done " + done.incrementAndGet();
              }));
    }
    answered.countDown();

    await().until(() -> "done 1".equals(calls.order("order", () -> "another")));
  }

  @Test
  void few_orders_are_remembered() throws Exception {
    BoundedCalls patient = new BoundedCalls(Duration.ofSeconds(30));
    for (int i = 0; i < 1_000; i++) {
      assertEquals("done", patient.order("order " + i, () -> "done"));
    }

    assertEquals("anew", patient.order("order 0", () -> "anew"));
    assertEquals("done", patient.order("order 999", () -> "anew"));
  }
}
