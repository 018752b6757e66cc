package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotQueue;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run executors: one a slot, on platform threads, so that busy jobs cannot starve
 * the leases. The first few are started ahead of their jobs, the others when a job finds none and
 * those that there are have jobs for most of some milliseconds: one that is not started costs no
 * memory (100 KB), and jobs that are done within microseconds never need many.
 */
final class Slots {
  private static final Logger log = LoggerFactory.getLogger(Slots.class);
  private static final int FEW = 4;

  private static final long PATIENCE = Duration.ofMillis(5).toNanos();
  private static final long WITHOUT_THREADS = Duration.ofSeconds(10).toNanos();

  private final int count;
  private final SlotQueue line;
  private final JobRun jobRun;
  private final WorkerRuntime runtime;
  private final ClassLoader contextLoader;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();

  /** So many are started as soon as all others have a job. */
  private volatile int atHand;

  Slots(
      int count, SlotQueue line, JobRun jobRun, WorkerRuntime runtime, ClassLoader contextLoader) {
    this.count = count;
    this.line = line;
    this.jobRun = jobRun;
    this.runtime = runtime;
    this.contextLoader = contextLoader;
    this.atHand = Math.min(FEW, count);
  }

  /** Starts the first slot, and whatever starts the others. */
  void start() {
    startOne();
    runtime.threads().startVirtual("slots", this::startMissing);
  }

  /** Returns false if the system has no thread for it. */
  private boolean startOne() {
    int number = started.incrementAndGet();
    if (number > count) {
      return true;
    }
    try {
      runtime.threads().startPlatform("slot-" + number, this::run);
      return true;
    } catch (OutOfMemoryError e) {
      int others = started.decrementAndGet();
      if (others == 0) {
        throw e; // a worker that can run nothing
      }
      atHand = others;
      tell(others, e);
      return false;
    }
  }

  private void tell(int others, OutOfMemoryError e) {
    if (told.compareAndSet(false, true)) {
      log.atWarn()
          .addKeyValue("slots", others)
          .addKeyValue("concurrency", count)
          .addKeyValue("error", e)
          .log(
              "there is no thread for another slot: fewer jobs run at a time than concurrency says; raise the limit of"
                  + " tasks or memory, or lower concurrency");
    }
  }

  /**
   * Twice as many at a time, if so many are missing: with longer jobs all have soon been started.
   */
  private void startMissing() throws InterruptedException {
    while (started.get() < count && line.awaitMissing()) {
      if (areBusy(started.get())) {
        atHand = Math.min(2 * atHand, count);
        if (!startOne()) {
          runtime.clock().sleep(WITHOUT_THREADS);
        }
      }
    }
  }

  /** Whether so many slots have jobs for half of the next milliseconds. */
  private boolean areBusy(int slots) throws InterruptedException {
    long begin = runtime.now();
    long busy = line.busyNanos();
    runtime.clock().sleep(PATIENCE);
    return 2 * (line.busyNanos() - busy) >= slots * (runtime.now() - begin);
  }

  private void run() {
    Thread.currentThread().setContextClassLoader(contextLoader);
    for (SlotRun run = line.take(); run != null; run = line.take()) {
      if (started.get() < atHand && !line.hasSpareSlot()) {
        startOne();
      }
      run(run);
    }
  }

  /**
   * The slot is free as soon as the executor has returned; the job's message sees to the rest. With
   * a pack it goes on at once.
   *
   * @param taken what the line has given
   */
  void run(SlotRun taken) {
    for (SlotRun run = taken; run != null; ) {
      Outcome outcome = jobRun.run(run);
      // The executor may have left another one there, for the job that comes next.
      Thread.currentThread().setContextClassLoader(contextLoader);
      SlotRun next = line.nextOfPack(taken);
      if (next == null) {
        line.returned(taken);
      }
      run.end(outcome);
      if (outcome instanceof Outcome.Unavailable) {
        // Those in line would fare no better; other boxes may have them.
        line.takeAll().forEach(other -> other.end(outcome));
      }
      run = next;
    }
  }
}
