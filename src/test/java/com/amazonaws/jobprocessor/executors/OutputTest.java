package com.amazonaws.jobprocessor.executors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputTest {
  /** Else a result would be cut, and the job succeed all the same. */
  @Test
  void a_disk_that_is_slow_is_waited_for() throws Exception {
    CountDownLatch keeping = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    AtomicInteger kept = new AtomicInteger();
    InputStream in = new ByteArrayInputStream(new byte[20_000]);
    Output output =
        Output.read(
            in,
            (_, _, length) -> {
              keeping.countDown();
              awaitQuietly(letGo);
              kept.addAndGet(length);
            });
    keeping.await();
    FutureTask<Boolean> ended = new FutureTask<>(() -> output.awaitEnd(20));
    Thread waiter = Thread.ofPlatform().start(ended);

    assertFalse(waiter.join(Duration.ofMillis(300)), "it did not wait");
    letGo.countDown();

    assertTrue(ended.get());
    assertEquals(20_000, kept.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_stream_that_somebody_holds_open_is_not() throws Exception {
    AtomicInteger kept = new AtomicInteger();
    try (PipedOutputStream held = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(held)) {
      Output output = Output.read(in, (_, _, length) -> kept.addAndGet(length));
      held.write(new byte[5]);
      held.flush();
      await().until(() -> kept.get() == 5);

      assertFalse(output.awaitEnd(50));
    }
  }
}
