package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An executor that says that its box cannot run jobs now. */
@Timeout(120)
class SickBoxTest {
  private static final Duration LEASE = Duration.ofHours(1);
  private static final JobExecutor SICK =
      _ -> {
        throw new ExecutorUnavailable("no license");
      };

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicBoolean sick = new AtomicBoolean(true);

  /** When the executor was called, in nanoseconds. */
  private final List<Long> calls = new CopyOnWriteArrayList<>();

  private Rig rig(int slots, int retries) {
    return new Rig(clock, folder, slots, LEASE, retries, null);
  }

  private Worker start(Rig rig, JobExecutor executor) {
    Worker worker = rig.worker(executor);
    workers.add(worker);
    worker.start();
    return worker;
  }

  private String whileSick(String job) {
    calls.add(clock.nanoTime());
    if (sick.get()) {
      throw new ExecutorUnavailable("no license");
    }
    return job;
  }

  @AfterEach
  void drainAll() throws InterruptedException {
    for (Worker worker : workers) {
      worker.drain(Duration.ZERO);
    }
  }

  private void awaitMovingClock(Callable<Boolean> condition) {
    awaitAsTimePasses(clock, Duration.ofMillis(200), condition);
  }

  private static void put(Rig rig, int jobs) {
    for (int i = 0; i < jobs; i++) {
      rig.backlog.put("job " + i);
    }
  }

  private static long count(Rig rig, String event) {
    return Collections.frequency(List.copyOf(rig.recorder.events), event);
  }

  /** Other workers count each receive as an attempt: that must not go on and on. */
  @Test
  void its_job_goes_back_at_once_ever_later_from_the_fourth_time_on_and_loses_no_attempt()
      throws Exception {
    Rig rig = rig(1, 0).hurry();
    rig.backlog.put("job");
    rig.receive(1);
    rig.run(rig.take(), SICK);
    rig.awaitNoneInFlight();
    for (int seconds : List.of(0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600)) {
      assertEquals(0, rig.backlog.invisible());
      rig.receive(1); // no second one is begun
      rig.awaitNoneInFlight();
      clock.advance(Duration.ofSeconds(Math.max(0, seconds - 1)));
      assertEquals(seconds == 0 ? 0 : 1, rig.backlog.invisible());
      clock.advance(Duration.ofSeconds(1));
    }
    assertEquals(11, count(rig, "back the executor is unavailable"));
    assertEquals(1, count(rig, "unavailable no license"));
    assertEquals(12, rig.recorder.events.size(), rig.recorder.events::toString);

    rig.room.health().worked(new Attempt(clock.nanoTime()));
    rig.receive(1);
    SlotRun run = rig.take();
    assertEquals(1, run.job().attempt());
    rig.run(run, job -> job);
    rig.awaitEvent("succeeded todo-1");
  }

  /** On other boxes it may be unavailable as well, where no worker died of the job. */
  @Test
  void a_job_that_went_to_and_fro_between_boxes_is_no_killer_where_the_executor_is_unavailable()
      throws Exception {
    Rig rig = rig(1, 0).hurry();
    rig.backlog.put("job");
    for (int others = 0; others < 20; others++) {
      rig.backlog.receive(1, Duration.ZERO, Duration.ofSeconds(1));
      clock.advance(Duration.ofSeconds(1));
    }
    rig.room.health().unavailable("another", "no license");

    rig.receive(1);
    rig.awaitNoneInFlight();
    assertEquals(List.of(), rig.deadLetters.contents());
    assertEquals(1, count(rig, "back the executor is unavailable"));

    clock.advance(Duration.ofHours(1));
    rig.room.health().beginTry();
    rig.receive(1);
    rig.run(rig.take(), job -> job);
    rig.awaitEvent("succeeded todo-1");
    assertEquals(1, count(rig, "available"));
  }

  /** Two hours without what the jobs need, and no retries. */
  @Test
  void an_outage_on_all_boxes_makes_no_job_a_killer() throws Exception {
    Rig rig = rig(1, 0);
    rig.backlog.put("job");
    long begin = clock.nanoTime();
    for (int receives = 1; receives <= 10; receives++) {
      Worker box = rig.worker(job -> job); // which meets the job for the first time
      box.messageEnd.hurry();
      box.room.health().unavailable("another", "no license");
      box.handler.accept(
          rig.backlog.receive(1, Duration.ofMillis(1), LEASE), clock.nanoTime(), LEASE);
      await().until(() -> box.room.inFlight().size() == 0);
      while (rig.backlog.invisible() > 0) {
        clock.advance(Duration.ofMinutes(1));
      }
    }
    assertEquals(10, count(rig, "back the executor is unavailable"));
    assertTrue(clock.nanoTime() - begin >= Duration.ofHours(2).toNanos());
    assertEquals(List.of(), rig.deadLetters.contents());
  }

  @Test
  void those_in_line_go_back_with_it() throws Exception {
    Rig rig = rig(1, 0).hurry();
    put(rig, 4);
    rig.receive(4);

    rig.run(rig.take(), SICK);
    rig.awaitNoneInFlight();

    assertEquals(0, rig.backlog.invisible());
    assertEquals(4, rig.backlog.contents().size());
    assertEquals(4, count(rig, "back the executor is unavailable"));
    WorkEvent.ExecutorUnavailable told = rig.told(WorkEvent.ExecutorUnavailable.class).getFirst();
    assertEquals("no license", told.why());
    assertEquals(1, rig.told(WorkEvent.ExecutorUnavailable.class).size());
  }

