package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.work.WorkListener;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects what has become garbage after the serial collector has counted it as old. By itself that
 * collector lets the heap grow to its end, a quarter of the machine's memory, before it looks: jobs
 * with large bodies would fill it with bodies of jobs that are long done. G1, the JVM's own choice
 * on larger machines, looks in time; it and all others are left alone. bench/start-archive.md has
 * the measurement.
 */
final class OldGarbage implements WorkListener {
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

  private final Heap heap;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile long limit = WORTH_A_LOOK;

  OldGarbage() {
    this(new OwnHeap());
  }

  OldGarbage(Heap heap) {
    this.heap = heap;
  }

  @Override
  public void received(int messages) {
    if (heap.used() > limit && looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
  }

  /**
   * The next look is due when twice as much is old as was left: what jobs keep for long is not
   * looked at again and again.
   */
  private void look() {
    if (heap.neglected() > limit) {
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
