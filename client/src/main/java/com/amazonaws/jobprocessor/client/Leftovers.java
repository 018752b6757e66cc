package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.port.Payloads;
import org.jspecify.annotations.Nullable;

/** Removes what jobs have left that we have certainly not sent: records, and definitions in S3. */
final class Leftovers {
  private final Aws aws;
  private final @Nullable Payloads payloads;
  private final @Nullable Recorder recorder;
  private final OnDemandThread thread = new OnDemandThread("enqueuer-tidying");

  Leftovers(Aws aws, @Nullable Payloads payloads, @Nullable Recorder recorder) {
    this.aws = aws;
    this.payloads = payloads;
    this.recorder = recorder;
  }

  /**
   * Removes what a job has left, then goes on: on a thread for that, or at once if it has left
   * nothing.
   *
   * @param record true if its record is to be removed, too
   */
  void remove(Ticket ticket, boolean record, Runnable then) {
    boolean hasObject = ticket.job().isPointer() && payloads != null;
    QueuedJobs.Entry written = record ? ticket.record() : null;
    if (written == null && !hasObject) {
      then.run();
      return;
    }
    thread.execute(
        () -> {
          try {
            if (written != null && recorder != null) {
              recorder.forget(written);
            }
            if (hasObject) {
              delete(ticket.job().message().body());
            }
          } finally {
            then.run();
          }
        });
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
            bucket.delete(pointer);
            return true;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ClientException e) {
      // What is left is the bucket's lifecycle rule's.
    }
  }

  /** Waits until all is removed. */
  void end() throws InterruptedException {
    thread.end();
  }
}
