package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import com.amazonaws.jobprocessor.work.settle.PayloadStore;
import java.util.HashSet;
import java.util.Set;

/**
 * Has the definitions of jobs at hand before they ask for a slot: the body, or what its pointer
 * stands for. Fetched payloads together hold no more memory than allowed.
 */
final class Definitions {
  /** What there is for a job. */
  sealed interface Fetched extends AutoCloseable {
    @Override
    void close();
  }

  /** A definition, to be closed when it is not needed any more. */
  record Definition(String text, PayloadMemory.Taken memory) implements Fetched {
    @Override
    public void close() {
      memory.close();
    }
  }

  /** None, and what is to become of the job. */
  record NotFetched(Outcome outcome) implements Fetched {
    @Override
    public void close() {
      // holds nothing
    }
  }

  private final PayloadStore store;
  private final PayloadMemory memory;
  private final Set<Thread> fetching = new HashSet<>();
  private boolean closed;

  Definitions(PayloadStore store, PayloadMemory memory) {
    this.store = store;
    this.memory = memory;
  }

  /** The job's definition; waits for memory, and for the payload bucket. */
  Fetched of(Job job) throws InterruptedException {
    if (!job.message().isPointer()) {
      return new Definition(job.body(), memory.none());
    }
    if (!begin()) {
      return new NotFetched(Outcome.GivenBack.now("worker stops"));
    }
    try {
      return fetch(job);
    } catch (InterruptedException e) {
      return new NotFetched(Outcome.GivenBack.now("worker stops"));
    } finally {
      end();
    }
  }

  private Fetched fetch(Job job) throws InterruptedException {
    try {
      PayloadStore.Payload payload = store.fetch(job.message(), job.body(), memory);
      if (job.isClaimed()) {
        job.claim().know(ClaimRequest.Payload.of(payload.text()));
      }
      return new Definition(payload.text(), payload.room());
    } catch (Payloads.Unreadable e) {
      return new NotFetched(
          new Outcome.Failed(e.type(), String.valueOf(e.getMessage()), e.isForGood(), null, null));
    } catch (CallFailed e) {
      return new NotFetched(
          new Outcome.GivenBack(
              "the payload bucket does not answer", PayloadStore.away(job.message())));
    }
  }

  private synchronized boolean begin() {
    return !closed && fetching.add(Thread.currentThread());
  }

  @SuppressWarnings("ResultOfMethodCallIgnored")
  private synchronized void end() {
    fetching.remove(Thread.currentThread());
    // One that came too late is not for what follows.
    Thread.interrupted();
  }

  /** The worker stops: nothing is fetched any more. */
  synchronized void close() {
    closed = true;
    fetching.forEach(Thread::interrupt);
  }
}
