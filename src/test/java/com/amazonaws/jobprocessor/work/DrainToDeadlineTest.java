package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A drain before the box is taken: what can be done by then is done, the rest goes back at once.
 */
@Timeout(60)
class DrainToDeadlineTest {
  private static final Duration LEASE = Duration.ofHours(1); // so 30 minutes are expected

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();

  /** A job waits for its word, and heeds its interrupt unless it is deaf. */
  private String execute(String job) throws InterruptedException {
    CountDownLatch end = ends.computeIfAbsent(job, _ -> new CountDownLatch(1));
    while (true) {
      try {
        end.await();
        return job;
      } catch (InterruptedException e) {
        if (!job.startsWith("deaf")) {
          throw e;
        }
      }
    }
  }

  private Rig rig(int slots) {
    return new Rig(clock, folder, slots, LEASE, 0, null);
  }

  /** A worker that runs these jobs, one a slot. */
  private Worker working(Rig rig, String... jobs) throws Exception {
    Worker worker = rig.worker(this::execute);
    for (String job : jobs) {
      rig.backlog.put(job);
    }
    worker.handler.accept(
        rig.backlog.receive(jobs.length, Duration.ofMillis(1), LEASE), clock.nanoTime(), LEASE);
    worker.start();
    await().until(() -> ends.size() == jobs.length);
    return worker;
  }

  private void end(String job) {
    Objects.requireNonNull(ends.get(job), job).countDown();
  }

  private DrainDeadline in(int seconds) {
    return DrainDeadline.judging(clock.nanoTime() + Duration.ofSeconds(seconds).toNanos());
  }

  private static Thread drain(Worker worker, DrainDeadline deadline) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                worker.drain(deadline);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void measured(Worker worker, int count, int seconds) {
    for (int i = 0; i < count; i++) {
      worker.runTimes.ended(Duration.ofSeconds(seconds));
    }
  }

  private static List<String> bodies(InMemoryQueue queue) {
    return queue.contents().stream().map(OutgoingMessage::body).toList();
  }

  private static long givenBack(Rig rig) {
    return rig.told(WorkEvent.GivenBack.class).size();
  }

  @Test
  void what_will_be_done_goes_on_and_what_will_not_goes_back_at_once() throws Exception {
    Rig rig = rig(2);
    Worker worker = working(rig, "old");
    measured(worker, 100, 60);
    clock.advance(Duration.ofSeconds(200)); // older than all that were measured
    rig.backlog.put("young");
    await().until(() -> ends.size() == 2);

    Thread drain = drain(worker, in(80));

    await().until(() -> givenBack(rig) == 1);
    assertEquals(1, worker.load().running());
    assertEquals(1, rig.backlog.invisible(), "the young one's message is in hand");
    end("young");
    drain.join();
    assertEquals(List.of("young"), bodies(rig.results));
  }

  @Test
  void a_job_that_needs_longer_than_is_left_goes_back_at_once() throws Exception {
    Rig rig = rig(1);
    Worker worker = working(rig, "long");
    measured(worker, 20, 600);

    drain(worker, in(80)).join();

    assertEquals(List.of("long"), bodies(rig.backlog));
    assertEquals(0, rig.backlog.invisible());
  }

  @Test
  void a_job_of_mixed_times_that_turns_out_to_be_a_long_one_goes_back_when_that_shows()
      throws Exception {
    Rig rig = rig(1);
    Worker worker = working(rig, "which");
    measured(worker, 60, 1);
    measured(worker, 40, 600);
    Thread drain = drain(worker, in(80));
    await().until(() -> worker.claims.nanosAway() == 0 && drain.getState() != Thread.State.NEW);

    clock.advance(Duration.ofSeconds(3));
    drain.join();

    assertEquals(List.of("which"), bodies(rig.backlog));
  }

  @Test
  void a_deadline_that_is_brought_forward_is_judged_by_anew() throws Exception {
    Rig rig = rig(1);
    Worker worker = working(rig, "job");
    measured(worker, 100, 60);
    DrainDeadline deadline = in(80);
    Thread drain = drain(worker, deadline);
    await().until(() -> rig.backlog.calls("receive").size() >= 1);
    assertEquals(0, givenBack(rig));

    deadline.bringForward(in(30));
    drain.join();

    assertEquals(List.of("job"), bodies(rig.backlog));
  }

  @Test
  void at_the_deadline_what_still_runs_goes_back() throws Exception {
    Rig rig = rig(1);
    Worker worker = working(rig, "job");
    measured(worker, 100, 60);
    Thread drain = drain(worker, in(80));

    Rig.awaitAsTimePasses(clock, Duration.ofSeconds(1), () -> !drain.isAlive());

    assertEquals(List.of("job"), bodies(rig.backlog));
    assertEquals(0, rig.results.contents().size());
  }

  @Test
  void a_deaf_job_that_went_back_is_not_waited_for_and_costs_the_others_no_time() throws Exception {
    Rig rig = rig(2);
    Worker worker = working(rig, "deaf");
    measured(worker, 100, 60);
    clock.advance(Duration.ofSeconds(200));
    rig.backlog.put("young");
    await().until(() -> ends.size() == 2);
    Thread drain = drain(worker, in(80));

    // Not so fast that the deadline comes before a busy machine has given anything back.
    Rig.awaitAsTimePasses(clock, Duration.ofMillis(20), () -> givenBack(rig) == 1);
    assertEquals(1, rig.backlog.invisible(), "the young one's message is in hand");
    assertTrue(drain.isAlive());
    end("young");
    drain.join();

    assertEquals(List.of("young"), bodies(rig.results));
    end("deaf");
  }

  @Test
  void with_the_job_table_a_job_that_goes_back_has_had_no_attempt() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("todo", new SettableWallClock());
    Rig rig = new Rig(clock, folder, 1, LEASE, 0, null, table, true);
    Worker worker = working(rig, "long");
    measured(worker, 20, 600);
    drain(worker, in(80)).join();
    Worker next = rig.worker(job -> job);

    next.start();
    await().until(() -> rig.results.contents().size() == 1);
    next.drain(Duration.ZERO);

    assertEquals(Attribute.of("1"), rig.results.contents().getFirst().attributes().get("attempts"));
  }

  @Test
  void a_patient_drain_waits_for_jobs_of_any_age() throws Exception {
    Rig rig = rig(1);
    Worker worker = working(rig, "old");
    measured(worker, 100, 1);
    clock.advance(Duration.ofSeconds(200));
    Thread drain =
        drain(worker, DrainDeadline.patient(clock.nanoTime() + Duration.ofSeconds(90).toNanos()));
    clock.advance(Duration.ofSeconds(80));
    assertEquals(0, givenBack(rig));

    end("old");
    drain.join();

    assertEquals(List.of("old"), bodies(rig.results));
  }
}
