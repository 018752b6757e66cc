package com.amazonaws.jobprocessor.fleet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.DrainDeadline;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HookKeeperTest {
  private final SettableClock clock = new SettableClock();
  private final FakeWorker worker = new FakeWorker();
  private final InMemoryOwnBox box = new InMemoryOwnBox().lifecycleState("Terminating:Wait");
  private final HookKeeper keeper = new HookKeeper(box, worker, clock, new Said(), HookKeeper.END);
  private final Thread drain =
      Thread.ofVirtual()
          .unstarted(
              () -> {
                try {
                  worker.drain("scale-in", DrainDeadline.judging(in(43_000)));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
  private final Thread thread =
      Thread.ofVirtual()
          .unstarted(
              () -> {
                try {
                  keeper.run();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });

  private long in(int seconds) {
    return clock.nanoTime() + Duration.ofSeconds(seconds).toNanos();
  }

  @BeforeEach
  void beginToDrain() {
    drain.start();
    await().until(() -> worker.deadline() != null);
  }

  @AfterEach
  void end() {
    worker.letDrainsEnd();
    thread.interrupt();
  }

  private void awaitCalls(String call, int times) {
    await().until(() -> box.count(call) >= times);
    assertEquals(times, box.count(call));
  }

  @Test
  void heartbeats_come_three_times_as_often_as_the_hook_needs_them_until_it_is_completed_once()
      throws Exception {
    box.hook("bye", 60, 100_000);
    thread.start();
    awaitCalls("heartbeat", 1);
    for (int i = 2; i < 6; i++) {
      await().until(() -> clock.waiters() > 0);
      clock.advance(Duration.ofSeconds(20));
      awaitCalls("heartbeat", i);
    }
    assertEquals(0, box.count("complete"));

    keeper.drained();
    thread.join();

    assertEquals(List.of("complete bye"), last(1));
    assertEquals(5, box.count("heartbeat"));
  }

  private List<String> last(int number) {
    return box.calls().subList(box.calls().size() - number, box.calls().size());
  }

  @Test
  void without_a_hook_or_a_group_there_is_nothing_to_complete() throws Exception {
    keeper.drained();
    thread.start();
    thread.join();

    assertEquals(List.of("membership", "hooks workers"), box.calls());
  }

  @Test
  void a_worker_that_is_drained_already_needs_no_heartbeat() throws Exception {
    box.hook("bye", 60, 6_000);
    keeper.drained();
    thread.start();
    thread.join();

    assertEquals(List.of("membership", "hooks workers", "complete bye"), box.calls());
  }

  @Test
  void a_hook_waits_at_most_so_long_whatever_heartbeats_come() {
    box.hook("bye", 30, 3_000);
    thread.start();

    await().until(() -> Objects.equals(worker.deadline(), in(2_970)));
  }

  @Test
  void without_the_right_to_send_heartbeats_the_drain_ends_before_the_hook_does() {
    box.hook("bye", 120, 12_000).fail("heartbeat", -1, "AccessDenied");
    thread.start();

    await().until(() -> Objects.equals(worker.deadline(), in(90)));
  }

  @Test
  void a_hook_that_does_not_wait_yet_is_completed_when_it_does() throws Exception {
    box.hook("bye", 60, 6_000);
    box.lifecycleState("Terminating").hookWaits(false);
    keeper.drained();
    thread.start();
    awaitCalls("complete", 1);

    box.hookWaits(true);
    await()
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              return !thread.isAlive();
            });

    assertEquals("complete bye", box.calls().getLast());
  }

  @Test
  void a_hook_that_is_over_is_left_alone() throws Exception {
    box.hook("bye", 60, 6_000);
    box.lifecycleState("Terminating:Proceed").hookWaits(false);
    keeper.drained();
    thread.start();
    thread.join();

    assertEquals(1, box.count("complete"));
  }

  @Test
  void calls_that_are_throttled_are_made_again_and_a_denied_completion_is_not() throws Exception {
    box.hook("bye", 60, 6_000).fail("hooks", 2, "Throttling");
    box.fail("complete", -1, "AccessDenied");
    keeper.drained();
    thread.start();
    await()
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              return !thread.isAlive();
            });

    assertEquals(3, box.count("hooks"));
    assertEquals(1, box.count("complete"));
  }

  @Test
  void of_several_hooks_ours_are_those_of_our_name() throws Exception {
    box.hook("ship-logs", 60, 6_000).hook("job-processor-drain", 60, 6_000);
    keeper.drained();
    thread.start();
    thread.join();

    assertEquals(List.of("complete job-processor-drain"), last(1));
    assertEquals(1, box.count("complete"));
  }

  @Test
  void several_hooks_of_other_names_are_left_to_others() throws Exception {
    box.hook("ship-logs", 60, 6_000).hook("other", 60, 6_000);
    keeper.drained();
    thread.start();
    thread.join();

    assertEquals(0, box.count("complete"));
  }
}
