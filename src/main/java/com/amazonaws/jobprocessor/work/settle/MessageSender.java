package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to one queue: results, or dead letters. What does not fit a message goes by way of
 * the payload bucket; each sending has an object of its own there, since whoever reads a message
 * deletes its object.
 */
final class MessageSender {
  /**
   * A message on its way.
   *
   * @param expired from when on it may not be sent any more
   * @param until when it is given up if SQS says no for a reason that may pass
   * @param mayRepeat false if it has an object that goes with it
   */
  private record Pending(
      OutgoingMessage message,
      int bytes,
      LongPredicate expired,
      LongPredicate until,
      boolean mayRepeat)
      implements BatchEntry {
    @Override
    public boolean isExpired(long now) {
      return expired.test(now);
    }

    @Override
    public boolean givesUp(long now) {
      return until.test(now);
    }
  }

  /** No queue has a lower one: 1,024 bytes (SetQueueAttributes, SQS API reference). */
  private static final int LEAST_LIMIT = 1024;

  private final PayloadStore store;
  private final WorkerRuntime runtime;
  private final long longest;
  private final BatchSender<Pending> lane;

  /**
   * Sends to a queue.
   *
   * @param longest for how long a message is sent again and again if SQS says no for a reason that
   *     may pass; it is sent for as long as it may be if SQS says nothing
   * @param linger for how long a message may wait for its batch to be filled, in nanoseconds
   */
  MessageSender(
      OutputQueue queue,
      PayloadStore store,
      Duration longest,
      LongSupplier linger,
      WorkerRuntime runtime) {
    this.store = store;
    this.runtime = runtime;
    this.longest = longest.toNanos();
    this.lane =
        new BatchSender<>(new SendCall(queue, runtime), linger, runtime.clock(), runtime.outage());
  }

  /** Sends a message as it is, for as long as the job's message is leased. */
  Sent send(Job job, OutgoingMessage message) throws InterruptedException {
    return lane.send(pending(message, job.message().lease()::isOver, true));
  }

  /**
   * As {@link #send}. What the queue refuses goes by way of the payload bucket, if there is one:
   * its own limit may be lower than SQS's.
   */
  Sent sendOrStore(Job job, OutgoingMessage message) throws InterruptedException {
    Sent sent = send(job, message);
    return sent instanceof Sent.Refused && store.isPresent() && size(message) > LEAST_LIMIT
        ? sendLarge(job, message)
        : sent;
  }

  /** Sends a message as it is, for as long as the job is claimed: others may record theirs. */
  Sent sendUnderClaim(Job job, OutgoingMessage message) throws InterruptedException {
    return lane.send(pending(message, now -> !job.isOurs(now), true));
  }

  private Pending pending(OutgoingMessage message, LongPredicate expired, boolean mayRepeat) {
    long begin = runtime.now();
    return new Pending(message, size(message), expired, now -> now - begin >= longest, mayRepeat);
  }

  /** Sends a message whose body goes to the payload bucket. */
  Sent sendLarge(Job job, OutgoingMessage message) throws InterruptedException {
    OutgoingMessage marked =
        new OutgoingMessage(
            "",
            PayloadPointer.mark(message.attributes(), MessageFormat.utf8Length(message.body())),
            message.group(),
            message.deduplicationId());
    return sendPointer(job, marked, () -> store.store(job.message(), message.body()));
  }

  /**
   * Sends a message that is the job's own pointer, and takes the object over; once the queue may
   * have a copy of the message, it gets an object of its own.
   *
   * @param again true if the queue may have a copy from the beginning
   */
  Sent sendOwnPointer(Job job, OutgoingMessage pointer, boolean again) throws InterruptedException {
    if (!again) {
      Sent sent = lane.send(pending(pointer, job.message().lease()::isOver, false));
      if (!(sent instanceof Sent.Unknown)) {
        return sent;
      }
    }
    return sendPointer(job, pointer, () -> store.copy(job.message(), pointer.body()));
  }

  /** A new object in the payload bucket: its pointer, or null if the lease is over first. */
  private interface NewObject {
    @Nullable String make() throws InterruptedException;
  }

  /** If a call brings no answer the queue may have the message, and with it the object. */
  private Sent sendPointer(Job job, OutgoingMessage message, NewObject object)
      throws InterruptedException {
    while (true) {
      String pointer = object.make();
      if (pointer == null) {
        return Sent.EXPIRED;
      }
      Sent sent =
          lane.send(pending(message.withBody(pointer), job.message().lease()::isOver, false));
      if (sent instanceof Sent.Unknown) {
        continue;
      }
      if (!(sent instanceof Sent.Accepted) && !pointer.equals(job.message().delivery().body())) {
        store.deleteLater(pointer);
      }
      return sent;
    }
  }

  /** Bytes of the message that count towards SQS's limits. */
  static int size(OutgoingMessage message) {
    return MessageFormat.size(message.body(), message.attributes());
  }

  /** Messages that wait to be sent. */
  int waiting() {
    return lane.waiting();
  }

  private record SendCall(OutputQueue output, WorkerRuntime runtime) implements BatchCall<Pending> {
    @Override
    public String action() {
      return "SendMessageBatch";
    }

    @Override
    public String queue() {
      return output.name();
    }

    @Override
    public List<Answer> send(List<Pending> batch) throws CallFailed, InterruptedException {
      long bytes = 0;
      for (Pending pending : batch) {
        bytes += pending.bytes();
      }
      return runtime.request(
          new WorkEvent.Requested(WorkEvent.Request.SEND, batch.size(), bytes),
          () -> output.send(batch.stream().map(Pending::message).toList()));
    }
  }
}
