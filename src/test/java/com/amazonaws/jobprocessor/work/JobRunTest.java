package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.MOMENT;
import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.RetryAfter;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.room.Suspects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class JobRunTest {
  private static final JobExecutor FAILS =
      _ -> {
        throw new IOException("as planned");
      };

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private Rig rig(int retries) {
    // With the clock at rest no linger would end.
    return new Rig(clock, folder, 1, Duration.ofSeconds(60), retries, null).hurry();
  }

  private static void receive(Rig rig, @Nullable String group) throws Exception {
    rig.backlog.put(new OutgoingMessage("job", Map.of(), group, "x"));
    rig.receive(1);
  }

  /** It was once: with all slots taken by long jobs, a job that fails was tried for ever. */
  @Test
  void a_failure_in_a_group_is_not_forgotten_when_the_retry_finds_no_slot() throws Exception {
    Rig rig = rig(1);
    receive(rig, "g");
    rig.run(rig.take(), FAILS);
    awaitAsTimePasses( // the retry stands in line
        clock,
        Duration.ofMillis(100),
        () -> {
          rig.worker.leaseKeeper.tick();
          return rig.recorder.events.contains("back no slot became free");
        });
    rig.awaitNoneInFlight();

    rig.receive(1);
    rig.run(rig.take(), FAILS);

    rig.awaitEvent("dead 2 java.io.IOException");
  }

  @Test
  void failures_in_a_group_are_not_forgotten_when_the_lease_ends_before_the_next_attempt()
      throws Exception {
    Rig rig = rig(5);
    receive(rig, "g");
    rig.run(rig.take(), FAILS);
    rig.run(rig.take(), FAILS);
    SlotRun third = rig.take();
    clock.advance(Duration.ofSeconds(60));
    rig.run(third, FAILS); // not any more
    rig.awaitNoneInFlight();

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
    SlotRun run = rig.take();
    Thread.currentThread().interrupt();

    rig.run(
        run,
        job -> {
          assertFalse(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
          return job;
        });

    rig.awaitEvent("succeeded todo-1");
  }

  /** A stop may come when a slot has the job and its executor has not begun. */
  @Test
  void a_job_that_is_given_back_before_its_executor_begins_does_not_begin() throws Exception {
    Rig rig = rig(0);
    receive(rig, null);
    SlotRun run = rig.take();
    Objects.requireNonNull(run.attempt()).stop(Attempt.Stop.GIVE_BACK, clock.nanoTime());
    AtomicBoolean begun = new AtomicBoolean();

    rig.run(
        run,
        job -> {
          begun.set(true);
          return job;
        });

    rig.awaitEvent("back worker stops");
    assertFalse(begun.get());
    assertFalse(Thread.interrupted());
  }

  /** Its interrupt once closed the note's file, as if the disk had failed; and the job began. */
  @ParameterizedTest
  @CsvSource({
    "GIVE_BACK, worker stops",
    "TIMEOUT, writing its note took longer than job_timeout_in_secs"
  })
  void a_suspect_that_is_stopped_before_its_note_is_written_does_not_begin(
      Attempt.Stop stop, String reason) throws Exception {
    AtomicReference<Runnable> atNextLook = new AtomicReference<>(() -> {});
    MonotonicClock watched =
        () -> {
          atNextLook.getAndSet(() -> {}).run();
          return clock.nanoTime();
        };
    Rig rig = new Rig(watched, folder, 1, Duration.ofSeconds(60), 0, null).hurry();
    rig.backlog.put("job");
    rig.backlog.receive(1, Duration.ZERO, Duration.ZERO);
    rig.receive(1);
    SlotRun run = rig.take();
    assertTrue(run.isSuspect());
    Attempt attempt = Objects.requireNonNull(run.attempt());
    AtomicBoolean begun = new AtomicBoolean();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(Suspects.class);
    logger.addAppender(lines);
    try {
      atNextLook.set(() -> attempt.stop(stop, 0));
      rig.run(
          run,
          job -> {
            begun.set(true);
            return job;
          });
    } finally {
      logger.detachAppender(lines);
    }

    assertFalse(begun.get());
    assertEquals(List.of(), lines.list);
    assertFalse(Thread.interrupted());
    rig.awaitEvent("back " + reason);
  }

  /** As one that a thread makes that another job has left behind. */
  @Test
  void a_strangers_interrupt_does_not_keep_a_suspects_note_from_being_written() throws Exception {
    Rig rig = rig(0);
    rig.backlog.put("job");
    rig.backlog.receive(1, Duration.ZERO, Duration.ZERO);
    rig.receive(1);
    SlotRun run = rig.take();
    Thread.currentThread().interrupt();

    rig.run(
        run,
        _ -> {
          try (Stream<Path> notes = Files.list(folder.resolve("suspects"))) {
            return Files.readString(notes.findFirst().orElseThrow());
          }
        });

    await().until(() -> rig.results.contents().size() == 1);
    assertEquals("message_id=todo-1\n", rig.results.contents().getFirst().body());
  }

  @Test
  void an_error_of_ours_after_the_executor_has_returned_is_not_its_failure() throws Exception {
    Rig rig = rig(0);
    receive(rig, null);
    SlotRun run = rig.take();
    AtomicBoolean first = new AtomicBoolean(true);
    WorkerRuntime runtime =
        new WorkerRuntime(
            clock,
            rig.threads,
            rig.outage,
            event -> {
              if (event instanceof WorkEvent.Ran && first.getAndSet(false)) {
                throw new OutOfMemoryError("ours");
              }
            });
    Room room = rig.room;
    JobRun jobRun =
        new JobRun(
            job -> job, Rig.WORDS, room.suspects(), room.health(), rig.worker.runTimes, runtime);

    assertThrows(OutOfMemoryError.class, () -> jobRun.run(run));
  }

  @Test
  void a_retry_after_for_ever_waits_for_what_is_left_of_twelve_hours() throws Exception {
    Rig rig = rig(1);
    receive(rig, null);

    rig.run(
        rig.take(),
        _ -> {
          throw new RetryAfter(ChronoUnit.FOREVER.getDuration(), "never");
        });

    rig.awaitEvent("retry 1 " + RetryAfter.class.getName());
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

    rig.run(
        rig.take(),
        _ -> {
          throw new RetryAfter(Duration.ZERO, "hostile") {
            private static final long serialVersionUID = 1L;

            @Override
            public Duration delay() {
              throw new IllegalStateException("hostile");
            }
          };
        });

    await().until(() -> rig.recorder.events.toString().contains("retry 1 "));
  }

  @Test
  void an_exception_whose_message_cannot_be_had_is_a_failed_attempt() throws Exception {
    Rig rig = rig(0);
    receive(rig, null);

    rig.run(
        rig.take(),
        _ -> {
          throw new IOException("hostile") {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
              throw new StackOverflowError();
            }
          };
        });

    await().until(() -> rig.deadLetters.contents().size() == 1);
    String message =
        String.valueOf(
            Objects.requireNonNull(
                    rig.deadLetters.contents().getFirst().attributes().get("error_message"))
                .text());
    assertTrue(
        message.startsWith("(its getMessage() threw java.lang.StackOverflowError)"), message);
    assertEquals(List.of(), rig.fatal);
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
    Rig rig = new Rig(clock, folder, 1, Duration.ofMinutes(10), 1, Duration.ofSeconds(100));
    receive(rig, "g");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread slot =
        Thread.ofPlatform()
            .start(
                () ->
                    rig.run(
                        rig.take(),
                        job -> {
                          begun.countDown();
                          awaitForEver(end);
                          return job;
                        }));
    begun.await();
    SlotRun run = rig.room.slots().running().getFirst();
    Attempt attempt = Objects.requireNonNull(run.attempt());
    clock.advance(Duration.ofSeconds(101));
    rig.worker.leaseKeeper.tick();
    assertEquals(Attempt.Stop.TIMEOUT, attempt.stopped());
    rig.room.groups().close();
    rig.backlog.failNext(
        new CallFailed("Throttled", "", CallFailed.Kind.REJECTED, new IllegalStateException()));

    Outcome stuck = JobRun.abandoned(Attempt.Stop.TIMEOUT, attempt.ran(clock.nanoTime()));
    assertEquals(
        Outcome.Failed.forNow(
            "JobTimeout",
            "took longer than job_timeout_in_secs; it ignored its interrupt and still ran after"
                + " 101 s"),
        stuck);
    assertTrue(run.end(stuck));
    await().until(() -> rig.backlog.calls("changeVisibility").size() == 1);
    end.countDown();
    slot.join();
    awaitAsTimePasses(clock, Duration.ofMillis(100), () -> rig.room.inFlight().all().isEmpty());

    assertFalse(run.end(new Outcome.DoneBefore()));
    assertEquals(1, run.job().attempt());
    assertEquals(List.of("retry 1 JobTimeout"), rig.recorder.events);
    assertEquals(1, rig.backlog.contents().size());
    assertEquals(List.of(), rig.deadLetters.contents());
    assertEquals(List.of(), rig.results.contents());
  }

  @Test
  void who_waited_hours_behind_another_goes_back_for_twelve_hours_of_its_own() throws Exception {
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(12).minusMinutes(1), 0, null).hurry();
    rig.backlog.put(new OutgoingMessage("first", Map.of(), "g", "x"));
    rig.backlog.put(new OutgoingMessage("second", Map.of(), "g", "y"));
    rig.receive(2);
    JobExecutor sevenHours =
        job -> {
          clock.advance(Duration.ofHours(7));
          return job;
        };
    rig.run(rig.take(), sevenHours);
    awaitAsTimePasses(clock, MOMENT, () -> rig.results.contents().size() == 1);

    rig.run(rig.take(), sevenHours);
    rig.awaitEvent("back it was received hours ago");
    rig.awaitNoneInFlight();
    rig.receive(1);
    SlotRun again = rig.take();
    assertEquals(1, again.job().attempt());
    rig.run(again, sevenHours);

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

    rig.awaitEvent("back the payload bucket does not answer");
    rig.awaitNoneInFlight();
    clock.advance(Duration.ofSeconds(159));
    assertEquals(1, rig.backlog.invisible());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, rig.backlog.invisible());
  }

  /** A timeout of the one that holds the memory is none of the one that waits for it. */
  @Test
  void to_wait_for_memory_is_no_part_of_an_attempt() throws Exception {
    Rig rig = new Rig(clock, folder, 2, Duration.ofHours(1), 1, Duration.ofSeconds(100)).hurry();
    rig.backlog.put(pointer(rig, Payloads.MAX_BYTES));
    rig.backlog.put(pointer(rig, Payloads.MAX_BYTES));
    rig.receive(2);
    CountDownLatch begun = new CountDownLatch(1);
    Thread holds =
        Thread.ofPlatform()
            .start(
                () ->
                    rig.run(
                        rig.take(),
                        job -> {
                          begun.countDown();
                          new CountDownLatch(1).await();
                          return job;
                        }));
    begun.await();

    clock.advance(Duration.ofSeconds(101));
    rig.worker.leaseKeeper.tick();
    holds.join();
    SlotRun waited = rig.take();
    rig.worker.leaseKeeper.tick();
    rig.run(waited, job -> job);

    rig.awaitEvent("succeeded " + waited.job().id());
    rig.awaitEvent("retry 1 JobTimeout");
    assertEquals(2, rig.recorder.events.size(), rig.recorder.events::toString);
  }

  /** It may have failed in time, and have had to clean up. */
  @Test
  void an_attempt_that_ends_too_late_tells_its_own_error_as_well() throws Exception {
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(1), 0, Duration.ofSeconds(100)).hurry();
    for (Exception thrown : List.of(new IOException("disk"), new InterruptedException("no"))) {
      rig.run(
          rig.take("job"),
          _ -> {
            clock.advance(Duration.ofSeconds(100));
            rig.worker.leaseKeeper.tick();
            throw thrown;
          });
      rig.awaitNoneInFlight();
    }

    String late = "took longer than job_timeout_in_secs; it ended after 100 s";
    assertEquals(
        List.of(Attribute.of(late + " with java.io.IOException: disk"), Attribute.of(late)),
        rig.deadLetters.contents().stream()
            .map(letter -> letter.attributes().get("error_message"))
            .toList());
  }

  /** It may ask a server, or wait for a lock. */
  @Test
  void the_message_of_an_exception_has_the_time_limit_of_its_attempt() throws Exception {
    Rig rig = new Rig(clock, folder, 1, Duration.ofHours(1), 0, Duration.ofSeconds(100)).hurry();
    SlotRun run = rig.take("job");

    rig.run(
        run,
        _ -> {
          throw new IllegalStateException() {
            @Override
            public String getMessage() {
              clock.advance(Duration.ofSeconds(100));
              rig.worker.leaseKeeper.tick();
              return "interrupted: " + Thread.currentThread().isInterrupted();
            }
          };
        });

    rig.awaitEvent("dead 1 JobTimeout");
  }

  @Test
  void while_an_executor_runs_its_log_lines_name_the_job_and_the_attempt() throws Exception {
    Rig rig = rig(1);
    receive(rig, null);
    rig.run(
        rig.take(),
        _ -> {
          assertEquals("todo-1", MDC.get("job_id"));
          assertEquals("1", MDC.get("attempt"));
          MDC.put("left", "behind");
          throw new IOException("as planned");
        });
    assertNull(MDC.getCopyOfContextMap(), "nothing of it is left for the next job");
    rig.awaitEvent("retry 1 java.io.IOException");
    rig.awaitNoneInFlight();

    rig.receive(1);
    rig.run(
        rig.take(),
        job -> {
          assertEquals(Map.of("job_id", "todo-1", "attempt", "2"), MDC.getCopyOfContextMap());
          return job;
        });

    rig.awaitEvent("succeeded todo-1");
    assertNull(MDC.get("job_id"));
    assertNull(MDC.get("attempt"));
    assertNull(MDC.get("left"));
  }

  @Test
  void an_error_that_an_executor_throws_leaves_no_names_behind() throws Exception {
    Rig rig = rig(0);
    receive(rig, null);

    rig.run(
        rig.take(),
        _ -> {
          throw new OutOfMemoryError("as planned");
        });

    rig.awaitEvent("dead 1 java.lang.OutOfMemoryError");
    assertNull(MDC.get("job_id"));
    assertEquals(List.of(), rig.fatal);
  }
}
