package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Jobs on their way into the queue, several batches at a time, told of in the order in which they
 * came.
 */
final class Submission implements AutoCloseable {
  private static final int CALLS_AT_ONCE = 8;
  private static final String NOT_SENT = "not sent any more";

  /** Hears what becomes of the jobs. */
  interface Teller {
    void told(Parcel parcel, Sender.Outcome outcome) throws InterruptedException;

    /** So many jobs have been told of since the last time. */
    void told(int jobs);
  }

  private record Batch(List<Parcel> parcels, Future<Sender.Sent> answer) {}

  private final Sender sender;
  private final Teller teller;
  private final Packer packer;
  private final Batches batches;
  private final ExecutorService calls;
  private final ArrayDeque<Batch> underWay = new ArrayDeque<>();
  private volatile boolean abandoned;
  private CallFailed failure;

  /**
   * A submission.
   *
   * @param packer puts jobs into messages
   * @param inOrder one message after the other, since of a batch a later one may be taken and an
   *     earlier one not
   */
  Submission(Sender sender, Packer packer, boolean inOrder, Teller teller) {
    this.sender = sender;
    this.packer = packer;
    this.teller = teller;
    this.batches = inOrder ? Batches.ofOne() : new Batches();
    this.calls =
        Executors.newFixedThreadPool(inOrder ? 1 : CALLS_AT_ONCE, Thread.ofVirtual().factory());
  }

  /** Takes a job; waits while too many are under way. */
  void add(Job job) throws InterruptedException {
    packer.add(job).forEach(this::add);
    while (underWay.size() > 2 * CALLS_AT_ONCE) {
      tell(underWay.remove());
    }
  }

  private void add(Parcel parcel) {
    batches.add(parcel).forEach(this::send);
  }

  /** Sends what is there, though a pack or a batch could take more. */
  void flush() {
    packer.rest().forEach(this::add);
    send(batches.rest());
  }

  /** True if nothing waits for a pack or a batch to be complete. */
  boolean isFlushed() {
    return packer.isEmpty() && batches.isEmpty();
  }

  /** Tells of the calls that have ended, without waiting for the others. */
  void tellOfEnded() throws InterruptedException {
    while (!underWay.isEmpty() && underWay.peek().answer().isDone()) {
      tell(underWay.remove());
    }
  }

  /** What any further call would fail with too; null if all goes well. */
  CallFailed failure() {
    return failure;
  }

  /** Sends the rest, and waits until all have been told of. */
  void finish() throws InterruptedException {
    flush();
    while (!underWay.isEmpty()) {
      tell(underWay.remove());
    }
  }

  /** Begins no further call, waits for those that are under way, and tells of every job. */
  void abandon() throws InterruptedException {
    abandoned = true;
    finish();
  }

  private void send(List<Parcel> parcels) {
    if (!parcels.isEmpty()) {
      underWay.add(new Batch(parcels, calls.submit(() -> call(parcels))));
    }
  }

  private Sender.Sent call(List<Parcel> parcels) throws InterruptedException {
    if (abandoned) {
      return notSent(parcels);
    }
    List<OutgoingMessage> messages = parcels.stream().map(Parcel::message).toList();
    Sender.Sent sent = sender.send(messages);
    if (sent.failure() != null) {
      abandoned = true; // those behind it are not to overtake it
    }
    return sent;
  }

  private static Sender.Sent notSent(List<Parcel> parcels) {
    Sender.Outcome outcome = new Sender.Outcome.NotTaken(NOT_SENT);
    return new Sender.Sent(parcels.stream().map(_ -> outcome).toList(), null);
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

  @Override
  public void close() {
    calls.close();
  }
}
