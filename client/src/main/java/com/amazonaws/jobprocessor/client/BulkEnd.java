package com.amazonaws.jobprocessor.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What has become of jobs that were enqueued together, told in their order. For one thread. */
final class BulkEnd {
  private final Consumer<String> enqueued;
  private long count;
  private @Nullable NotEnqueuedException failure;

  /**
   * None has ended.
   *
   * @param enqueued hears the id of each job that the queue has
   */
  BulkEnd(Consumer<String> enqueued) {
    this.enqueued = enqueued;
  }

  /** Waits for the job's end. */
  void add(Ticket ticket) throws InterruptedException {
    try {
      enqueued.accept(ticket.await());
      count++;
    } catch (NotEnqueuedException e) {
      failure = failure == null ? e : failure;
    }
  }

  boolean hasFailure() {
    return failure != null;
  }

  /**
   * How many there were.
   *
   * @throws NotEnqueuedException the first of a job that was not enqueued, if there is one
   */
  long count() {
    if (failure != null) {
      throw failure;
    }
    return count;
  }
}
