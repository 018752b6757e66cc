package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.RetryAfter;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    rig.backlog.put(new OutgoingMessage("job", Map.of(), group, "x"));
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

  private static void awaitForEver(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // deaf
      }
    }
  }

  /** A stop settles an attempt that does not end; it once gave it the right to settle once more. */
  @Test
  void an_attempt_in_a_group_that_a_stop_has_settled_is_not_settled_again() throws Exception {
    Rig rig = new Rig(clock, folder, 1, Duration.ofSeconds(600), 1, Duration.ofSeconds(100));
    receive(rig, "g");
    CountDownLatch end = new CountDownLatch(1);
    InHand.Next next = rig.take();
    JobRun run =
        rig.jobRun(
            job -> {
              awaitForEver(end);
              return job;
            });
    Thread thread = Thread.ofPlatform().start(() -> run.run(next));
    await().until(() -> next.job().running() != null);
    Attempt attempt = Objects.requireNonNull(next.job().running());
    await().until(() -> thread.getState() == Thread.State.WAITING); // it has begun
    clock.advance(Duration.ofSeconds(101));
    rig.keeper(() -> {}).tick();
    assertEquals(Attempt.Stop.TIMEOUT, attempt.stopped());
    rig.groups.close();
    rig.backlog.failNext(
        new CallFailed("Throttled", "", CallFailed.Kind.REJECTED, new IllegalStateException()));

    assertTrue(next.job().conclude());
    rig.settlement.settle(next.job(), JobRun.stopped(Attempt.Stop.TIMEOUT));
    await().until(() -> rig.backlog.calls("changeVisibility").size() == 1);
    end.countDown();
    thread.join();

    assertFalse(next.job().conclude());
    assertEquals(1, next.job().attempt());
    assertEquals(List.of(), rig.deadLetters.contents());
  }

  @Test
  void who_waited_hours_behind_another_goes_back_for_twelve_hours_of_its_own() throws Exception {
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(12).minusMinutes(1), 0, null);
    rig.settlement.hurry();
    rig.backlog.put(new OutgoingMessage("first", Map.of(), "g", "x"));
    rig.backlog.put(new OutgoingMessage("second", Map.of(), "g", "y"));
    rig.receive(2);
    JobRun run =
        rig.jobRun(
            job -> {
              clock.advance(Duration.ofHours(7));
              return job;
            });
    run.run(rig.take());

    run.run(rig.take());
    await().until(() -> rig.recorder.events.contains("back it was received hours ago"));
    awaitNoJob(rig);
    rig.receive(1);
    InHand.Next again = rig.take();
    assertEquals(1, again.job().attempt());
    run.run(again);

    await().until(() -> rig.results.contents().size() == 2);
  }

  private static OutgoingMessage pointer(Rig rig, long bytes) {
    return new OutgoingMessage(
        rig.payloads.store("job"), PayloadPointer.mark(new LinkedHashMap<>(), bytes));
  }

  @Test
  void while_the_bucket_is_away_a_job_comes_less_often_with_each_receive() throws Exception {
    Rig rig = rig(5);
    rig.backlog.put(pointer(rig, 1_000));
    for (int i = 0; i < 5; i++) {
      String handle =
          rig.backlog.receive(1, Duration.ZERO, Duration.ofSeconds(60)).getFirst().receiptHandle();
      rig.backlog.changeVisibility(List.of(new Backlog.VisibilityChange(handle, 0)));
    }
    rig.payloads.failNext(
        new CallFailed("Away", "", CallFailed.Kind.UNKNOWN, new IllegalStateException()));
    rig.receive(1);

    rig.jobRun(job -> job).run(rig.take());

    await().until(() -> rig.recorder.events.contains("back the payload bucket does not answer"));
    awaitNoJob(rig);
    clock.advance(Duration.ofSeconds(159));
    assertEquals(1, rig.backlog.invisible());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, rig.backlog.invisible());
  }

  /** A timeout of the one that holds the memory is none of the one that waits for it. */
  @Test
  void to_wait_for_memory_is_no_part_of_an_attempt() throws Exception {
    Rig rig = new Rig(clock, folder, 2, Duration.ofHours(1), 1, Duration.ofSeconds(100));
    rig.settlement.hurry();
    rig.backlog.put(pointer(rig, Payloads.MAX_BYTES));
    rig.backlog.put(pointer(rig, Payloads.MAX_BYTES));
    rig.receive(2);
    CountDownLatch begun = new CountDownLatch(1);
    JobRun run =
        rig.jobRun(
            job -> {
              if (begun.getCount() > 0) {
                begun.countDown();
                new CountDownLatch(1).await();
              }
              return job;
            });
    InHand.Next holds = rig.take();
    InHand.Next waits = rig.take();
    Thread first = Thread.ofPlatform().start(() -> run.run(holds));
    begun.await();
    Thread second = Thread.ofPlatform().start(() -> run.run(waits));
    await().until(() -> second.getState() == Thread.State.WAITING);

    clock.advance(Duration.ofSeconds(101));
    rig.keeper(() -> {}).tick();
    first.join();
    second.join();

    await().until(() -> rig.recorder.events.contains("succeeded " + waits.job().id()));
    assertTrue(rig.recorder.events.contains("retry 1 JobTimeout"));
    assertEquals(2, rig.recorder.events.size(), rig.recorder.events::toString);
  }
}
