package com.amazonaws.jobprocessor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.JobExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunningJobsTest {
  private final AtomicInteger ends = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();

  private RunningJobs jobs(JobExecutor executor) {
    return new RunningJobs(executor, ends::incrementAndGet, nanos::get);
  }

  private static JobContext job(String id) {
    return new JobContext(id, "m", 2, Map.of());
  }

  @Test
  void jobs_are_passed_on_with_and_without_their_context() throws Exception {
    assertEquals("a!", jobs(text -> text + "!").execute("a", job("j")));
    JobAwareExecutor aware =
        new JobAwareExecutor() {
          @Override
          public String execute(String text, JobContext job) {
            return text + job.jobId();
          }
        };
    assertEquals("aj", jobs(aware).execute("a", job("j")));
    assertEquals(2, ends.get());
  }

  @Test
  void what_an_executor_throws_is_its_own_and_ends_the_attempt() {
    RunningJobs jobs =
        jobs(
            text -> {
              throw new java.io.IOException(text);
            });
    assertThrows(java.io.IOException.class, () -> jobs.execute("boom", job("j")));
    assertEquals(1, ends.get());
    assertEquals("", jobs.toString());
  }

  @Test
  void the_jobs_that_run_are_named_with_how_long_they_do_and_20_at_most() throws Exception {
    CountDownLatch running = new CountDownLatch(23);
    CountDownLatch over = new CountDownLatch(1);
    RunningJobs jobs =
        jobs(
            text -> {
              running.countDown();
              over.await();
              return text;
            });
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> runs = new ArrayList<>();
      runs.add(threads.submit(() -> jobs.execute("", job("first"))));
      while (jobs.toString().isEmpty()) {
        Thread.onSpinWait();
      }
      assertEquals("first (attempt 2, 0 s)", jobs.toString());
      nanos.set(75_900_000_000L);
      for (int i = 0; i < 22; i++) {
        runs.add(threads.submit(() -> jobs.execute("", job("other"))));
      }
      running.await();
      String text = jobs.toString();
      over.countDown();
      for (Future<?> run : runs) {
        run.get();
      }

      assertEquals(
          "first (attempt 2, 75 s)" + ", other (attempt 2, 0 s)".repeat(19) + " and 3 more", text);
      assertEquals(Optional.empty(), jobs.exiting());
    }
  }
}
