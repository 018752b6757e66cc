package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.client.letters.Letters;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The dead-letter queue, whose letters are gone through once; they stay unless they are deleted.
 */
final class LetterQueue {
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int EMPTY_RECEIVES = 2;

  /** What is done with letters. */
  interface Action extends Letters.Action {}

  private final SqsQueues queues;
  private final SqsQueue queue;
  private final Backlog letters;
  private final Stop stop;

  LetterQueue(AwsSession aws, String name, Stop stop)
      throws CallFailed, InvalidEnvironment, InterruptedException {
    this.queues = aws.queues();
    this.queue = Connection.queue(aws, new Retry(stop), name, Queues.DEAD_LETTERS);
    this.letters = aws.backlog(queue);
    this.stop = stop;
  }

  /**
   * Hands over every dead letter once, however many receives that takes.
   *
   * @return about how many could not be had: of a group of a FIFO queue SQS shows ten, and no more
   *     until one of them is deleted
   */
  long forEach(Action action) throws CallFailed, InterruptedException {
    boolean more = new Letters(letters, stop).forEach(action);
    if (stop.isAsked()) {
      throw new Stop.Asked();
    }
    return more ? waiting() : 0;
  }

  /**
   * The first letter that is wanted; it is visible to others again, as all are that came with it.
   */
  Optional<Delivery> find(Predicate<Delivery> wanted) throws CallFailed, InterruptedException {
    Set<String> seen = new HashSet<>();
    try (Inbox inbox = new Inbox(letters, stop)) {
      for (int empty = 0; empty < EMPTY_RECEIVES && !stop.isAsked(); ) {
        List<Delivery> some = inbox.receive(WAIT);
        empty = some.stream().anyMatch(letter -> seen.add(letter.messageId())) ? 0 : empty + 1;
        Optional<Delivery> found = some.stream().filter(wanted).findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    if (stop.isAsked()) {
      throw new Stop.Asked();
    }
    return Optional.empty();
  }

  /** About how many letters others could receive now; 0 if that may not be asked. */
  private long waiting() throws InterruptedException {
    try {
      return queues.counts(queue).waiting();
    } catch (CallFailed e) {
      return 0; // it is good to know, and not worth a failure
    }
  }

  /** Says that there are more; returns the exit status. */
  static int sayThatMoreWait(Subcommand command, long letters) {
    if (letters == 0) {
      return Subcommand.DONE;
    }
    command.say(
        letters
            + " more wait in their groups, about, of which SQS shows ten a group; send those back first");
    return Subcommand.INCOMPLETE;
  }
}
