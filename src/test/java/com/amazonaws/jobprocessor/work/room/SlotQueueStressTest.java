package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots, messages, the lease keeper and a sick executor at the same line. */
@Timeout(120)
class SlotQueueStressTest {
  private static final int SLOTS = 5;
  private static final int OFFERERS = 8;
  private static final int JOBS_EACH = 500;

  private final SettableClock clock = new SettableClock();
  private final SlotQueue line = new SlotQueue(SLOTS, 3, Duration.ofMillis(100), clock);
  private final AtomicInteger ends = new AtomicInteger();
  private final AtomicInteger twice = new AtomicInteger();
  private final AtomicInteger suspectsThatRun = new AtomicInteger();
  private final AtomicInteger tooManySuspects = new AtomicInteger();

  private void end(SlotRun run, String why) {
    if (!run.end(Outcome.GivenBack.now(why))) {
      twice.incrementAndGet();
    }
  }

  private Void offerJobs(Random random) throws InterruptedException {
    for (int i = 0; i < JOBS_EACH; i++) {
      line.expect(1);
      if (random.nextInt(10) == 0) {
        line.expectNoMore();
        ends.incrementAndGet();
        continue;
      }
      SlotRun run =
          new SlotRun(
              Messages.message("m", clock).jobs().getFirst(), "body", random.nextInt(4) == 0);
      if (line.offer(run) == Offer.TAKEN) {
        run.await();
      }
      ends.incrementAndGet();
    }
    return null;
  }

  private Void runJobs(Random random) {
    for (SlotRun run = line.take(); run != null; run = line.take()) {
      if (run.isSuspect() && suspectsThatRun.incrementAndGet() > 1) {
        tooManySuspects.incrementAndGet();
      }
      if (random.nextInt(3) == 0) {
        Interleaving.here();
      }
      if (run.isSuspect()) {
        suspectsThatRun.decrementAndGet();
      }
      line.returned(run);
      end(run, "ran");
    }
    return null;
  }

  private void disturb(Random random, List<Thread> slots) {
    switch (random.nextInt(4)) {
      case 0 -> line.takeOverdue(0).forEach(run -> end(run, "overdue"));
      case 1 -> line.takeAll().forEach(run -> end(run, "sick"));
      case 2 -> slots.get(random.nextInt(slots.size())).interrupt();
      default -> clock.advance(Duration.ofMillis(20));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void every_job_ends_once_no_slot_sleeps_on_and_all_slots_are_free_at_the_end(long seed)
      throws Exception {
    List<FutureTask<Void>> slots = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      Random random = new Random(seed + i);
      slots.add(new FutureTask<>(() -> runJobs(random)));
      threads.add(Thread.ofPlatform().daemon().start(slots.get(i)));
    }
    List<FutureTask<Void>> offerers = new ArrayList<>();
    for (int i = 0; i < OFFERERS; i++) {
      Random random = new Random(seed * 100 + i);
      offerers.add(new FutureTask<>(() -> offerJobs(random)));
      Thread.ofVirtual().start(offerers.get(i));
    }
    Random random = new Random(seed);
    // Half of the time nobody disturbs: what hangs would be set free.
    eventually(
        () -> {
          if (ends.get() < OFFERERS * JOBS_EACH / 2) {
            disturb(random, threads);
          }
          return offerers.stream().allMatch(FutureTask::isDone);
        });

    for (FutureTask<Void> offerer : offerers) {
      offerer.get(1, TimeUnit.SECONDS);
    }
    assertEquals(OFFERERS * JOBS_EACH, ends.get());
    assertEquals(0, twice.get(), "ended twice");
    assertEquals(0, tooManySuspects.get(), "suspects side by side");
    assertTrue(line.awaitIdle(Duration.ofSeconds(30).toNanos()));
    assertEquals(SLOTS, line.free());
    line.close();
    for (FutureTask<Void> slot : slots) {
      slot.get(30, TimeUnit.SECONDS);
    }
    assertEquals(0, line.idleSlots());
  }
}
