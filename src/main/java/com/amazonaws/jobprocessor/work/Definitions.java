package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * Hands the executor its job: the message's body, or what its pointer stands for. Fetched payloads
 * together hold no more memory than allowed; who finds no room waits for it in its slot.
 */
final class Definitions {
  /** The payload bucket does not answer: nobody's failure. */
  static final class Away extends Exception {
    private static final long serialVersionUID = 1L;

    Away(CallFailed cause) {
      super(cause);
    }
  }

  /** A job's definition, to be closed when it is not needed any more. */
  record Definition(String text, PayloadRoom.Taken room) implements AutoCloseable {
    @Override
    public void close() {
      room.close();
    }
  }

  private final @Nullable PayloadStore store;
  private final PayloadRoom room;

  /** Definitions of jobs whose fetched payloads may hold so many bytes together. */
  Definitions(@Nullable PayloadStore store, long bytes, MonotonicClock clock) {
    this.store = store;
    this.room = new PayloadRoom(bytes, clock);
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
      return new Definition(body, room.none());
    }
    PayloadRoom.Taken taken = room.take(job);
    try {
      String text = bucket.fetch(body);
      Hold hold = job.hold();
      if (hold != null) {
        hold.know(ClaimRequest.Payload.of(text));
      }
      return new Definition(text, taken);
    } catch (Payloads.Unreadable | InterruptedException | RuntimeException | Error e) {
      taken.close();
      throw e;
    } catch (CallFailed e) {
      taken.close();
      throw new Away(e);
    }
  }
}
