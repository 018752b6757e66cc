package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.work.WorkListener;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Collects what has become garbage after the serial collector has counted it as old. By itself that
 * collector lets the heap grow to its end, a quarter of the machine's memory, before it looks: jobs
 * with large bodies would fill it with bodies of jobs that are long done. Other collectors look in
 * time and are left alone. docs/adr/0008 has the measurement.
 */
final class OldGarbage implements WorkListener {
  /** Bytes of heap in use from which on a look is worth its pause. */
  static final long WORTH_A_LOOK = 64L << 20;

  /** The heap of this process. */
  interface Heap {
    /** Bytes in use, garbage included. */
    long used();

    /** Collects all garbage. */
    void collect();

    /** True if the collector leaves what is old until the heap is at its largest. */
    boolean isSerial();
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
   * The next look is due when twice as much is in use as was left: what jobs keep for long is not
   * looked at again and again.
   */
  private void look() {
    if (!heap.isSerial()) {
      limit = Long.MAX_VALUE;
    } else if (heap.used() > limit) {
      heap.collect();
      limit = Math.max(WORTH_A_LOOK, 2 * heap.used());
    }
  }

  private static final class OwnHeap implements Heap {
    private final Runtime runtime = Runtime.getRuntime();

    @Override
    public long used() {
      return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public void collect() {
      System.gc();
    }

    @Override
    public boolean isSerial() {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .map(GarbageCollectorMXBean::getName)
          .anyMatch("MarkSweepCompact"::equals);
    }
  }
}
