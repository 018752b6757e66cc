package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotQueue;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run executors: one a slot, on platform threads, so that busy jobs cannot starve
 * the leases. Each is started when all others have a job: one that never runs costs no memory (100
 * KB).
 */
final class Slots {
  private final int count;
  private final SlotQueue line;
  private final JobRun jobRun;
  private final WorkThreads threads;
  private final ClassLoader contextLoader;
  private final AtomicInteger started = new AtomicInteger();

  Slots(int count, SlotQueue line, JobRun jobRun, WorkThreads threads, ClassLoader contextLoader) {
    this.count = count;
    this.line = line;
    this.jobRun = jobRun;
    this.threads = threads;
    this.contextLoader = contextLoader;
  }

  /** Starts the first slot; each starts the next one. */
  void start() {
    int number = started.incrementAndGet();
    if (number <= count) {
      threads.startPlatform("slot-" + number, this::run);
    }
  }

  private void run() {
    Thread.currentThread().setContextClassLoader(contextLoader);
    for (SlotRun run = line.take(); run != null; run = line.take()) {
      if (!line.hasSpareSlot() && started.get() < count) {
        start();
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
