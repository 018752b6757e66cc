package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Jobs on their way into the queue, several batches at a time, told of in the order in which they
 * came. For one thread; the calls are made on others.
 */
public final class Submission implements AutoCloseable {
  /** Batches that are sent at the same time. */
  public static final int CALLS_AT_ONCE = 8;

  /** Of a job behind one that has failed. */
  public static final String NOT_SENT = "not sent any more";

  /** Hears what becomes of the jobs. */
  public interface Teller {
    /** The message of some jobs was taken or not. */
    void told(Parcel parcel, Sender.Outcome outcome) throws InterruptedException;

    /** So many jobs have been told of since the last time. */
    void told(int jobs);

    /** A call has ended, on whose thread this is: {@link Submission#tellOfEnded} has work. */
    default void callEnded() {}
  }

  private record Batch(List<Parcel> parcels, Future<Sender.Sent> answer) {}

  private final Sender sender;
  private final Teller teller;
  private final Packer packer;
  private final Batches batches;
  private final boolean inOrder;
  private final ExecutorService calls;
  private final ArrayDeque<Batch> underWay = new ArrayDeque<>();
  private volatile boolean abandoned;
  private @Nullable CallFailed failure;

  /**
   * A submission.
   *
   * @param packer puts jobs into messages
   * @param inOrder one message after the other, since of a batch a later one may be taken and an
   *     earlier one not
   */
  public Submission(Sender sender, Packer packer, boolean inOrder, Teller teller) {
    this(sender, packer, inOrder, teller, new Senders());
  }

  /**
   * As {@link #Submission(Sender, Packer, boolean, Teller)}.
   *
   * @param threads makes those on which the calls are made: {@link #CALLS_AT_ONCE}, or one
   */
  public Submission(
      Sender sender, Packer packer, boolean inOrder, Teller teller, ThreadFactory threads) {
    this.sender = sender;
    this.packer = packer;
    this.teller = teller;
    this.inOrder = inOrder;
    this.batches = inOrder ? Batches.ofOne() : new Batches();
    this.calls = Executors.newFixedThreadPool(inOrder ? 1 : CALLS_AT_ONCE, threads);
  }

  /** Threads of the system. */
  private static final class Senders implements ThreadFactory {
    private final AtomicInteger made = new AtomicInteger();

    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new Thread(work, "sender-" + made.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    }
  }

  /** Takes a job; waits while too many are under way. */
  public void add(Job job) throws InterruptedException {
    packer.add(job).forEach(this::add);
    while (underWay.size() > 2 * CALLS_AT_ONCE) {
      tell(underWay.remove());
    }
  }

  private void add(Parcel parcel) {
    batches.add(parcel).forEach(this::send);
  }

  /** Sends what is there, though a pack or a batch could take more. */
  public void flush() {
    packer.rest().forEach(this::add);
    send(batches.rest());
  }

  /** True if nothing waits for a pack or a batch to be complete. */
  public boolean isFlushed() {
    return packer.isEmpty() && batches.isEmpty();
  }

  /** Tells of the calls that have ended, without waiting for the others. */
  public void tellOfEnded() throws InterruptedException {
    for (Batch first = underWay.peek();
        first != null && first.answer().isDone();
        first = underWay.peek()) {
      tell(underWay.remove());
    }
  }

  /** What any further call would fail with too; null if all goes well. */
  public @Nullable CallFailed failure() {
    return failure;
  }

  /** Sends the rest, and waits until all have been told of. */
  public void finish() throws InterruptedException {
    flush();
    while (!underWay.isEmpty()) {
      tell(underWay.remove());
    }
  }

  /** Begins no further call, waits for those that are under way, and tells of every job. */
  public void abandon() throws InterruptedException {
    abandoned = true;
    finish();
  }

  /** Begins anew after a failure, of which all have been told. */
  public void resume() {
    if (!underWay.isEmpty() || !isFlushed()) {
      throw new IllegalStateException("jobs are under way");
    }
    abandoned = false;
    failure = null;
  }

  private void send(List<Parcel> parcels) {
    if (!parcels.isEmpty()) {
      CompletableFuture<Sender.Sent> answer = new CompletableFuture<>();
      underWay.add(new Batch(parcels, answer));
      calls.execute(() -> call(parcels, answer));
    }
  }

  private void call(List<Parcel> parcels, CompletableFuture<Sender.Sent> answer) {
    try {
      answer.complete(call(parcels));
    } catch (InterruptedException | RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
    teller.callEnded();
  }

  private Sender.Sent call(List<Parcel> parcels) throws InterruptedException {
    if (abandoned || sender.isCut()) {
      return notSent(parcels);
    }
    List<OutgoingMessage> messages = parcels.stream().map(Parcel::message).toList();
    Sender.Sent sent = sender.send(messages);
    sent = inOrder ? sent.inOrder() : sent;
    if (sent.failure() != null) {
      abandoned = true; // those behind it are not to overtake it
    }
    return sent;
  }

  private static Sender.Sent notSent(List<Parcel> parcels) {
    Sender.Outcome outcome = new Sender.Outcome.NotTaken(NOT_SENT);
    return new Sender.Sent(Collections.nCopies(parcels.size(), outcome), null, null);
  }

  private void tell(Batch batch) throws InterruptedException {
    Sender.Sent sent;
    try {
      sent = batch.answer().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    failure = failure == null ? sent.failure() : failure;
    int jobs = 0;
    for (int i = 0; i < batch.parcels().size(); i++) {
      Parcel parcel = batch.parcels().get(i);
      teller.told(parcel, sent.outcomes().get(i));
      jobs += parcel.jobs().size();
    }
    teller.told(jobs);
  }

  /** Waits for the calls under way; an interruption cuts them. */
  @Override
  public void close() {
    calls.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = calls.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
        calls.shutdownNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
