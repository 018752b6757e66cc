package com.amazonaws.jobprocessor.stats;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.amazonaws.jobprocessor.work.Load;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PulseTest {
  private static final Duration NO_PATIENCE = Duration.ofNanos(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile @Nullable Load load = new Load(List.of(), 1, 0, 0, null);
  private volatile CountDownLatch held = new CountDownLatch(0);

  private final Pulse pulse = new Pulse(this::ask, Thread::startVirtualThread, clock);

  private @Nullable Load ask() {
    asked.incrementAndGet();
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return load;
  }

  @Test
  void a_worker_that_answers_is_asked_each_time() throws Exception {
    assertSame(load, pulse.feel(LONG).load());
    load = null;
    assertNull(pulse.feel(LONG).load());
    assertEquals(2, asked.get());
  }

  @Test
  void while_the_worker_does_not_answer_the_last_answer_gets_old_and_nobody_asks_again()
      throws Exception {
    pulse.feel(LONG);
    held = new CountDownLatch(1);
    clock.advance(Duration.ofSeconds(3));
    for (int i = 0; i < 50; i++) {
      assertSame(load, pulse.feel(NO_PATIENCE).load());
    }
    await().until(() -> asked.get() == 2);
    clock.advance(Duration.ofSeconds(90));

    assertEquals(Duration.ofSeconds(93), pulse.feel(NO_PATIENCE).age());
    assertEquals(2, asked.get());

    held.countDown();
    assertEquals(Duration.ZERO, pulse.feel(LONG).age());
  }
}
