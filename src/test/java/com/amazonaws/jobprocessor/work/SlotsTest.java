package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotQueue;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SlotsTest {
  private static final int SLOTS = 4;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final ClassLoader loader = new URLClassLoader("executors", new URL[0], null);
  private Rig rig;

  @BeforeEach
  void begin() {
    begin(SLOTS);
  }

  private void begin(int slots) {
    rig = new Rig(clock, folder, slots, Duration.ofHours(1), 1, null);
  }

  @AfterEach
  void end() throws Exception {
    rig.room.slots().close();
    for (Thread thread : threads) {
      thread.interrupt(); // a test that failed leaves jobs that wait
      thread.join(10_000);
    }
    assertEquals(List.of(), rig.fatal);
    assertEquals(List.of(), rig.room.slots().running());
  }

  private void start(JobExecutor executor) {
    start(executor, rig.runtime);
  }

  private void start(JobExecutor executor, WorkerRuntime runtime) {
    JobExecutor noted =
        job -> {
          threads.add(Thread.currentThread());
          return executor.execute(job);
        };
    JobRun jobRun =
        new JobRun(
            noted,
            Rig.WORDS,
            rig.room.suspects(),
            rig.room.health(),
            rig.worker.runTimes,
            rig.runtime);
    SlotQueue line = rig.room.slots();
    new Slots(line.slots(), line, jobRun, runtime, loader).start();
  }

  private SlotRun offer(String id) {
    // For longer than any of the tests moves the clock, however often.
    Lease lease = new Lease(clock.nanoTime(), Duration.ofHours(11));
    Delivery delivery = new Delivery(id, id + "#1", "body", Map.of(), 1);
    SlotRun run = new SlotRun(Message.of(delivery, lease, 1).jobs().getFirst(), id, false);
    rig.room.slots().expect(1);
    rig.room.slots().offer(run);
    return run;
  }

  private List<SlotRun> offer(int jobs) {
    List<SlotRun> runs = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      runs.add(offer("job-" + i));
    }
    return runs;
  }

  private long idleSlots() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> loader.equals(thread.getContextClassLoader()))
        .filter(thread -> thread.getState() == Thread.State.WAITING)
        .count();
  }

  private static String result(SlotRun run) throws InterruptedException {
    return run.await() instanceof Outcome.Succeeded(String result, _) ? result : "none";
  }

  @Test
  void a_job_runs_on_a_platform_thread_with_the_executors_class_loader() throws Exception {
    start(
        _ ->
            Thread.currentThread().isVirtual()
                + " "
                + Thread.currentThread().getContextClassLoader().getName());

    assertEquals("false executors", result(offer("a")));
    assertEquals("slot-1", threads.iterator().next().getName());
  }

  @Test
  void all_slots_run_side_by_side_and_no_more_of_them() throws Exception {
    CyclicBarrier together = new CyclicBarrier(SLOTS);
    start(
        job -> {
          together.await(30, TimeUnit.SECONDS);
          return job;
        });
    for (int round = 0; round < 50; round++) {
      for (SlotRun run : offer(SLOTS)) {
        assertEquals(run.definition(), result(run));
      }
    }

    assertEquals(SLOTS, threads.size());
  }

  /** Each costs memory. */
  @Test
  void a_slot_is_started_when_all_others_have_a_job() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    start(
        job -> {
          if (job.equals("holds")) {
            letGo.await();
          }
          return job;
        });
    for (int i = 0; i < 20; i++) {
      result(offer("short"));
      eventually(() -> idleSlots() >= 2);
    }
    SlotRun holds = offer("holds");
    assertEquals("short", result(offer("short")));
    eventually(() -> idleSlots() >= 3);
    letGo.countDown();
    assertEquals("holds", result(holds));
    eventually(() -> idleSlots() >= 3);
  }

  @Test
  void beyond_a_few_slots_are_started_when_jobs_keep_those_busy() throws Exception {
    begin(64);
    CountDownLatch letGo = new CountDownLatch(1);
    start(
        job -> {
          letGo.await();
          return job;
        });
    List<SlotRun> runs = offer(64);
    eventually(() -> threads.size() == 4 && clock.waiters() == 1);
    while (threads.size() < 64) {
      eventually(() -> clock.waiters() == 1 || threads.size() == 64);
      clock.advance(Duration.ofMillis(5));
    }
    letGo.countDown();
    for (SlotRun run : runs) {
      assertEquals(run.definition(), result(run));
    }
  }

  /** As those that wait for a server which answers within milliseconds. */
  @Test
  void jobs_that_follow_each_other_quickly_keep_slots_busy_as_well() throws Exception {
    begin(64);
    Semaphore answers = new Semaphore(0);
    start(
        job -> {
          answers.acquire();
          return job;
        });
    List<SlotRun> runs = offer(5_000);
    while (threads.size() < 64) {
      eventually(() -> clock.waiters() == 1 || threads.size() == 64);
      answers.release(2);
      clock.advance(Duration.ofMillis(3));
    }
    answers.release(5_000);
    for (SlotRun run : runs) {
      assertEquals(run.definition(), result(run));
    }
  }

  @Test
  void jobs_that_take_no_time_need_no_more_than_a_few_slots() throws Exception {
    begin(64);
    start(job -> job);
    for (int i = 0; i < 200; i++) {
      for (SlotRun run : offer(20)) {
        assertEquals(run.definition(), result(run));
      }
      clock.advance(Duration.ofMillis(5));
    }
    assertTrue(threads.size() <= 4, threads::toString);
  }

  /** As at a limit of tasks: commands have processes and threads as well. */
  @Test
  void without_a_thread_for_another_slot_jobs_run_on_those_that_there_are() throws Exception {
    begin(64);
    AtomicInteger most = new AtomicInteger(3);
    WorkThreads few =
        new WorkThreads(rig.fatal::add) {
          @Override
          public Thread startPlatform(String name, Task task) {
            if (name.startsWith("slot-") && most.getAndDecrement() <= 0) {
              throw new OutOfMemoryError("unable to create native thread");
            }
            return super.startPlatform(name, task);
          }
        };
    Semaphore answers = new Semaphore(0);
    start(
        job -> {
          answers.acquire();
          return job;
        },
        new WorkerRuntime(rig.clock, few, rig.runtime.outage(), rig.runtime.events()));
    List<SlotRun> runs = offer(100);
    eventually(() -> threads.size() == 3);
    answers.release(50);
    eventually(() -> answers.availablePermits() == 0 && clock.waiters() == 1);
    assertEquals(3, threads.size());

    most.set(1); // there is one again
    while (threads.size() < 4) {
      eventually(() -> clock.waiters() == 1 || threads.size() == 4);
      clock.advance(Duration.ofMillis(100));
    }
    answers.release(50);
    for (SlotRun run : runs) {
      assertEquals(run.definition(), result(run));
    }
  }

  @Test
  void the_slot_is_free_before_its_job_is_settled() throws Exception {
    start(job -> job);
    SlotRun run = offer("a");
    run.await();

    assertEquals(List.of(), rig.room.slots().running());
  }

  @Test
  void whatever_an_executor_throws_and_however_it_leaves_its_thread_the_slot_goes_on()
      throws Exception {
    start(
        job -> {
          Thread.currentThread().interrupt();
          switch (job) {
            case "job-0" -> throw new OutOfMemoryError("of the job");
            case "job-1" -> throw new StackOverflowError();
            case "job-2" -> throw new InterruptedException();
            default -> throw new IllegalStateException(job);
          }
        });
    for (SlotRun run : offer(40)) {
      assertTrue(run.await() instanceof Outcome.Failed);
    }
    assertTrue(threads.size() <= SLOTS);
  }

  @Test
  void a_class_loader_that_a_job_leaves_behind_is_not_that_of_the_next() throws Exception {
    start(
        job -> {
          ClassLoader found = Thread.currentThread().getContextClassLoader();
          Thread.currentThread().setContextClassLoader(null);
          return Boolean.toString(loader.equals(found));
        });
    for (SlotRun run : offer(3 * SLOTS)) {
      assertEquals("true", result(run));
    }
  }

  @Test
  void a_job_whose_lease_is_over_is_not_run() throws Exception {
    start(job -> job);
    SlotRun late = new SlotRun(Messages.message("a", clock).jobs().getFirst(), "a", false);
    clock.advance(Messages.LEASE);
    rig.room.slots().expect(1);
    rig.room.slots().offer(late);

    assertEquals(new Outcome.LeaseOver(), late.await());
    assertEquals(Set.of(), threads);
    assertSame(late.job(), late.job().message().jobs().getFirst());
  }

  /** Its word counts that came first: an outcome of a slot that nobody waited for is dropped. */
  @Test
  void what_was_given_up_meanwhile_keeps_its_outcome() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    start(
        job -> {
          letGo.await();
          return job;
        });
    SlotRun run = offer("a");
    eventually(() -> !rig.room.slots().running().isEmpty());
    assertTrue(run.end(new Outcome.TakenOver()));
    letGo.countDown();
    eventually(() -> rig.room.slots().running().isEmpty());

    assertEquals(new Outcome.TakenOver(), run.await());
    assertFalse(run.end(new Outcome.DoneBefore()));
  }
}
