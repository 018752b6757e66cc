package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.letters.Letters;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for the letter of a job, and wants no more when it is found. */
class LetterSearch implements Letters.Action {
  private final String jobId;
  private @Nullable Delivery found;

  LetterSearch(String jobId) {
    this.jobId = jobId;
  }

  /** The letter; null if it has not been found. */
  @Nullable Delivery found() {
    return found;
  }

  @Override
  public void take(Inbox inbox, List<Delivery> letters) throws CallFailed, InterruptedException {
    for (Delivery letter : letters) {
      if (found != null) {
        met(inbox, found, letter);
      } else if (Messages.jobIds(letter).contains(jobId)) {
        found = letter;
        take(inbox, letter);
      }
    }
  }

  /** Does what is to be done with the letter. */
  void take(Inbox inbox, Delivery letter) throws CallFailed, InterruptedException {
    // it stays
  }

  /** Meets another letter after it. */
  void met(Inbox inbox, Delivery letter, Delivery another) throws CallFailed, InterruptedException {
    // it stays
  }

  @Override
  public boolean isDone() {
    return found != null;
  }
}
