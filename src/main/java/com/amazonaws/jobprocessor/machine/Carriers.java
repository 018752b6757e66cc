package com.amazonaws.jobprocessor.machine;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * How many cores make the calls: one, as the JVM was started (bin/daemon-jvm.sh), until it is warm;
 * then all. The JVM compiles the AWS SDK's code beside it meanwhile, and code that still counts how
 * often it is called runs slower on two cores that both count. docs/adr/0009 has the measurement.
 */
public final class Carriers {
  /** By then, what calls need is compiled: a few seconds of a busy worker. */
  static final int WARM = 10_000;

  /** A worker that is not busy has no need of it, but its jobs may use virtual threads, too. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final CountDownLatch cold = new CountDownLatch(WARM);
  private final Duration longest;

  /** Waits for 20 s at most. */
  public Carriers() {
    this(LONGEST);
  }

  /**
   * With another end of the wait.
   *
   * @param longest how long one core is to be enough
   */
  Carriers(Duration longest) {
    this.longest = longest;
  }

  /** A request was made. */
  public void request() {
    cold.countDown();
  }

  /**
   * Waits until the worker is warm, 20 s at most, and gives the calls all cores, unless the user or
   * the launcher has chosen a number.
   */
  public void takeAllCoresWhenWarm() throws InterruptedException {
    cold.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    if (scheduler.getParallelism() == 1) {
      scheduler.setParallelism(Runtime.getRuntime().availableProcessors());
    }
  }
}
