package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.letters.SendingBack;
import com.amazonaws.jobprocessor.client.letters.SentBefore;
import java.util.Set;
import java.util.function.Consumer;

/** Sends dead letters back for a command, which asks no job table. */
final class Resending extends SendingBack implements LetterQueue.Action {
  /**
   * For one run of the command.
   *
   * @param ids of the jobs to be sent back; null for all
   * @param err is told of those that are not
   */
  Resending(Destinations destinations, Set<String> ids, Consumer<String> err) {
    super(destinations, ids, err, SentBefore.UNKNOWN);
  }
}
