package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class WorkerTest {
  @TempDir Path folder;

  private Rig rig(int slots, int retries) {
    return new Rig(System::nanoTime, folder, slots, Duration.ofSeconds(60), retries, null);
  }

  @Test
  void every_job_runs_once_and_has_one_result() throws Exception {
    Rig rig = rig(16, 1);
    AtomicInteger runs = new AtomicInteger();
    for (int i = 0; i < 3_000; i++) {
      rig.backlog.put("job " + i);
    }
    Worker worker =
        rig.worker(
            job -> {
              runs.incrementAndGet();
              return job + "!";
            });
    worker.start();
    await().until(() -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ofSeconds(10));

    assertEquals(3_000, runs.get());
    assertEquals(
        3_000, rig.results.contents().stream().map(OutgoingMessage::body).distinct().count());
    assertEquals(3_000, rig.results.contents().size());
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void n_retries_are_n_plus_one_runs() throws Exception {
    Rig rig = rig(4, 3);
    AtomicInteger runs = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      rig.backlog.put("job " + i);
    }
    Worker worker =
        rig.worker(
            _ -> {
              runs.incrementAndGet();
              throw new IOException("always");
            });
    worker.start();
    await().until(() -> rig.deadLetters.contents().size() == 50);
    worker.drain(Duration.ofSeconds(10));

    assertEquals(200, runs.get());
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void one_slow_job_holds_up_no_other() throws Exception {
    Rig rig = rig(2, 0);
    CountDownLatch slow = new CountDownLatch(1);
    rig.backlog.put("slow");
    for (int i = 0; i < 500; i++) {
      rig.backlog.put("quick");
    }
    Worker worker =
        rig.worker(
            job -> {
              if (job.equals("slow")) {
                slow.await();
              }
              return job;
            });
    worker.start();

    await().until(() -> rig.results.contents().size() == 500);
    slow.countDown();
    await().until(() -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ofSeconds(10));
  }

  @Test
  void started_and_drained_a_hundred_times_it_loses_nothing_and_runs_nothing_twice()
      throws Exception {
    Rig rig =
        rig(4, 100); // others' give-backs count as receives: with few retries all would be suspects
    AtomicInteger runs = new AtomicInteger();
    for (int i = 0; i < 2_000; i++) {
      rig.backlog.put("job " + i);
    }
    for (int round = 0; round < 100; round++) {
      int least = Math.min(2_000, rig.results.contents().size() + 10);
      Worker worker =
          rig.worker(
              job -> {
                runs.incrementAndGet();
                return job;
              });
      worker.start();
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> rig.results.contents().size() >= least);
      worker.drain(Duration.ofSeconds(10));
      assertEquals(
          0, rig.backlog.invisible(), () -> "nothing stays invisible: " + rig.recorder.events);
    }
    Worker last = rig.worker(job -> String.valueOf(runs.incrementAndGet()));
    last.start();
    await().until(() -> rig.backlog.contents().isEmpty());
    last.drain(Duration.ofSeconds(10));

    assertEquals(2_000, runs.get());
    assertEquals(2_000, rig.results.contents().size());
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void a_drain_that_runs_out_of_time_gives_running_jobs_back() throws Exception {
    Rig rig = rig(2, 0);
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    rig.backlog.put("a");
    rig.backlog.put("b");
    Worker worker =
        rig.worker(
            job -> {
              runs.incrementAndGet();
              never.await();
              return job;
            });
    worker.start();
    await().until(() -> runs.get() == 2);

    worker.drain(Duration.ZERO);

    assertEquals(2, rig.backlog.contents().size());
    assertEquals(0, rig.backlog.invisible());
    assertEquals(0, rig.deadLetters.contents().size());
    assertTrue(
        rig.recorder.events.stream().allMatch(e -> e.equals("back worker stops")),
        rig.recorder.events::toString);
  }

  @Test
  void sends_and_deletes_that_fail_for_a_while_lose_nothing_and_run_nothing_twice()
      throws Exception {
    Rig rig = rig(4, 0);
    AtomicInteger runs = new AtomicInteger();
    CallFailed away = new CallFailed("Away", "played", CallFailed.Kind.REJECTED, new IOException());
    rig.results.failNext(away, away, away);
    rig.results.answerNext(new Answer.Failed("Busy", ""), new Answer.Failed("Busy", ""));
    for (int i = 0; i < 100; i++) {
      rig.backlog.put("job " + i);
    }
    Worker worker =
        rig.worker(
            job -> {
              runs.incrementAndGet();
              return job;
            });
    worker.start();
    await().until(() -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ofSeconds(10));

    assertEquals(100, runs.get());
    assertEquals(100, rig.results.contents().size());
  }

  /** A thread that an executor has left behind may interrupt the slot at any time. */
  @Test
  void an_interrupt_while_a_slot_is_idle_does_not_end_the_slot() throws Exception {
    Rig rig = rig(1, 0);
    AtomicReference<@Nullable Thread> slot = new AtomicReference<>();
    Worker worker =
        rig.worker(
            job -> {
              slot.set(Thread.currentThread());
              return job;
            });
    worker.start();
    rig.backlog.put("first");
    await().until(() -> rig.backlog.contents().isEmpty());
    Thread thread = Objects.requireNonNull(slot.get());
    await().until(() -> thread.getState() == Thread.State.WAITING);

    thread.interrupt();
    rig.backlog.put("second");

    await().until(() -> rig.results.contents().size() == 2);
    worker.drain(Duration.ofSeconds(10));
  }

  @Test
  void a_suspect_that_outlives_its_give_back_leaves_no_note_that_a_worker_died_of_it()
      throws Exception {
    Rig rig = rig(1, 0);
    rig.backlog.put("deaf");
    rig.backlog.changeVisibility(
        List.of(
            new Backlog.VisibilityChange(
                rig.backlog
                    .receive(1, Duration.ZERO, Duration.ofSeconds(60))
                    .getFirst()
                    .receiptHandle(),
                0)));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Worker worker =
        rig.worker(
            job -> {
              begun.countDown();
              while (end.getCount() > 0) {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  // deaf
                }
              }
              return job;
            });
    worker.start();
    begun.await();
    Path notes = folder.resolve("suspects");
    assertEquals(1, files(notes));

    worker.drain(Duration.ZERO);

    assertEquals(0, files(notes));
    assertEquals(0, rig.backlog.invisible());
    end.countDown();
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
