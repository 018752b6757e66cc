package com.amazonaws.jobprocessor.work;

/**
 * The threads that run executors: one a slot, on platform threads, so that busy jobs cannot starve
 * the leases.
 */
final class Slots {
  private final int count;
  private final InHand inHand;
  private final JobRun jobRun;
  private final WorkThreads threads;
  private final ClassLoader contextLoader;

  Slots(int count, InHand inHand, JobRun jobRun, WorkThreads threads, ClassLoader contextLoader) {
    this.count = count;
    this.inHand = inHand;
    this.jobRun = jobRun;
    this.threads = threads;
    this.contextLoader = contextLoader;
  }

  void start() {
    for (int i = 1; i <= count; i++) {
      threads.startPlatform("slot-" + i, this::run);
    }
  }

  private void run() throws InterruptedException {
    Thread.currentThread().setContextClassLoader(contextLoader);
    for (InHand.Next next = inHand.take(); next != null; next = inHand.take()) {
      jobRun.run(next);
    }
  }
}
