package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.RetryAfter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunTest {
  private static final JobExecutor FAILS =
      _ -> {
        throw new IOException("as planned");
      };

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private Rig rig(int retries) {
    Rig rig = new Rig(clock, folder, 1, Duration.ofSeconds(60), retries, null);
    rig.settlement.hurry(); // with the clock at rest no linger would end
    return rig;
  }

  private static void receive(Rig rig, @Nullable String group) throws Exception {
    rig.backlog.put(new Outgoing("job", Map.of(), group, "x"));
    rig.receive(1);
  }

  private static void awaitNoJob(Rig rig) {
    await().until(() -> rig.inHand.all().isEmpty());
  }

  /** It was once: with all slots taken by long jobs, a job that fails was tried for ever. */
  @Test
  void a_failure_in_a_group_is_not_forgotten_when_the_retry_finds_no_slot() throws Exception {
    Rig rig = rig(1);
    LeaseKeeper keeper = rig.keeper(() -> {});
    receive(rig, "g");
    rig.jobRun(FAILS).run(rig.take());
    keeper.tick(); // the retry stands in line
    clock.advance(Duration.ofMillis(2_600));
    keeper.tick();
    await().until(() -> rig.recorder.events.contains("back no slot became free"));
    awaitNoJob(rig);

    rig.receive(1);
    rig.jobRun(FAILS).run(rig.take());

    await().until(() -> rig.recorder.events.contains("dead 2 java.io.IOException"));
  }

  @Test
  void failures_in_a_group_are_not_forgotten_when_the_lease_ends_before_the_next_attempt()
      throws Exception {
    Rig rig = rig(5);
    LeaseKeeper keeper = rig.keeper(() -> {});
    receive(rig, "g");
    rig.jobRun(FAILS).run(rig.take());
    keeper.tick();
    rig.jobRun(FAILS).run(rig.take());
    clock.advance(Duration.ofSeconds(60));
    keeper.tick();
    rig.jobRun(FAILS).run(rig.take()); // not any more
    awaitNoJob(rig);

    rig.receive(1);

    assertEquals(3, rig.take().job().attempt());
    assertEquals(
        List.of("retry 1 java.io.IOException", "retry 2 java.io.IOException", "lost todo-1"),
        rig.recorder.events);
  }

  /** A thread that an executor has left behind may interrupt the slot at any time. */
  @Test
  void an_interrupt_that_comes_between_two_jobs_is_not_the_second_ones() throws Exception {
    Rig rig = rig(0);
    receive(rig, null);
    InHand.Next next = rig.take();
    Thread.currentThread().interrupt();

    rig.jobRun(
            job -> {
              assertEquals(false, new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
              return job;
            })
        .run(next);

    await().until(() -> rig.recorder.events.contains("succeeded todo-1"));
  }

  @Test
  void a_retry_after_for_ever_waits_for_what_is_left_of_twelve_hours() throws Exception {
    Rig rig = rig(1);
    receive(rig, null);

    rig.jobRun(
            _ -> {
              throw new RetryAfter(ChronoUnit.FOREVER.getDuration(), "never");
            })
        .run(rig.take());

    await().until(() -> rig.recorder.events.contains("retry 1 " + RetryAfter.class.getName()));
    clock.advance(Duration.ofHours(12).minusSeconds(61));
    assertEquals(1, rig.backlog.invisible());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, rig.backlog.invisible());
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void a_retry_after_that_throws_when_it_is_asked_is_a_failed_attempt() throws Exception {
    Rig rig = rig(1);
    receive(rig, null);

    rig.jobRun(
            _ -> {
              throw new RetryAfter(Duration.ZERO, "hostile") {
                private static final long serialVersionUID = 1L;

                @Override
                public Duration delay() {
                  throw new IllegalStateException("hostile");
                }
              };
            })
        .run(rig.take());

    await().until(() -> rig.recorder.events.toString().contains("retry 1 "));
  }
}
