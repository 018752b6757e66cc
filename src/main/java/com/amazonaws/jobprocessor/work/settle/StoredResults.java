package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.InFlight;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Fetches results that the job table keeps in the payload bucket, to be sent once more. */
final class StoredResults {
  /** With their growing delays some three hours. */
  private static final int MAX_RECEIVES = 12;

  private static final long LOOK = Duration.ofSeconds(1).toNanos();

  /** What there is. */
  sealed interface Stored {}

  /** The result, which weighs on its message from now on. */
  record Text(String text) implements Stored {
    /** What it weighs in flight, until it is settled. */
    long heapBytes() {
      return 2L * text.length();
    }
  }

  /** It cannot be read, now or ever. */
  record Missing(Outcome outcome) implements Stored {}

  /** The lease was over first. */
  record LeaseOver() implements Stored {}

  private final PayloadStore store;
  private final InFlight inFlight;
  private final WorkerRuntime runtime;
  private final Semaphore fetching = new Semaphore(1, true);

  StoredResults(PayloadStore store, InFlight inFlight, WorkerRuntime runtime) {
    this.store = store;
    this.inFlight = inFlight;
    this.runtime = runtime;
  }

  Stored fetch(Job job, String pointer) throws InterruptedException {
    if (!store.isPresent()) {
      return new Missing(
          Outcome.Failed.forGood(Payloads.Unreadable.MISSING, "no payload_bucket_name"));
    }
    try {
      Optional<Text> text =
          store.insist("GetObject", job.message(), () -> fetchInTurn(job, pointer));
      return text == null || text.isEmpty() ? new LeaseOver() : text.get();
    } catch (Payloads.Unreadable e) {
      return new Missing(outcome(job, e));
    }
  }

  /**
   * One that we may not read may be mended, and so may one that is missing, by its owner; one that
   * is too large for our memory may be read elsewhere.
   */
  private static Outcome outcome(Job job, Payloads.Unreadable e) {
    boolean mayBeMended =
        e.type().equals(Payloads.Unreadable.DENIED)
            || e.type().equals(Payloads.Unreadable.TOO_LARGE_HERE);
    return mayBeMended && job.message().receiveCount() <= MAX_RECEIVES
        ? new Outcome.GivenBack(
            "the recorded result cannot be read: " + e.getMessage(),
            PayloadStore.away(job.message()))
        : Outcome.Failed.forGood(e.type(), "the recorded result: " + e.getMessage());
  }

  /** One at a time, and while there is memory: what it takes is known when it is there. */
  private Optional<Text> fetchInTurn(Job job, String pointer)
      throws Payloads.Unreadable, CallFailed, InterruptedException {
    fetching.acquire();
    try {
      while (!inFlight.awaitBytes(LOOK)) {
        if (job.message().lease().isOver(runtime.now())) {
          return Optional.empty();
        }
      }
      String text = store.fetch(pointer);
      Text fetched = new Text(text);
      inFlight.weigh(job.message(), fetched.heapBytes());
      return Optional.of(fetched);
    } finally {
      fetching.release();
    }
  }
}
