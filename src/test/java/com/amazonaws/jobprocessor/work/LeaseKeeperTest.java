package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.MOMENT;
import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.SleepAwareClock;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseKeeperTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private Rig rig(Duration firstLease, @Nullable Duration timeout) {
    // With the clock at rest no linger would end.
    return new Rig(clock, folder, 1, firstLease, 0, timeout).hurry();
  }

  /**
   * Runs a job on a thread of its own until the latch falls; whether it heeds its interrupt is its
   * own affair.
   */
  private static Thread run(Rig rig, CountDownLatch until, boolean heeds) throws Exception {
    rig.backlog.put("job");
    rig.receive(1);
    CountDownLatch begun = new CountDownLatch(1);
    Thread slot =
        Thread.ofPlatform()
            .start(
                () ->
                    rig.run(
                        rig.take(),
                        _ -> {
                          begun.countDown();
                          awaitHeedingOrNot(until, heeds);
                          return "done";
                        }));
    begun.await();
    return slot;
  }

  private static void awaitHeedingOrNot(CountDownLatch until, boolean heeds)
      throws InterruptedException {
    while (until.getCount() > 0) {
      try {
        until.await();
      } catch (InterruptedException e) {
        if (heeds) {
          throw e;
        }
      }
    }
  }

  private static Attempt attempt(Rig rig) {
    return Objects.requireNonNull(rig.room.slots().running().getFirst().attempt());
  }

  @Test
  void a_lease_is_renewed_when_less_than_half_is_left_and_the_job_ends_once() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    CountDownLatch end = new CountDownLatch(1);
    Thread slot = run(rig, end, true);
    Lease lease = rig.message().lease();

    for (int i = 1; i <= 10; i++) {
      clock.advance(Duration.ofSeconds(31));
      awaitRenewal(rig, lease);
    }
    end.countDown();
    slot.join();

    await().until(() -> rig.backlog.contents().isEmpty());
    assertEquals(10, rig.backlog.calls("changeVisibility").size());
    assertEquals(1, rig.results.contents().size());
  }

  private static void awaitRenewal(Rig rig, Lease lease) {
    long before = lease.end();
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              rig.worker.leaseKeeper.tick();
              return lease.end() > before;
            });
  }

  @Test
  void a_suspect_that_waits_for_another_keeps_its_lease() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    for (String id : List.of("m1", "m2")) {
      rig.accept(List.of(new Delivery(id, "h", "suspect", Map.of(), 2)), clock.nanoTime());
    }
    SlotRun runs = rig.take();
    List<Message> both = rig.room.inFlight().all();

    for (int i = 1; i <= 3; i++) {
      clock.advance(Duration.ofSeconds(31));
      await()
          .until(
              () -> {
                rig.worker.leaseKeeper.tick();
                return both.stream().noneMatch(m -> m.lease().isShort(clock.nanoTime()));
              });
    }

    rig.end(runs, new Outcome.Succeeded("first", Duration.ZERO));
    assertTrue(rig.take().isSuspect());
    awaitAsTimePasses(
        clock, MOMENT, () -> rig.recorder.events.contains("succeeded " + runs.job().id()));
  }

  @Test
  void without_a_renewal_the_lease_is_over_on_our_clock_and_nothing_is_sent() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    CountDownLatch end = new CountDownLatch(1);
    Thread slot = run(rig, end, true);

    clock.advance(Duration.ofSeconds(60));
    end.countDown();
    slot.join();

    rig.awaitEvent("lost todo-1");
    rig.awaitNoneInFlight();
    assertEquals(0, rig.results.calls("send").size());
    assertEquals(0, rig.backlog.calls("delete").size());
  }

  @Test
  void a_lease_is_over_after_the_machine_stood_still_and_the_next_receive_is_as_any_other()
      throws Exception {
    SettableClock sinceBoot = new SettableClock();
    SleepAwareClock aware = new SleepAwareClock(clock, sinceBoot);
    Rig rig = new Rig(aware, folder, 1, Duration.ofSeconds(60), 0, null).hurry();
    CountDownLatch end = new CountDownLatch(1);
    Thread slot = run(rig, end, true);

    sinceBoot.advance(Duration.ofHours(8)); // hibernated
    clock.advance(Duration.ofMillis(10));
    end.countDown();
    slot.join();

    rig.awaitEvent("lost todo-1");
    rig.awaitNoneInFlight();
    assertEquals(0, rig.results.calls("send").size());
    assertEquals(0, rig.backlog.calls("delete").size());
    run(rig, end, true).join();
    rig.awaitEvent("succeeded todo-1"); // visible again
  }

  @Test
  void an_attempt_over_its_time_fails_and_settles_when_its_thread_has_ended() throws Exception {
    Rig rig = rig(Duration.ofMinutes(10), Duration.ofSeconds(100));
    Thread slot = run(rig, new CountDownLatch(1), true);
    clock.advance(Duration.ofSeconds(99));
    rig.worker.leaseKeeper.tick();
    assertNull(attempt(rig).stopped());

    clock.advance(Duration.ofSeconds(1));
    rig.worker.leaseKeeper.tick();
    slot.join();

    rig.awaitEvent("dead 1 JobTimeout");
    assertEquals(List.of(), rig.stuckJobs);
  }

  @Test
  void at_the_end_of_twelve_hours_the_attempt_is_dead_lettered_as_lease_limit() throws Exception {
    Rig rig = rig(Duration.ofHours(2), null);
    Thread slot = run(rig, new CountDownLatch(1), true);
    Lease lease = rig.message().lease();
    for (int i = 1; i <= 10; i++) {
      clock.advance(Duration.ofMinutes(61));
      awaitRenewal(rig, lease);
    }
    clock.advance(Duration.ofMinutes(12 * 60 - 2 - 610).minusSeconds(1));
    rig.worker.leaseKeeper.tick();
    assertNull(attempt(rig).stopped());

    clock.advance(Duration.ofSeconds(1));
    rig.worker.leaseKeeper.tick();
    slot.join();

    rig.awaitEvent("dead 1 LeaseLimit");
  }

  @Test
  void an_attempt_that_heeds_no_interrupt_is_reported_after_30_s_and_at_the_limit_settled_at_once()
      throws Exception {
    Rig rig = rig(Duration.ofHours(12).minusMinutes(1), null); // as long as a renewal makes it
    CountDownLatch end = new CountDownLatch(1);
    Thread slot = run(rig, end, false);
    clock.advance(Duration.ofHours(12).minusMinutes(2));
    rig.worker.leaseKeeper.tick();
    clock.advance(Duration.ofSeconds(30));
    rig.worker.leaseKeeper.tick();
    assertEquals(List.of(), rig.stuckJobs);
    clock.advance(Duration.ofSeconds(1));
    rig.worker.leaseKeeper.tick();

    assertEquals(List.of("todo-1"), rig.stuckJobs);
    rig.awaitEvent("dead 1 LeaseLimit");
    end.countDown();
    slot.join();
    assertEquals(0, rig.results.calls("send").size(), "what it says later is not sent");
  }

  /** Before the limit it may still end by itself, and then its message is not another worker's. */
  @Test
  void an_attempt_over_its_time_that_heeds_no_interrupt_is_reported_and_not_settled()
      throws Exception {
    Rig rig = rig(Duration.ofMinutes(10), Duration.ofSeconds(100));
    CountDownLatch end = new CountDownLatch(1);
    Thread slot = run(rig, end, false);
    clock.advance(Duration.ofSeconds(100));
    rig.worker.leaseKeeper.tick();
    clock.advance(Duration.ofSeconds(31));
    rig.worker.leaseKeeper.tick();

    assertEquals(List.of("todo-1"), rig.stuckJobs);
    assertEquals(1, rig.room.inFlight().size());
    end.countDown();
    slot.join();
    rig.awaitEvent("dead 1 JobTimeout");
    assertEquals(List.of("dead 1 JobTimeout"), rig.recorder.events);
  }

  @Test
  void what_a_stop_has_interrupted_is_not_reported_as_stuck() throws Exception {
    Rig rig = rig(Duration.ofMinutes(10), null);
    CountDownLatch end = new CountDownLatch(1);
    Thread slot = run(rig, end, false);
    attempt(rig).stop(Attempt.Stop.GIVE_BACK, clock.nanoTime());
    clock.advance(Duration.ofSeconds(31));
    rig.worker.leaseKeeper.tick();

    assertEquals(List.of(), rig.stuckJobs, "the stop sees to it");
    end.countDown();
    slot.join();
  }

  @Test
  void what_waits_too_long_for_a_slot_is_given_back() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    rig.backlog.put("a");
    rig.receive(1);

    awaitAsTimePasses(
        clock,
        Duration.ofMillis(100),
        () -> {
          rig.worker.leaseKeeper.tick();
          return rig.recorder.events.contains("back no slot became free");
        });

    rig.awaitNoneInFlight();
    assertEquals(0, rig.backlog.invisible());
  }
}
