package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run executors: one a slot, on platform threads, so that busy jobs cannot starve
 * the leases. Each is started when all others have a job: one that never runs costs no memory (100
 * KB).
 */
final class Slots {
  private final int count;
  private final InHand inHand;
  private final JobRun jobRun;
  private final WorkThreads threads;
  private final ClassLoader contextLoader;
  private final AtomicInteger started = new AtomicInteger();

  Slots(int count, InHand inHand, JobRun jobRun, WorkThreads threads, ClassLoader contextLoader) {
    this.count = count;
    this.inHand = inHand;
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
    for (InHand.Next next = inHand.take(); next != null; next = inHand.take()) {
      if (!inHand.hasSpareSlot() && started.get() < count) {
        start();
      }
      jobRun.run(next);
    }
  }
}
