package com.amazonaws.jobprocessor.client;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Jobs that are enqueued together, and told of in their order. For one thread. */
final class Bulk {
  /** Hands jobs over. */
  interface HandOver {
    /**
     * Hands a job over.
     *
     * @param behind the job that it must not overtake; null if there is none
     */
    Ticket handOver(NewJob job, @Nullable Ticket behind) throws InterruptedException;
  }

  private final Dispatch dispatch;
  private final HandOver handOver;
  private final Consumer<String> enqueued;

  /**
   * So many are remembered behind one that has not ended: as many as have room, and as many more.
   */
  private final long window;

  private final ArrayDeque<Ticket> open = new ArrayDeque<>();
  private long count;
  private @Nullable NotEnqueuedException failure;

  /**
   * None was handed over.
   *
   * @param enqueued hears the id of each job that the queue has
   */
  Bulk(Dispatch dispatch, HandOver handOver, Consumer<String> enqueued) {
    this.dispatch = dispatch;
    this.handOver = handOver;
    this.enqueued = enqueued;
    this.window = 2L * dispatch.room().maxJobs();
  }

  /**
   * Enqueues jobs, and waits until all have ended; reads no further when one has failed.
   *
   * @return how many there were
   * @throws NotEnqueuedException the first of a job that was not enqueued, if there is one
   */
  long enqueue(Iterator<NewJob> jobs) throws InterruptedException {
    boolean handed = false;
    try {
      while (jobs.hasNext() && failure == null) {
        open.add(handOver.handOver(jobs.next(), open.peekLast()).receipt());
        for (Ticket first = open.peek();
            first != null && first.done().isDone();
            first = open.peek()) {
          end(open.remove());
        }
        if (open.size() >= window) {
          endSoon(1);
        }
      }
      handed = true;
    } finally {
      if (!handed) {
        dispatch.sendSoon(); // what was read is not to wait for the linger
      }
    }
    endSoon(open.size());
    if (failure != null) {
      throw failure;
    }
    return count;
  }

  /** Waits for the end of the first jobs, which are not to linger. */
  private void endSoon(int jobs) throws InterruptedException {
    dispatch.hurry();
    try {
      for (int i = 0; i < jobs; i++) {
        end(open.remove());
      }
    } finally {
      dispatch.lingerAgain();
    }
  }

  /** Waits for the job's end. */
  private void end(Ticket ticket) throws InterruptedException {
    try {
      enqueued.accept(ticket.await());
      count++;
    } catch (NotEnqueuedException e) {
      failure = failure == null ? e : failure;
    }
  }
}
