package com.amazonaws.jobprocessor.work;

import java.util.concurrent.Semaphore;

/**
 * Memory for payloads that are fetched: who finds no room waits for it, each in his turn, or small
 * ones would keep out a large one for ever. Safe for use by several threads.
 */
final class PayloadRoom {
  private static final int UNIT = 1024 * 1024;

  /** A text in memory as bytes, and decoded, two bytes a character. */
  private static final int COPIES = 3;

  private final int units;
  private final Semaphore free;

  /** Room for so many bytes together; one payload finds room in any case. */
  PayloadRoom(long bytes) {
    this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(units, true);
  }

  /** Room that is taken, until it is closed. */
  final class Taken implements AutoCloseable {
    private final int taken;

    private Taken(int taken) {
      this.taken = taken;
    }

    @Override
    public void close() {
      free.release(taken);
    }
  }

  /** No room. */
  Taken none() {
    return new Taken(0);
  }

  /** Room for what the job's pointer stands for, by the size that the message says. */
  Taken take(Job job) throws InterruptedException {
    long bytes = PayloadPointer.sizeOf(job.delivery().attributes()).orElse(Payloads.MAX_BYTES);
    long wanted = COPIES * (Math.min(bytes, Payloads.MAX_BYTES) / UNIT + 1);
    int needed = (int) Math.min(wanted, units);
    free.acquire(needed);
    return new Taken(needed);
  }
}
