package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.RetryAfter;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole workers around a queue in memory that is first in, first out. */
@Execution(ExecutionMode.CONCURRENT)
class FifoTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<Worker> workers = new ArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private Rig rig(int slots, int retries) {
    return new Rig(System::nanoTime, folder, slots, LONG, retries, null);
  }

  private Worker start(Rig rig, JobExecutor executor) {
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              return executor.execute(job);
            });
    workers.add(worker);
    worker.start();
    return worker;
  }

  @AfterEach
  void drainAll() throws InterruptedException {
    for (Worker worker : workers) {
      worker.drain(Duration.ZERO);
    }
  }

  /** Jobs 0, 1, … of each group, as {@code group number}. */
  private static void put(Rig rig, int groups, int jobs) {
    for (int job = 0; job < jobs; job++) {
      for (int group = 0; group < groups; group++) {
        rig.backlog.put(new OutgoingMessage("g" + group + " " + job, Map.of(), "g" + group, "x"));
      }
    }
  }

  private List<Integer> ended(List<String> bodies, String group) {
    return bodies.stream()
        .filter(body -> body.startsWith(group + " "))
        .map(FifoTest::number)
        .toList();
  }

  private static int number(String body) {
    return Integer.parseInt(body.substring(body.indexOf(' ') + 1));
  }

  private static List<String> bodies(InMemoryQueue queue) {
    return queue.contents().stream().map(OutgoingMessage::body).toList();
  }

  private static void awaitEmpty(Rig rig) {
    await().atMost(Duration.ofSeconds(60)).until(() -> rig.backlog.contents().isEmpty());
  }

  private static final List<Integer> FORTY = IntStream.range(0, 40).boxed().toList();

  @Test
  void each_group_keeps_its_order_and_the_group_goes_on_to_the_result() {
    Rig rig = rig(16, 0);
    put(rig, 50, 40);
    start(rig, job -> job);
    awaitEmpty(rig);

    for (int group = 0; group < 50; group++) {
      assertEquals(FORTY, ended(runs, "g" + group));
      assertEquals(FORTY, ended(bodies(rig.results), "g" + group));
    }
    OutgoingMessage result = rig.results.contents().getFirst();
    assertTrue(result.body().startsWith(result.group() + " "));
    assertTrue(String.valueOf(result.deduplicationId()).startsWith("todo-"));
  }

  @Test
  void order_holds_with_failures_retries_and_several_workers_that_are_drained() throws Exception {
    Rig rig = rig(8, 2);
    put(rig, 20, 40);
    Map<String, Integer> tries = new HashMap<>();
    JobExecutor flaky =
        job -> {
          int number = number(job);
          int before;
          synchronized (tries) {
            before = tries.merge(job, 1, Integer::sum) - 1;
          }
          if (number % 7 == 3 || (number % 5 == 1 && before == 0)) {
            throw new IOException("as planned");
          }
          return job;
        };
    start(rig, flaky);
    Worker second = start(rig, flaky);
    await().until(() -> rig.results.contents().size() > 100);
    second.drain(Duration.ofSeconds(5));
    workers.remove(second);
    start(rig, flaky);
    awaitEmpty(rig);

    List<String> ends = new ArrayList<>(bodies(rig.results));
    for (int group = 0; group < 20; group++) {
      List<Integer> results = ended(ends, "g" + group);
      List<Integer> dead = ended(bodies(rig.deadLetters), "g" + group);
      assertEquals(
          FORTY.stream().filter(n -> n % 7 != 3).toList(),
          results,
          "dead: " + dead + ", runs: " + ended(runs, "g" + group));
      assertEquals(FORTY.stream().filter(n -> n % 7 == 3).toList(), dead);
      assertEquals(
          ended(runs, "g" + group).stream().sorted().toList(),
          ended(runs, "g" + group),
          "no job begins before its predecessor has ended");
    }
  }

  @Test
  void a_failing_head_holds_up_its_group_and_no_other() {
    Rig rig = rig(2, 100);
    put(rig, 2, 3);
    start(
        rig,
        job -> {
          if (job.equals("g0 0")) {
            throw new IOException("still");
          }
          return job;
        });
    await().until(() -> ended(bodies(rig.results), "g1").size() == 3);
    await().until(() -> ended(runs, "g0").size() > 20);

    assertTrue(
        ended(runs, "g0").stream().filter(n -> n > 0).toList().isEmpty() || runs.size() > 100);
  }

  @Test
  void the_next_of_a_group_waits_for_the_delete_of_the_one_before() throws Exception {
    Rig rig = rig(2, 0);
    put(rig, 1, 2);
    CountDownLatch first = new CountDownLatch(1);
    start(
        rig,
        job -> {
          if (job.equals("g0 0")) {
            first.await();
          } else {
            assertEquals(1, rig.backlog.contents().size(), "the first is deleted");
            assertEquals(List.of("g0 0"), bodies(rig.results));
          }
          return job;
        });
    await().until(() -> runs.size() == 1);
    assertEquals(0, rig.backlog.calls("delete").size());
    first.countDown();
    awaitEmpty(rig);

    assertEquals(List.of("g0 0", "g0 1"), bodies(rig.results));
  }

  @Test
  void a_drain_gives_a_group_back_as_a_whole() throws Exception {
    Rig rig = rig(1, 0);
    put(rig, 2, 5);
    CountDownLatch never = new CountDownLatch(1);
    Worker worker =
        start(
            rig,
            _ -> {
              never.await();
              return "";
            });
    await().until(() -> runs.size() == 1);
    worker.drain(Duration.ZERO);
    workers.remove(worker);

    assertEquals(0, rig.backlog.invisible());
    assertEquals(10, rig.backlog.contents().size());
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void a_worker_that_is_drained_does_not_receive_what_it_has_given_back() throws Exception {
    Rig rig = rig(2, 2);
    put(rig, 1, 2);
    Worker worker =
        start(
            rig,
            _ -> {
              throw new RetryAfter(Duration.ofMinutes(5));
            });
    await().until(() -> rig.recorder.events.contains("retry 1 " + RetryAfter.class.getName()));
    int receives = rig.backlog.calls("receive").size();
    await().until(() -> rig.backlog.calls("receive").size() > receives); // one waits, with a slot

    worker.drain(Duration.ofSeconds(5));
    workers.remove(worker);

    assertEquals(2, rig.backlog.contents().size());
    assertEquals(1, rig.backlog.invisible(), "the first keeps its delay, and with it its group");
    assertEquals(List.of(1, 1), rig.backlog.receiveCounts());
  }

  @Test
  void those_behind_a_head_that_ends_while_its_worker_stops_go_back() throws Exception {
    Rig rig = rig(2, 0);
    put(rig, 1, 2);
    CountDownLatch letGo = new CountDownLatch(1);
    rig.backlog.holdLongPolls(letGo);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Worker worker =
        start(
            rig,
            job -> {
              begun.countDown();
              end.await();
              return job;
            });
    await().until(() -> rig.backlog.calls("receive").size() == 2); // the second one waits
    begun.await();
    workers.remove(worker);
    Thread stop =
        Thread.startVirtualThread(
            () -> {
              try {
                worker.drain(Duration.ofSeconds(5));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    await() // the stop has begun, and gives the receive its time
        .pollInterval(Duration.ofMillis(1))
        .until(() -> stop.getState() == Thread.State.TIMED_WAITING);
    end.countDown();
    await().until(() -> rig.backlog.contents().size() == 1);
    letGo.countDown();
    stop.join();

    assertEquals(List.of("g0 0"), runs);
    assertEquals(0, rig.backlog.invisible());
    assertEquals(List.of(1), rig.backlog.receiveCounts());
  }
}
