package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StuckWatchTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final StuckWatch watch = new StuckWatch(clock);
  private final CountDownLatch end = new CountDownLatch(1);
  private final CountDownLatch within = new CountDownLatch(1);

  @AfterEach
  void end() {
    end.countDown();
  }

  private static List<String> names(StuckWatch watch) {
    return watch.stuck().stream().map(StuckWatch.Stuck::what).toList();
  }

  @Test
  void a_step_is_stuck_when_it_lasts_longer_than_its_limit_and_not_before() {
    try (StuckWatch.Step _ = watch.within("call", Duration.ofSeconds(60))) {
      clock.advance(Duration.ofSeconds(60));
      assertEquals(List.of(), watch.stuck());

      clock.advance(Duration.ofNanos(1));
      StuckWatch.Stuck stuck = watch.stuck().getFirst();
      assertEquals("call", stuck.what());
      assertEquals(60, stuck.lasts().toSeconds());
      assertSame(Thread.currentThread(), stuck.thread());
    }
    assertEquals(List.of(), watch.stuck());
  }

  @Test
  void each_step_has_a_limit_of_its_own_and_the_longest_is_named_first() {
    try (StuckWatch.Step _ = watch.within("long", Duration.ofMinutes(2))) {
      clock.advance(Duration.ofSeconds(50));
      try (StuckWatch.Step _ = watch.step("usual");
          StuckWatch.Step _ = watch.within("short", Duration.ofSeconds(1))) {
        clock.advance(Duration.ofSeconds(2));
        assertEquals(List.of("short"), names(watch));
        clock.advance(Duration.ofSeconds(69));
        assertEquals(3, names(watch).size());
        assertEquals("long", names(watch).getFirst());
      }
    }
  }

  @Test
  void steps_of_the_same_name_are_counted_one_by_one() {
    StuckWatch.Step first = watch.step("call");
    StuckWatch.Step second = watch.step("call");
    first.close();
    clock.advance(Duration.ofSeconds(61));
    assertEquals(List.of("call"), names(watch));
    second.close();
    assertEquals(List.of(), watch.stuck());
  }

  /** The port, but the method of this name does not return. */
  private <T> T hanging(Class<T> port, T real, String method) {
    InvocationHandler handler =
        (_, called, arguments) -> {
          if (called.getName().equals(method)) {
            within.countDown();
            end.await();
          }
          return called.invoke(real, arguments);
        };
    return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
  }

  private Rig rig(@Nullable InMemoryJobTable table) {
    return new Rig(clock, folder, 2, Duration.ofHours(1), 0, null, table, true);
  }

  private InMemoryJobTable table() {
    return new InMemoryJobTable("i-1", new SettableWallClock());
  }

  /**
   * Waits for the thread to be where it hangs; other steps may be amid their tick as time jumps.
   */
  private void assertStuckAfter(Rig rig, int seconds, String what) throws Exception {
    while (!within.await(10, TimeUnit.MILLISECONDS)) {
      clock.advance(Duration.ofMillis(100)); // deletes linger
    }
    clock.advance(Duration.ofSeconds(seconds - 1));
    await().until(() -> rig.watch.stuck().isEmpty());
    clock.advance(Duration.ofSeconds(2));
    await().until(() -> names(rig.watch).equals(List.of(what)));
    end.countDown();
    await().until(() -> rig.watch.stuck().isEmpty());
    assertEquals(List.of(), rig.fatal);
  }

  @ParameterizedTest
  @CsvSource({"receive,61,ReceiveMessage", "delete,60,DeleteMessageBatch"})
  void a_call_of_sqs_that_does_not_return_is_named(String method, int seconds, String what)
      throws Exception {
    Rig rig = rig(null);
    rig.backlog.put("job");
    Backlog backlog = hanging(Backlog.class, rig.backlog, method);
    rig.worker(job -> job, rig.with(backlog)).start();

    assertStuckAfter(rig, seconds, what);
  }

  @ParameterizedTest
  @CsvSource({"claim,job table: claim", "record,job table: record"})
  void a_call_of_the_job_table_that_does_not_return_is_named(String method, String what)
      throws Exception {
    Rig rig = rig(table());
    rig.backlog.put("job");
    JobTable table = hanging(JobTable.class, table(), method);
    rig.worker(job -> job, rig.with(table)).start();

    assertStuckAfter(rig, 60, what);
  }

  @Test
  void a_call_of_the_payload_bucket_that_does_not_return_is_named_but_may_take_longer()
      throws Exception {
    Rig rig = rig(null);
    Payloads bucket = hanging(Payloads.class, rig.payloads, "store");
    rig.backlog.put("job");
    rig.worker(_ -> "x".repeat(2_000_000), rig.with(bucket)).start();

    assertStuckAfter(rig, 120, "payload bucket: store");
  }

  @Test
  void an_event_that_nobody_takes_is_named() {
    Rig rig = rig(null);
    rig.backlog.put("job");
    Worker worker =
        rig.worker(
            _ -> {
              throw new IllegalStateException("fails");
            });
    // As a log that takes no line: of a failure there is one.
    synchronized (rig.recorder.events) {
      worker.start();
      await()
          .until(
              () -> {
                clock.advance(Duration.ofSeconds(10));
                return names(rig.watch).contains("work event");
              });
    }
    await().until(() -> rig.watch.stuck().isEmpty());
  }

  @Test
  void jobs_that_run_for_an_hour_and_calls_that_fail_for_an_hour_are_not_stuck() throws Exception {
    Rig rig = rig(table());
    CallFailed failure =
        new CallFailed("Away", "", CallFailed.Kind.REJECTED, new IllegalStateException());
    rig.backlog.put("long");
    rig.backlog.put("quick");
    rig.worker(
            job -> {
              if (job.equals("long")) {
                within.countDown();
                end.await();
              }
              rig.backlog.failNext(failure, failure, failure, failure, failure, failure);
              return job;
            })
        .start();
    within.await();
    for (int minutes = 0; minutes < 58; minutes += 2) {
      clock.advance(Duration.ofMinutes(2));
      await().until(() -> rig.watch.stuck().isEmpty());
    }
    assertEquals(List.of(), rig.fatal);
  }
}
