package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Before an idle box ends, its worker takes nothing more; but what has come is done. */
@Timeout(60)
class PauseIfIdleTest {
  @TempDir Path folder;
  private final CountDownLatch answer = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private Rig rig;
  private Worker worker;

  @BeforeEach
  void start() {
    rig = new Rig(System::nanoTime, folder, 2, Duration.ofMinutes(1), 0, null);
    worker =
        rig.worker(
            job -> {
              finish.await();
              return job;
            });
    rig.backlog.holdLongPolls(answer);
    worker.start();
    await().until(() -> !rig.backlog.calls("receive").isEmpty());
  }

  @AfterEach
  void end() throws InterruptedException {
    answer.countDown();
    finish.countDown();
    worker.drain(Duration.ZERO);
    assertEquals(List.of(), rig.fatal);
  }

  private CompletableFuture<Boolean> pause() {
    CompletableFuture<Boolean> idle = new CompletableFuture<>();
    rig.threads.startVirtual("pause", () -> idle.complete(worker.pauseIfIdle()));
    return idle;
  }

  @Test
  void an_idle_worker_receives_nothing_until_it_resumes() throws Exception {
    answer.countDown();
    assertTrue(worker.pauseIfIdle());
    int receives = rig.backlog.calls("receive").size();
    rig.backlog.put("job");
    assertFalse(worker.isBusy());
    assertEquals(receives, rig.backlog.calls("receive").size());

    worker.resumeReceiving();

    await().until(worker::isBusy);
  }

  @Test
  void a_job_that_comes_with_the_receive_under_way_is_run() throws Exception {
    CompletableFuture<Boolean> idle = pause();
    rig.backlog.put("job");
    answer.countDown();

    assertFalse(idle.get());

    finish.countDown();
    await().until(() -> rig.results.contents().size() == 1);
    rig.backlog.put("another");
    await().until(() -> rig.results.contents().size() == 2);
  }

  @Test
  void a_worker_at_work_goes_on() throws Exception {
    answer.countDown();
    rig.backlog.put("job");
    await().until(worker::isBusy);

    assertFalse(worker.pauseIfIdle());

    rig.backlog.put("another");
    await().until(() -> worker.load().inFlight() == 2);
  }
}
