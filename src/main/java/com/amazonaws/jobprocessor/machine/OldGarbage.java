package com.amazonaws.jobprocessor.machine;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what has become garbage after the serial collector has counted it as old. By itself that
 * collector lets the heap grow to its end, a quarter of the machine's memory, before it looks: jobs
 * with large bodies would fill it with bodies of jobs that are long done. G1, the JVM's own choice
 * on larger machines, looks in time; it and all others are left alone. bench/start-archive.md has
 * the measurement.
 */
public final class OldGarbage {
  /** Bytes counted as old from which on a look is worth its pause. */
  static final long WORTH_A_LOOK = 64L << 20;

  /** The heap of this process. */
  interface Heap {
    /** Bytes in use, garbage included: new and old. Is asked often. */
    long used();

    /**
     * Bytes in use that the serial collector counts as old, garbage included; 0 with any other
     * collector.
     */
    long neglected();

    /** Collects all garbage. */
    void collect();
  }

  /** Too short for jobs with large bodies to fill the heap between two looks. */
  private static final Duration EVERY = Duration.ofMillis(250);

  private final Heap heap;
  private long limit = WORTH_A_LOOK;

  /** The garbage of this process. */
  public OldGarbage() {
    this(new OwnHeap());
  }

  OldGarbage(Heap heap) {
    this.heap = heap;
  }

  /** Looks four times a second, for as long as the calling thread is not interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      Thread.sleep(EVERY);
      look();
    }
  }

  /**
   * Collects if more is old than is worth a look. The next look is due when twice as much is old as
   * was left: what jobs keep for long is not looked at again and again.
   */
  void look() {
    if (heap.used() > limit && heap.neglected() > limit) {
      heap.collect();
      limit = Math.max(WORTH_A_LOOK, 2 * heap.neglected());
    }
  }

  private static final class OwnHeap implements Heap {
    private final Runtime runtime = Runtime.getRuntime();

    /** Found when first needed: a worker with small jobs does without the JVM's management. */
    private @Nullable List<MemoryPoolMXBean> serialOld;

    @Override
    public long used() {
      return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public long neglected() {
      if (serialOld == null) {
        serialOld =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .toList();
      }
      return serialOld.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    @Override
    public void collect() {
      System.gc();
    }
  }
}
