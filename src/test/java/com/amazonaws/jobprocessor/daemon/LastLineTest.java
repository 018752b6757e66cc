package com.amazonaws.jobprocessor.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LastLineTest {
  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void a_line_that_is_not_written_in_time_does_not_keep_the_process() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Thread says =
        Thread.startVirtualThread(
            () -> LastLine.say(() -> await(never), Duration.ofMillis(1), ended::countDown));

    assertTrue(ended.await(30, TimeUnit.SECONDS));
    assertTrue(says.isAlive());
    never.countDown();
  }

  @Test
  void a_line_that_is_written_leaves_the_end_to_its_caller() {
    LastLine.say(() -> {}, Duration.ofHours(1), ended::countDown);

    assertEquals(1, ended.getCount());
  }

  /** A thread that was told to stop may be the one that meets what it cannot handle. */
  @Test
  void a_thread_that_is_interrupted_says_it_as_well() {
    StringBuilder said = new StringBuilder();
    Thread.currentThread().interrupt();

    LastLine.say(() -> said.append("the last line"), Duration.ofHours(1), ended::countDown);

    assertTrue(Thread.interrupted());
    assertEquals("the last line", said.toString());
  }

  /** A job may hold all of the heap for a moment. */
  @Test
  void a_line_for_which_there_is_no_memory_is_said_when_there_is() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AtomicInteger tries = new AtomicInteger();

    LastLine.say(
        () -> {
          if (tries.incrementAndGet() < 3) {
            throw new OutOfMemoryError();
          }
        },
        out);

    assertEquals(3, tries.get());
    assertEquals("", out.toString(UTF_8));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
