package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes the records of jobs before they are sent, several at a time. */
final class Recorder {
  /** A write takes some milliseconds, in which nothing else happens. */
  private static final int WRITES_AT_ONCE = 16;

  /** What is done with a job whose record says that it is to be sent, or not. */
  interface Next {
    void send(Ticket ticket);

    void skip(Ticket ticket);

    void fail(Ticket ticket, NotEnqueuedException why);

    /** All have been recorded. */
    void idle();
  }

  private final Aws aws;
  private final QueuedJobs records;
  private final boolean inOrder;
  private final FailedCalls failed;
  private final Next next;
  private final ExecutorService writers;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean cut;

  /**
   * A recorder.
   *
   * @param inOrder one after the other, so that those behind one that cannot be recorded fail with
   *     it
   */
  Recorder(Aws aws, QueuedJobs records, boolean inOrder, FailedCalls failed, Next next) {
    this.aws = aws;
    this.records = records;
    this.inOrder = inOrder;
    this.failed = failed;
    this.next = next;
    AtomicInteger threads = new AtomicInteger();
    this.writers =
        Executors.newFixedThreadPool(
            inOrder ? 1 : WRITES_AT_ONCE,
            work -> {
              Thread thread = new Thread(work, "recorder-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Records a job; what comes of it goes to {@link Next}, on a thread of the recorder's. False if
   * the recorder has ended.
   */
  boolean record(Ticket ticket, QueuedJobs.Entry entry) {
    waiting.incrementAndGet();
    try {
      writers.execute(() -> write(ticket, entry));
      return true;
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet();
      return false;
    }
  }

  /** True while there are jobs that have not been recorded. */
  boolean isBusy() {
    return waiting.get() > 0;
  }

  private void write(Ticket ticket, QueuedJobs.Entry entry) {
    Writing writing = new Writing(entry);
    try {
      Throwable before = failed.beforeRecord(ticket);
      if (cut) {
        next.fail(ticket, notRecorded(ticket, false, Submission.NOT_SENT));
      } else if (before != null) {
        next.fail(ticket, behind(ticket, before));
      } else {
        record(ticket, aws.call("recording the job", writing));
      }
    } catch (InterruptedException e) {
      next.fail(ticket, notRecorded(ticket, writing.perhaps, "recording it was interrupted"));
    } catch (RuntimeException | Error e) {
      NotEnqueuedException problem =
          notRecorded(ticket, writing.perhaps, String.valueOf(e.getMessage()));
      Throwable cause = e.getCause() == null ? e : e.getCause();
      problem.initCause(cause);
      if (inOrder && !isOfOneJob(cause)) {
        failed.record(cause);
      }
      next.fail(ticket, problem);
    } finally {
      if (waiting.decrementAndGet() == 0) {
        next.idle();
      }
    }
  }

  /** The writing of one record, which may need several calls. */
  private final class Writing implements Retry.Call<QueuedJobs.Standing> {
    private final QueuedJobs.Entry entry;

    /** True if a call was made of which nobody knows whether it has written the record. */
    private boolean perhaps;

    Writing(QueuedJobs.Entry entry) {
      this.entry = entry;
    }

    @Override
    public QueuedJobs.Standing make() throws CallFailed, InterruptedException {
      endIfCut();
      boolean before = perhaps;
      perhaps = true;
      try {
        return records.record(entry);
      } catch (CallFailed e) {
        perhaps = before || (e.kind() == CallFailed.Kind.UNKNOWN && e.sent());
        throw e;
      }
    }
  }

  /** Nor is a call made again: the interrupt may have come while the SDK did not look. */
  private void endIfCut() throws InterruptedException {
    if (cut) {
      throw new InterruptedException();
    }
  }

  private static boolean isOfOneJob(Throwable e) {
    return e instanceof CallFailed no && no.kind() == CallFailed.Kind.REFUSED;
  }

  private static NotEnqueuedException behind(Ticket ticket, Throwable before) {
    NotEnqueuedException problem =
        notRecorded(
            ticket,
            false,
            Submission.NOT_SENT + ", since a call before it failed: " + before.getMessage());
    problem.initCause(before);
    return problem;
  }

  private void record(Ticket ticket, QueuedJobs.Standing standing) {
    if (standing == QueuedJobs.Standing.OTHER) {
      next.fail(
          ticket, notRecorded(ticket, false, "there is a job of this id with another definition"));
    } else if (standing == QueuedJobs.Standing.MET) {
      next.skip(ticket);
    } else {
      next.send(ticket);
    }
  }

  private static NotEnqueuedException notRecorded(Ticket ticket, boolean perhaps, String why) {
    return new NotEnqueuedException(
        ticket.id(), perhaps, "job " + ticket.id() + " was not enqueued: " + why);
  }

  /**
   * Deletes the record of a job that was certainly not sent; false if that fails: then it says
   * {@code QUEUED}, and a repair may send the job.
   */
  boolean forget(QueuedJobs.Entry entry) {
    try {
      return aws.call(
          "forgetting the job",
          () -> {
            endIfCut();
            records.forget(entry);
            return true;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ClientException e) {
      return false;
    }
  }

  /** Waits until all have been recorded. */
  void drain() throws InterruptedException {
    writers.shutdown();
    writers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** Begins no further write: what is not recorded fails. */
  void cut() {
    cut = true;
    writers.shutdownNow().forEach(Runnable::run);
  }
}
