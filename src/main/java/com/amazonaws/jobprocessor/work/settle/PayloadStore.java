package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Backoff;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The payload bucket as the worker uses it: calls are made again and again until it answers or the
 * message's lease is over. Its methods wait, but for {@link #deleteLater}.
 */
public final class PayloadStore {
  private static final String BUCKET = "the payload bucket";
  private static final Duration AWAY = Duration.ofSeconds(5);
  private static final Duration LONG_AWAY = Duration.ofHours(1);
  private static final int DELETE_TRIES = 3;

  private final Payloads payloads;
  private final int largest;
  private final MonotonicClock clock;
  private final Outage outage;
  private final WorkThreads threads;

  /**
   * The given bucket, or {@link Payloads#NONE}.
   *
   * @param heapBytes the size of the heap: a payload is in it up to three times while it is read
   */
  public PayloadStore(Payloads payloads, long heapBytes, WorkerRuntime runtime) {
    this.payloads = payloads;
    this.largest = (int) Math.min(heapBytes / 3, Payloads.MAX_BYTES);
    this.clock = runtime.clock();
    this.outage = runtime.outage();
    this.threads = runtime.threads();
  }

  /** False without a bucket. */
  public boolean isPresent() {
    return !payloads.equals(Payloads.NONE);
  }

  /** The largest payload, in bytes, that this worker has memory for. */
  int maxBytes() {
    return largest;
  }

  /** A call of the port; an {@link Payloads.Unreadable} of it is the job's failure. */
  interface Call<T> {
    T make() throws Payloads.Unreadable, CallFailed, InterruptedException;
  }

  /**
   * How long a message goes back whose payload cannot be fetched because S3 is away: longer each
   * time, since each is a receive more, and other workers cannot know that it was no attempt.
   */
  public static Duration away(Message message) {
    return Durations.doubled(AWAY, message.receiveCount() - 1, LONG_AWAY);
  }

  /** A payload, and its room in memory, to be closed when it is not needed any more. */
  public record Payload(String text, PayloadMemory.Taken room) implements AutoCloseable {
    @Override
    public void close() {
      room.close();
    }
  }

  /** Fetches once what the message's pointer stands for; waits for memory. */
  public Payload fetch(Message message, String pointer, PayloadMemory memory)
      throws Payloads.Unreadable, CallFailed, InterruptedException {
    PayloadMemory.Taken room = memory.take(message);
    try {
      return fetch(pointer, room);
    } catch (Payloads.Unreadable e) {
      if (!e.type().equals(Payloads.Unreadable.TOO_LARGE) || room.maxBytes() >= largest) {
        throw e;
      }
    }
    // The message says less than there is: its sender counts characters, for one.
    return fetch(pointer, memory.takeMost());
  }

  private Payload fetch(String pointer, PayloadMemory.Taken room)
      throws Payloads.Unreadable, CallFailed, InterruptedException {
    Payload fetched = null;
    try {
      fetched = new Payload(fetch(pointer, room.maxBytes()), room);
      return fetched;
    } finally {
      if (fetched == null) {
        room.close();
      }
    }
  }

  /** Fetches once what a pointer stands for, as large as it may be here. */
  String fetch(String pointer) throws Payloads.Unreadable, CallFailed, InterruptedException {
    return fetch(pointer, Payloads.MAX_BYTES);
  }

  private String fetch(String pointer, int maxBytes)
      throws Payloads.Unreadable, CallFailed, InterruptedException {
    try {
      return once("GetObject", () -> payloads.fetch(pointer, Math.min(maxBytes, largest)));
    } catch (Payloads.Unreadable e) {
      throw e.type().equals(Payloads.Unreadable.TOO_LARGE) && largest < maxBytes
          ? tooLargeHere(e.getMessage() + ", a third of this worker's heap")
          : e;
    } catch (OutOfMemoryError e) { // of one large array: there is memory for all else
      throw tooLargeHere("this worker's heap has no room for the payload");
    }
  }

  private static Payloads.Unreadable tooLargeHere(String why) {
    return new Payloads.Unreadable(Payloads.Unreadable.TOO_LARGE_HERE, why);
  }

  /** Stores a text as an object of its own; null if the lease is over first. */
  @Nullable String store(Message message, String text) throws InterruptedException {
    try {
      return insist("PutObject", message, () -> payloads.store(text));
    } catch (Payloads.Unreadable e) {
      throw new IllegalStateException(e); // nothing is read
    }
  }

  /**
   * Copies a dead letter's object; the pointer itself if there is nothing to copy, null if the
   * lease is over first.
   */
  @Nullable String copy(Message message, String pointer) throws InterruptedException {
    try {
      return insist("CopyObject", message, () -> payloads.copy(pointer));
    } catch (Payloads.Unreadable e) {
      return pointer;
    }
  }

  private <T> T once(String action, Call<T> call)
      throws Payloads.Unreadable, CallFailed, InterruptedException {
    try {
      T answer = call.make();
      outage.over(action, BUCKET);
      return answer;
    } catch (Payloads.Unreadable e) {
      outage.over(action, BUCKET);
      throw e;
    } catch (CallFailed e) {
      outage.failed(action, BUCKET, e);
      throw e;
    }
  }

  /** Makes a call until it brings an answer; null if the lease is over first. */
  <T> @Nullable T insist(String action, Message message, Call<T> call)
      throws Payloads.Unreadable, InterruptedException {
    Backoff waits = new Backoff();
    while (!message.lease().isOver(clock.nanoTime())) {
      try {
        return once(action, call);
      } catch (CallFailed e) {
        waits.pause(clock);
      }
    }
    outage.givenUp(action, BUCKET);
    return null;
  }

  /** Deletes an object that nobody needs; one that stays is left to the bucket's lifecycle rule. */
  public void deleteLater(String pointer) {
    threads.startVirtual("payload-delete", () -> delete(pointer));
  }

  private void delete(String pointer) throws InterruptedException {
    Backoff waits = new Backoff();
    for (int i = 1; i <= DELETE_TRIES; i++) {
      try {
        payloads.delete(pointer);
        return;
      } catch (CallFailed e) {
        waits.pause(clock);
      }
    }
  }
}
