package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.util.function.Consumer;

/** What every part of a worker needs: the time, threads, whom to tell what. */
public record WorkerRuntime(
    MonotonicClock clock, WorkThreads threads, Outage outage, Consumer<WorkEvent> events) {
  /** The same, each of whose events is a step that is watched. */
  public WorkerRuntime watched(StuckWatch watch) {
    return new WorkerRuntime(clock, threads, outage, new WatchedEvents(events, watch));
  }

  /** A call of a queue. */
  @FunctionalInterface
  public interface QueueCall<T> {
    /** Makes the call. */
    T make() throws CallFailed, InterruptedException;
  }

  /** Makes a call and tells of it, unless it has never left this machine: then nobody bills it. */
  public <T> T request(WorkEvent.Requested told, QueueCall<T> call)
      throws CallFailed, InterruptedException {
    boolean sent = true;
    WorkEvent.Requested request = told.unanswered();
    try {
      T answer = call.make();
      request = told;
      return answer;
    } catch (CallFailed e) {
      sent = e.sent();
      throw e;
    } finally {
      if (sent) {
        tell(request);
      }
    }
  }

  /** Tells what has happened. */
  public void tell(WorkEvent event) {
    events.accept(event);
  }

  /** The time by the worker's clock, in nanoseconds. */
  public long now() {
    return clock.nanoTime();
  }
}