  /** An interrupt that a stop, or a timeout, has sent comes first. */
  @Test
  void an_attempt_that_is_over_its_time_when_it_says_so_has_failed() throws Exception {
    Rig rig = new Rig(clock, folder, 1, LEASE, 0, Duration.ofSeconds(100)).hurry();
    SlotRun run = rig.take("job");

    rig.run(
        run,
        _ -> {
          clock.advance(Duration.ofSeconds(100));
          rig.worker.leaseKeeper.tick();
          throw new ExecutorUnavailable("interrupted");
        });

    rig.awaitEvent("dead 1 JobTimeout");
    assertNull(rig.worker.load().unavailable());
  }

  @Test
  void it_receives_nothing_but_one_job_to_try_with_after_ever_longer_pauses_and_then_goes_on() {
    Rig rig = rig(4, 0);
    put(rig, 60);
    Worker worker = start(rig, this::whileSick);
    await().until(() -> worker.load().unavailable() != null);
    int begun = 11; // four at the same time, before they knew, and some tries
    awaitAsTimePasses(clock, Duration.ofSeconds(1), () -> calls.size() >= begun);
    assertEquals("no license", worker.load().unavailable());
    List<Integer> asked =
        rig.backlog.calls("receive").stream().map(InMemoryQueue.Call::entries).toList();
    long full = asked.stream().filter(entries -> entries > 1).count();
    assertTrue(full <= 2, asked::toString);
    List<Long> tries = List.copyOf(calls).subList(4, begun);
    for (int i = 1; i < tries.size(); i++) {
      long least = Math.min(30, 1L << (i - 1)) * 1_000_000_000L / 2;
      assertTrue(tries.get(i) - tries.get(i - 1) >= least, () -> millis(tries));
    }

    sick.set(false);
    awaitAsTimePasses(clock, Duration.ofSeconds(1), () -> rig.results.contents().size() == 60);

    assertEquals(1, count(rig, "unavailable no license"));
    assertEquals(1, count(rig, "available"));
    assertEquals(List.of(), rig.deadLetters.contents());
    assertNull(worker.load().unavailable());
  }

  private static String millis(List<Long> times) {
    return times.stream().map(nanos -> nanos / 1_000_000).toList().toString();
  }

  @Test
  void a_try_that_times_out_is_followed_by_a_pause() throws Exception {
    Rig rig = new Rig(clock, folder, 1, LEASE, 0, Duration.ofSeconds(100)).hurry();
    rig.room.health().unavailable("another", "no license");
    rig.room.health().beginTry();

    rig.run(
        rig.take("job"),
        _ -> {
          clock.advance(Duration.ofSeconds(100));
          rig.worker.leaseKeeper.tick();
          throw new InterruptedException();
        });

    rig.awaitEvent("dead 1 JobTimeout");
    assertEquals("no license", rig.room.health().why());
    assertTrue(rig.room.health().nanosAway() > 0);
  }

  @Test
  void a_pause_is_a_minute_at_most() {
    Rig rig = rig(1, 0);
    start(rig, this::whileSick);
    for (int i = 1; i <= 12; i++) {
      int tries = i;
      // The jobs of before come back ever later.
      rig.backlog.put("another job");
      await().until(() -> calls.size() == tries);
      await().until(() -> rig.told(WorkEvent.GivenBack.class).size() == tries);
      clock.advance(Duration.ofMinutes(1));
    }
    assertEquals(1, count(rig, "unavailable no license"));
  }

  /** That it worked before says nothing of now. */
  @Test
  void a_long_job_from_before_that_ends_well_is_no_sign_of_recovery() throws Exception {
    Rig rig = rig(2, 0);
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    rig.backlog.put("long");
    Worker worker =
        start(
            rig,
            job -> {
              if (job.equals("long")) {
                begun.countDown();
                end.await();
                return job;
              }
              return whileSick(job);
            });
    begun.await();
    clock.advance(Duration.ofSeconds(1));
    rig.backlog.put("short");
    await().until(() -> worker.load().unavailable() != null);
    end.countDown();
    awaitMovingClock(() -> rig.results.contents().size() == 1);
    assertEquals("no license", worker.load().unavailable());
    assertEquals(0, count(rig, "available"));

    sick.set(false);
    awaitMovingClock(() -> rig.results.contents().size() == 2);
    rig.awaitEvent("available");
    assertEquals(1, count(rig, "unavailable no license"));
    assertEquals(1, count(rig, "available"));
  }

  /** The black hole of batch systems: it fails so fast that it gets most of the jobs. */
  @Test
  void a_sick_worker_beside_a_healthy_one_costs_no_job_its_result() {
    Rig rig = rig(4, 0);
    put(rig, 100);
    start(rig, this::whileSick);
    await().until(() -> !calls.isEmpty());
    start(rig, job -> job + " done");

    awaitMovingClock(() -> rig.backlog.contents().isEmpty());

    Set<String> results = new HashSet<>();
    rig.results.contents().stream().map(OutgoingMessage::body).forEach(results::add);
    assertEquals(100, results.size());
    assertEquals(100, rig.results.contents().size());
    assertEquals(List.of(), rig.deadLetters.contents());
    assertEquals(1, count(rig, "unavailable no license"));
  }
}
