package com.amazonaws.jobprocessor.machine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the scheduler of this JVM, which has all cores again at the end. */
class CarriersTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final Duration LONG = Duration.ofMinutes(5);

  private final VirtualThreadSchedulerMXBean scheduler =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  @BeforeEach
  void one_core_makes_the_calls() {
    scheduler.setParallelism(1);
  }

  @AfterEach
  void all_cores_again() {
    scheduler.setParallelism(CORES);
  }

  private static void request(Carriers carriers, int times) {
    for (int i = 0; i < times; i++) {
      carriers.request();
    }
  }

  private static FutureTask<Boolean> inBackground(Carriers carriers) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              carriers.takeAllCoresWhenWarm();
              return true;
            });
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  @Test
  void a_warm_worker_has_all_cores_for_its_calls() throws Exception {
    Carriers carriers = new Carriers(LONG);
    FutureTask<Boolean> waits = inBackground(carriers);

    request(carriers, Carriers.WARM - 1);
    assertThrows(TimeoutException.class, () -> waits.get(200, TimeUnit.MILLISECONDS));
    assertEquals(1, scheduler.getParallelism());

    request(carriers, 1);
    waits.get(60, TimeUnit.SECONDS);
    assertEquals(CORES, scheduler.getParallelism());
  }

  @Test
  void a_worker_that_is_not_busy_has_them_after_a_while() throws Exception {
    new Carriers(Duration.ofMillis(1)).takeAllCoresWhenWarm();

    assertEquals(CORES, scheduler.getParallelism());
  }

  @Test
  void what_the_user_has_chosen_stays() throws Exception {
    scheduler.setParallelism(CORES + 3);

    new Carriers(Duration.ofMillis(1)).takeAllCoresWhenWarm();

    assertEquals(CORES + 3, scheduler.getParallelism());
  }

  @Test
  void a_stop_does_not_wait_for_it() {
    Thread starter =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    new Carriers(LONG).takeAllCoresWhenWarm();
                  } catch (InterruptedException e) {
                    // what a stop does
                  }
                });

    starter.interrupt();

    await().until(() -> !starter.isAlive());
    assertEquals(1, scheduler.getParallelism());
  }
}
