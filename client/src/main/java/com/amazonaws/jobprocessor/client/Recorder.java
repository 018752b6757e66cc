package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.aws.QueuedJobs;
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

    void fail(Ticket ticket, ClientException why);

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
    try {
      if (cut) {
        throw new InterruptedException();
      }
      Throwable before = failed.beforeRecord(ticket);
      if (before != null) {
        next.fail(ticket, behind(ticket, before));
        return;
      }
      record(ticket, aws.call("recording the job", () -> records.record(entry)));
    } catch (InterruptedException e) {
      next.fail(ticket, notRecorded(ticket, true, "recording it was interrupted"));
    } catch (RuntimeException | Error e) {
      // Without a table nothing can have been recorded; any other failure may have had its effect.
      boolean perhaps =
          !(e.getCause() instanceof CallFailed failed && JobTableReader.isMissing(failed));
      ClientException problem = notRecorded(ticket, perhaps, String.valueOf(e.getMessage()));
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

  private static boolean isOfOneJob(Throwable e) {
    return e instanceof CallFailed no && no.kind() == CallFailed.Kind.REFUSED;
  }

  private static ClientException behind(Ticket ticket, Throwable before) {
    ClientException problem =
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

  private static ClientException notRecorded(Ticket ticket, boolean perhaps, String why) {
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
