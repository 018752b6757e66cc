package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.ClientException;
import com.amazonaws.jobprocessor.client.Enqueuer;
import com.amazonaws.jobprocessor.client.NewJob;
import com.amazonaws.jobprocessor.client.NotEnqueuedException;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * First into the job table, then into the queue, as the client library does it. If the process dies
 * in between, {@code repair} sends the job.
 */
final class RecordedOutlet implements Outlet {
  private static final Duration LOOK = Duration.ofMillis(100);

  /** So many are remembered behind one that has not ended; the enqueuer takes half as many. */
  private static final int MAX_UNDER_WAY = 20_000;

  private static final Sender.Outcome TAKEN = new Sender.Outcome.Taken();

  private record UnderWay(Job job, CompletableFuture<String> answer) {}

  private final Enqueuer enqueuer;
  private final boolean groups;
  private final Submission.Teller teller;
  private final Stop stop;
  private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
  private volatile boolean closed;
  private CallFailed failure;

  /**
   * An outlet.
   *
   * @param enqueuer is closed with this
   * @param groups true if the jobs' groups are the user's, false if each is to have its own
   * @param stop cuts what is under way short
   */
  RecordedOutlet(Enqueuer enqueuer, boolean groups, Submission.Teller teller, Stop stop) {
    this.enqueuer = enqueuer;
    this.groups = groups;
    this.teller = teller;
    this.stop = stop;
    Thread.ofPlatform().daemon().name("cutter").start(this::cutWhenStopped);
  }

  /** Also what waits for room is cut then. */
  private void cutWhenStopped() {
    try {
      while (!closed && !stop.await(LOOK)) {
        // not yet
      }
      if (!closed) {
        cut();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One thread does so. */
  private synchronized void cut() {
    cut(enqueuer, stop);
  }

  /** Closes an enqueuer, which begins no further call, and waits for those that are under way. */
  static void cut(Enqueuer enqueuer, Stop stop) {
    try (Halt.UnderWay _ = stop.callUnderWay()) {
      Thread.currentThread().interrupt();
      enqueuer.close();
    } finally {
      boolean _ = Thread.interrupted(); // ours
    }
  }

  @Override
  public void add(Job job) throws InterruptedException {
    NewJob wanted =
        new NewJob(job.message().body(), job.id(), groups ? job.message().group() : null);
    CompletableFuture<String> answer;
    try {
      answer = enqueuer.enqueueAsync(wanted);
    } catch (ClientException e) {
      answer = CompletableFuture.failedFuture(e);
    } catch (IllegalStateException e) {
      answer = CompletableFuture.failedFuture(new ClientException("not sent any more", e));
    }
    underWay.add(new UnderWay(job.withoutBody(), answer));
    tellOfEnded();
    if (underWay.size() >= MAX_UNDER_WAY) {
      tell(underWay.remove());
    }
  }

  @Override
  public void flush() {
    // what lingers is sent by itself
  }

  @Override
  public boolean isFlushed() {
    return true;
  }

  @Override
  public void tellOfEnded() throws InterruptedException {
    for (UnderWay first = underWay.peek();
        first != null && first.answer().isDone();
        first = underWay.peek()) {
      tell(underWay.remove());
    }
  }

  /** How many messages the queue has taken, each a job or a pack. */
  long messages() {
    return enqueuer.messages();
  }

  private void tell(UnderWay ended) throws InterruptedException {
    Sender.Outcome outcome = TAKEN;
    try {
      ended.answer().get();
    } catch (ExecutionException e) {
      outcome = outcome(e.getCause());
    }
    teller.told(Parcel.of(ended.job()), outcome);
    teller.told(1);
  }

  private Sender.Outcome outcome(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    if (!(problem instanceof NotEnqueuedException no)) {
      return new Sender.Outcome.NotTaken(message);
    }
    if (no.getCause() instanceof CallFailed e && e.kind() != CallFailed.Kind.REFUSED) {
      failure = failure == null ? e : failure;
    }
    String reason = message.substring(message.indexOf(": ") + 2);
    return no.perhaps()
        ? new Sender.Outcome.PerhapsTaken(reason)
        : new Sender.Outcome.NotTaken(reason);
  }

  @Override
  public CallFailed failure() {
    return failure;
  }

  @Override
  public void finish() throws InterruptedException {
    enqueuer.flush();
    tellOfAll();
  }

  @Override
  public void abandon() throws InterruptedException {
    cut();
    tellOfAll();
  }

  private void tellOfAll() throws InterruptedException {
    while (!underWay.isEmpty()) {
      tell(underWay.remove());
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      enqueuer.close();
    }
  }
}
