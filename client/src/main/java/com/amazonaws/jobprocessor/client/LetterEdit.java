package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.letters.Edits;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;

/** Sends the job of a letter back with another definition; copies of the letter go with it. */
final class LetterEdit extends LetterSearch {
  private final String definition;
  private final Edits edits;
  private final Backlogs backlogs;
  private final SendingBack sending;
  private String newId = "";

  LetterEdit(String jobId, String definition, Edits edits, Backlogs backlogs, SendingBack sending) {
    super(jobId);
    this.definition = definition;
    this.edits = edits;
    this.backlogs = backlogs;
    this.sending = sending;
  }

  /** The id that the job has now. */
  String newId() {
    return newId;
  }

  @Override
  void take(Inbox inbox, Delivery letter) throws CallFailed, InterruptedException {
    if (PackFormat.isPack(letter.attributes())) {
      throw new ClientException("the letter is a pack of several jobs: it is not edited");
    }
    try {
      String backlog = backlogs.of(letter);
      Delivery edited = edits.edited(letter, backlog, definition);
      newId = Messages.jobId(edited);
      sending.sendEdited(inbox, backlog, letter, edited);
    } catch (Backlogs.Refused e) {
      throw notSent(letter, String.valueOf(e.getMessage()), e);
    } catch (PayloadObjects.Unusable e) {
      throw notSent(letter, "storing in S3 failed: " + e.getMessage(), e);
    } catch (Edits.TooLong e) {
      throw new IllegalArgumentException(
          "the definition is longer than 1 MiB and no payload bucket was named, or than 64 MiB", e);
    }
  }

  private static ClientException notSent(Delivery letter, String why, Exception cause) {
    return new ClientException(
        "job " + Messages.jobId(letter) + " was not sent back: " + why, cause);
  }

  @Override
  void met(Inbox inbox, Delivery letter, Delivery another) throws CallFailed, InterruptedException {
    if (sending.sent().contains(newId) && SendingBack.isCopy(another, letter)) {
      inbox.delete(List.of(another));
    }
  }

  /** It goes on to the end of the queue, for the copies. */
  @Override
  public boolean isDone() {
    return false;
  }
}
