package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseKeeperTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final AtomicInteger stuck = new AtomicInteger();

  private Rig rig(Duration firstLease, @Nullable Duration timeout) {
    Rig rig = new Rig(clock, folder, 1, firstLease, 0, timeout);
    rig.settlement.hurry(); // with the clock at rest no linger would end
    return rig;
  }

  /**
   * Runs a job on a thread of its own until the latch falls; whether it heeds its interrupt is its
   * own affair.
   */
  private static Thread run(Rig rig, CountDownLatch until, boolean heeds) throws Exception {
    rig.backlog.put("job");
    rig.receive(1);
    InHand.Next next = rig.take();
    JobRun run =
        rig.jobRun(
            _ -> {
              for (boolean over = false; !over; ) {
                try {
                  until.await();
                  over = true;
                } catch (InterruptedException e) {
                  if (heeds) {
                    throw e;
                  }
                }
              }
              return "done";
            });
    Thread thread = Thread.ofPlatform().start(() -> run.run(next));
    await().until(() -> next.job().running() != null);
    return thread;
  }

  @Test
  void a_lease_is_renewed_when_less_than_half_is_left_and_the_job_ends_once() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    LeaseKeeper keeper = rig.keeper(stuck::incrementAndGet);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = run(rig, end, true);
    Lease lease = rig.inHand.all().getFirst().lease();

    for (int i = 1; i <= 10; i++) {
      clock.advance(Duration.ofSeconds(31));
      awaitRenewal(keeper, lease);
    }
    end.countDown();
    thread.join();

    await().until(() -> rig.backlog.contents().isEmpty());
    assertEquals(10, rig.backlog.calls("changeVisibility").size());
    assertEquals(1, rig.results.contents().size());
  }

  private static void awaitRenewal(LeaseKeeper keeper, Lease lease) {
    long before = lease.end();
    await()
        .until(
            () -> {
              keeper.tick();
              return lease.end() > before;
            });
  }

  @Test
  void without_a_renewal_the_lease_is_over_on_our_clock_and_nothing_is_sent() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = run(rig, end, true);

    clock.advance(Duration.ofSeconds(60));
    end.countDown();
    thread.join();

    await().until(() -> rig.recorder.events.contains("lost todo-1"));
    assertEquals(0, rig.results.calls("send").size());
    assertEquals(0, rig.backlog.calls("delete").size());
    assertEquals(List.of(), rig.inHand.all());
  }

  @Test
  void an_attempt_over_its_time_fails_and_settles_when_its_thread_has_ended() throws Exception {
    Rig rig = rig(Duration.ofSeconds(600), Duration.ofSeconds(100));
    LeaseKeeper keeper = rig.keeper(stuck::incrementAndGet);
    Thread thread = run(rig, new CountDownLatch(1), true);
    clock.advance(Duration.ofSeconds(99));
    keeper.tick();
    assertTrue(thread.isAlive());

    clock.advance(Duration.ofSeconds(1));
    keeper.tick();
    thread.join();

    await().until(() -> rig.recorder.events.contains("dead 1 JobTimeout"));
    assertEquals(0, stuck.get());
  }

  @Test
  void at_the_end_of_twelve_hours_the_attempt_is_dead_lettered_as_lease_limit() throws Exception {
    Rig rig = rig(Duration.ofHours(2), null);
    LeaseKeeper keeper = rig.keeper(stuck::incrementAndGet);
    Thread thread = run(rig, new CountDownLatch(1), true);
    Lease lease = rig.inHand.all().getFirst().lease();
    for (int i = 1; i <= 10; i++) {
      clock.advance(Duration.ofMinutes(61));
      awaitRenewal(keeper, lease);
    }
    clock.advance(Duration.ofMinutes(12 * 60 - 2 - 610).minusSeconds(1));
    keeper.tick();
    assertTrue(thread.isAlive());

    clock.advance(Duration.ofSeconds(1));
    keeper.tick();
    thread.join();

    await().until(() -> rig.recorder.events.contains("dead 1 LeaseLimit"));
  }

  @Test
  void an_attempt_that_heeds_no_interrupt_is_reported_after_30_s_and_at_the_limit_settled_at_once()
      throws Exception {
    Rig rig = rig(Duration.ofHours(12).minusMinutes(1), null); // as long as a renewal makes it
    LeaseKeeper keeper = rig.keeper(stuck::incrementAndGet);
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = run(rig, end, false);
    clock.advance(Duration.ofHours(12).minusMinutes(2));
    keeper.tick();
    clock.advance(Duration.ofSeconds(31));
    keeper.tick();

    assertEquals(1, stuck.get());
    await().until(() -> rig.recorder.events.contains("dead 1 LeaseLimit"));
    end.countDown();
    thread.join();
    assertEquals(0, rig.results.calls("send").size(), "what it says later is not sent");
  }

  @Test
  void what_waits_too_long_for_a_slot_is_given_back() throws Exception {
    Rig rig = rig(Duration.ofSeconds(60), null);
    rig.backlog.put("a");
    rig.receive(1);
    LeaseKeeper keeper = rig.keeper(stuck::incrementAndGet);
    clock.advance(Duration.ofMillis(2_600));

    keeper.tick();

    await().until(() -> rig.recorder.events.contains("back no slot became free"));
    await().until(() -> rig.backlog.invisible() == 0);
    assertEquals(List.of(), rig.inHand.all());
  }
}
