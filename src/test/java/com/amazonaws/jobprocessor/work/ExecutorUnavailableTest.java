package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExecutorUnavailableTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  /** With jobs waiting, the one to try with comes at once, long before the next pause is over. */
  @Test
  void a_worker_whose_executor_is_available_again_finds_out_and_does_all_jobs() throws Exception {
    Rig rig = new Rig(clock, folder, 4, Duration.ofHours(1), 1, null);
    AtomicInteger tries = new AtomicInteger();
    for (int i = 0; i < 30; i++) {
      rig.backlog.put("job-" + i);
    }
    Worker worker =
        rig.worker(
            job -> {
              if (tries.incrementAndGet() <= 8) {
                throw new ExecutorUnavailable("no license");
              }
              return job;
            });
    worker.start();
    eventually(
        () -> {
          clock.advance(Duration.ofMillis(200));
          return rig.results.contents().size() == 30;
        });
    worker.drain(Duration.ofSeconds(5));

    assertEquals(0, rig.deadLetters.contents().size());
    assertEquals(1, Collections.frequency(rig.recorder.events, "unavailable no license"));
    assertEquals(1, Collections.frequency(rig.recorder.events, "available"));
  }

  /** The listener waited for the end of the pause that the try had begun. */
  @Test
  void a_try_that_works_ends_the_pause_at_once_while_other_slots_are_idle() throws Exception {
    Rig rig = new Rig(clock, folder, 4, Duration.ofHours(1), 1, null);
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch letGo = new CountDownLatch(1);
    rig.backlog.put("job-0");
    Worker worker =
        rig.worker(
            job -> {
              int number = tries.incrementAndGet();
              if (number <= 4) {
                throw new ExecutorUnavailable("no license");
              }
              if (number == 5) {
                letGo.await();
              }
              return job;
            });
    worker.start();
    eventually(
        () -> {
          clock.advance(tries.get() < 5 ? Duration.ofMillis(200) : Duration.ZERO);
          return tries.get() == 5;
        });
    eventually(() -> clock.waiters() == 1);
    rig.backlog.put("job-1");
    long before = clock.nanoTime();
    letGo.countDown();
    rig.awaitEvent("available");
    eventually(
        () -> {
          clock.advance(Duration.ofNanos(100_000)); // a busy machine looks often before it is done
          return rig.results.contents().size() == 2;
        });

    long took = clock.nanoTime() - before;
    assertTrue(took < Duration.ofSeconds(3).toNanos(), took + " ns");
    worker.drain(Duration.ofSeconds(5));
  }
}
