package com.amazonaws.jobprocessor.stats;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.Load;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatientSnapshotsTest {
  private final SettableClock clock = new SettableClock();
  private final StatsRig rig = new StatsRig(4, clock, new SettableWallClock());
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean broken;
  private volatile CountDownLatch held = new CountDownLatch(0);

  private Snapshot ask() {
    int inFlight = asked.getAndIncrement();
    if (broken) {
      throw new IllegalStateException("played");
    }
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Load load = new Load(List.of(), inFlight, 0, new Load.Busy(0, 0), null);
    return rig.stats.snapshot(load, WorkerStats.Drain.NONE);
  }

  private PatientSnapshots snapshots(Duration patience) {
    return new PatientSnapshots(this::ask, Thread::startVirtualThread, clock, patience);
  }

  private static Snapshot.Load load(Snapshot snapshot) {
    return requireNonNull(snapshot.load());
  }

  @Test
  void a_worker_that_answers_is_asked_each_time() {
    PatientSnapshots snapshots = snapshots(Duration.ofMinutes(1));

    assertEquals(1, load(snapshots.get()).inFlight());
    assertEquals(2, load(snapshots.get()).inFlight());
    assertEquals(Duration.ZERO, load(snapshots.get()).age());
  }

  @Test
  void an_error_of_ours_leaves_the_last_answer_and_is_nobody_elses() {
    PatientSnapshots snapshots = snapshots(Duration.ofMinutes(1));
    broken = true;
    clock.advance(Duration.ofSeconds(5));
    assertEquals(0, load(snapshots.get()).inFlight());
    assertEquals(Duration.ofSeconds(5), load(snapshots.get()).age());

    broken = false;
    assertEquals(3, load(snapshots.get()).inFlight());
  }

  @Test
  void while_the_worker_does_not_answer_the_last_answer_gets_old_and_nobody_asks_again() {
    PatientSnapshots snapshots = snapshots(Duration.ofNanos(1));
    held = new CountDownLatch(1);
    clock.advance(Duration.ofSeconds(3));
    for (int i = 0; i < 50; i++) {
      assertEquals(0, load(snapshots.get()).inFlight());
    }
    await().until(() -> asked.get() == 2);
    assertEquals(Duration.ofSeconds(3), load(snapshots.get()).age());
    assertEquals(List.of(), snapshots.get().trouble().stuck());

    clock.advance(Duration.ofSeconds(90));

    assertEquals(
        List.of(new Snapshot.Stuck("the worker does not answer", Duration.ofSeconds(93))),
        snapshots.get().trouble().stuck());
    assertEquals(2, asked.get());

    held.countDown();
    await().until(() -> snapshots.get().trouble().stuck().isEmpty());
  }
}
