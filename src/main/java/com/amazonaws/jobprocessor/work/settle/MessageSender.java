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
import com.amazonaws.jobprocessor.work.settle.BatchSender.Sent;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to one queue: results, or dead letters. What does not fit a message goes by way of
 * the payload bucket; each sending has an object of its own there, since whoever reads a message
 * deletes its object.
 */
final class MessageSender {
  /** A message on its way. */
  private record Pending(
      OutgoingMessage message, int bytes, LongPredicate expired, boolean mayRepeat)
      implements BatchSender.Entry {
    @Override
    public boolean isExpired(long now) {
      return expired.test(now);
    }
  }

  private final PayloadStore store;
  private final BatchSender<Pending> lane;

  MessageSender(OutputQueue queue, PayloadStore store, WorkerRuntime runtime) {
    this.store = store;
    this.lane =
        new BatchSender<>(
            new SendCall(queue, runtime), Duration.ZERO, runtime.clock(), runtime.outage());
  }

  /** Sends a message as it is, for as long as the job's message is leased. */
  Sent send(Job job, OutgoingMessage message) throws InterruptedException {
    return send(message, job.message().lease()::isOver);
  }

  /** Sends a message as it is, for as long as the job is claimed as well: others may record theirs. */
  Sent sendUnderClaim(Job job, OutgoingMessage message) throws InterruptedException {
    return send(message, now -> !job.isOurs(now));
  }

  private Sent send(OutgoingMessage message, LongPredicate expired) throws InterruptedException {
    return lane.send(new Pending(message, size(message), expired, true));
  }

  /** Sends a message whose body goes to the payload bucket. */
  Sent sendLarge(Job job, OutgoingMessage message) throws InterruptedException {
    int bytes = MessageFormat.utf8Length(message.body());
    OutgoingMessage marked =
        new OutgoingMessage(
            "",
            PayloadPointer.mark(message.attributes(), bytes),
            message.group(),
            message.deduplicationId());
    return sendPointer(job, marked, () -> store.store(job.message(), message.body()));
  }

  /**
   * Sends a message that is a pointer and of which the queue may have a copy: it gets an object of
   * its own.
   */
  Sent sendCopy(Job job, OutgoingMessage pointer) throws InterruptedException {
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
      OutgoingMessage pointing = message.withBody(pointer);
      Sent sent =
          lane.send(
              new Pending(pointing, size(pointing), job.message().lease()::isOver, false));
      if (!(sent instanceof Sent.Unknown)) {
        return sent;
      }
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

  private record SendCall(OutputQueue output, WorkerRuntime runtime)
      implements BatchSender.Call<Pending> {
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
      runtime.tell(new WorkEvent.Requested(WorkEvent.Request.SEND, batch.size(), bytes));
      return output.send(batch.stream().map(Pending::message).toList());
    }
  }
}
