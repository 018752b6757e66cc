package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.work.WorkListener;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * How many cores make the calls: one, as the JVM was started (bin/daemon-jvm.sh), until it is warm;
 * then all. The JVM compiles the AWS SDK's code beside it meanwhile, and code that still counts how
 * often it is called runs slower on two cores that both count. docs/adr/0009 has the measurement.
 */
final class Carriers implements WorkListener {
  /** By then, what calls need is compiled: a few seconds of a busy worker. */
  static final int WARM = 10_000;

  private final AtomicInteger requests = new AtomicInteger();
  private final Runnable useAllCores;

  Carriers() {
    this(Carriers::useAllCores);
  }

  Carriers(Runnable useAllCores) {
    this.useAllCores = useAllCores;
  }

  @Override
  public void requested(Request request, int messages, long bytes) {
    if (requests.get() < WARM && requests.incrementAndGet() == WARM) {
      useAllCores.run();
    }
  }

  private static void useAllCores() {
    ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class)
        .setParallelism(Runtime.getRuntime().availableProcessors());
  }
}
