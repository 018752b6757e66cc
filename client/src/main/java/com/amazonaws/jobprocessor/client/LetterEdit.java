package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.letters.Edits;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends the job of a letter back with another definition; copies of the letter go with it. */
final class LetterEdit extends LetterSearch {
  /**
   * The job as it is to be.
   *
   * @param id the one it has then
   */
  record Job(String id, String definition) {}

  private final Aws aws;
  private final @Nullable Payloads payloads;
  private final SendingBack sending;
  private final Job job;

  LetterEdit(String jobId, Job job, SendingBack sending, Aws aws, @Nullable Payloads payloads) {
    super(jobId);
    this.job = job;
    this.sending = sending;
    this.aws = aws;
    this.payloads = payloads;
  }

  @Override
  void take(Inbox inbox, Delivery letter) throws CallFailed, InterruptedException {
    sending.take(inbox, List.of(edited(letter)));
  }

  @Override
  void met(Inbox inbox, Delivery letter, Delivery another) throws CallFailed, InterruptedException {
    if (isDone(letter) && isCopy(another, letter)) {
      inbox.delete(List.of(another));
    }
  }

  private boolean isDone(Delivery letter) {
    return sending.sent().contains(job.id()) && !Messages.isPointer(letter);
  }

  /** As a worker makes one that dies between a dead letter and its delete. */
  private static boolean isCopy(Delivery letter, Delivery of) {
    String died = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    return !died.isEmpty()
        && died.equals(Messages.text(of, MessageFormat.JOB_MESSAGE_ID))
        && Messages.jobId(letter).equals(Messages.jobId(of))
        && letter.body().equals(of.body());
  }

  /** It goes on to the end of the queue, for the copies. */
  @Override
  public boolean isDone() {
    return false;
  }

  private Delivery edited(Delivery letter) throws InterruptedException {
    if (PackFormat.isPack(letter.attributes())) {
      throw new ClientException("the letter is a pack of several jobs: it is not edited");
    }
    Delivery edited = Edits.with(letter, job.id(), job.definition(), -1);
    if (MessageFormat.size(edited.body(), edited.attributes()) <= MessageFormat.MAX_BYTES) {
      return edited;
    }
    Payloads store = payloads;
    int bytes = MessageFormat.utf8Length(job.definition());
    if (store == null || bytes > Payloads.MAX_BYTES) {
      throw new IllegalArgumentException(
          store == null
              ? "the definition is longer than 1 MiB, and no payload bucket was named"
              : "the definition is longer than 64 MiB");
    }
    String pointer = aws.call("storing in S3", () -> store.store(job.definition()));
    return Edits.with(letter, job.id(), pointer, bytes);
  }
}
