package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.port.Payloads;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Removes what jobs have left that we have certainly not sent: records, and definitions in S3. */
final class Leftovers {
  private final Aws aws;
  private final @Nullable Payloads payloads;
  private final @Nullable Recorder recorder;
  private final OnDemandThread thread = new OnDemandThread("enqueuer-tidying");
  private volatile boolean cut;

  Leftovers(Aws aws, @Nullable Payloads payloads, @Nullable Recorder recorder) {
    this.aws = aws;
    this.payloads = payloads;
    this.recorder = recorder;
  }

  /** What comes after the removal. */
  interface Then {
    /**
     * Nothing more is removed.
     *
     * @param forgotten false if there is a record, from which a repair may send the job
     */
    void run(boolean forgotten);
  }

  /**
   * Removes what a job has left, then goes on: on a thread for that, or at once if it has left
   * nothing, or nothing is removed any more.
   *
   * @param record true if its record is to be removed, too
   */
  void remove(Ticket ticket, boolean record, Then then) {
    QueuedJobs.Entry written = record ? ticket.record() : null;
    if (cut || (written == null && !hasObject(ticket))) {
      then.run(written == null);
      return;
    }
    try {
      thread.execute(() -> tidy(ticket, written, then));
    } catch (RejectedExecutionException e) {
      then.run(written == null); // cut meanwhile
    }
  }

  private boolean hasObject(Ticket ticket) {
    return ticket.job().isPointer() && payloads != null;
  }

  private void tidy(Ticket ticket, QueuedJobs.@Nullable Entry written, Then then) {
    boolean forgotten = written == null;
    try {
      if (written != null && recorder != null && !cut) {
        forgotten = recorder.forget(written);
      }
      if (forgotten && hasObject(ticket) && !cut) {
        delete(ticket.job().message().body());
      }
    } finally {
      then.run(forgotten);
    }
  }

  private void delete(String pointer) {
    Payloads bucket = payloads;
    if (bucket == null) {
      return;
    }
    try {
      aws.call(
          "deleting the definition",
          () -> {
            if (cut) {
              throw new InterruptedException();
            }
            bucket.delete(pointer);
            return true;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ClientException e) {
      // What is left is the bucket's lifecycle rule's.
    }
  }

  /** Removes nothing any more: what is left is repair's, and the bucket's lifecycle rule's. */
  void cut() {
    cut = true;
    thread.cut().forEach(Runnable::run);
  }

  /** Waits until all is removed, or for so long. */
  void end(long nanos) throws InterruptedException {
    thread.end(nanos);
  }
}
