package com.amazonaws.jobprocessor.work;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Hands the executor its job: the message's body, or what its pointer stands for. Fetched payloads
 * together hold no more memory than allowed; who finds no room waits for it in its slot.
 */
final class Definitions {
  private static final int UNIT = 1024 * 1024;

  /** A text in memory as bytes, and decoded, two bytes a character. */
  private static final int COPIES = 3;

  /** The payload bucket does not answer: nobody's failure. */
  static final class Away extends Exception {
    private static final long serialVersionUID = 1L;

    Away(CallFailed cause) {
      super(cause);
    }
  }

  /** A job's definition, to be closed when it is not needed any more. */
  record Definition(String text, Semaphore room, int units) implements AutoCloseable {
    @Override
    public void close() {
      room.release(units);
    }
  }

  private final @Nullable PayloadStore store;
  private final int units;
  private final Semaphore room;

  /** Definitions of jobs whose fetched payloads may hold so many bytes together. */
  Definitions(@Nullable PayloadStore store, long bytes) {
    this.store = store;
    this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.room = new Semaphore(units, true); // or small ones would keep out a large one
  }

  /**
   * The job's definition.
   *
   * @throws Payloads.Unreadable if it cannot be had: the attempt fails
   */
  Definition of(Job job) throws Away, Payloads.Unreadable, InterruptedException {
    PayloadStore bucket = store;
    String body = job.delivery().body();
    if (bucket == null || !job.isPointer()) {
      return new Definition(body, room, 0);
    }
    int needed = unitsFor(job);
    room.acquire(needed);
    try {
      String text = bucket.fetch(body);
      Hold hold = job.hold();
      if (hold != null) {
        hold.know(Claims.payloadOf(text));
      }
      return new Definition(text, room, needed);
    } catch (Payloads.Unreadable | InterruptedException | RuntimeException | Error e) {
      room.release(needed);
      throw e;
    } catch (CallFailed e) {
      room.release(needed);
      throw new Away(e);
    }
  }

  private int unitsFor(Job job) {
    long bytes = PayloadPointer.sizeOf(job.delivery().attributes()).orElse(Payloads.MAX_BYTES);
    long wanted = COPIES * (Math.min(bytes, Payloads.MAX_BYTES) / UNIT + 1);
    return (int) Math.min(wanted, units);
  }
}
