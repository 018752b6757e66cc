package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.client.letters.Letters;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The dead-letter queue, whose letters are gone through once; they stay unless they are deleted.
 */
final class LetterQueue {
  private final SqsQueues queues;
  private final SqsQueue queue;
  private final Backlog letters;
  private final Stop stop;

  LetterQueue(AwsSession aws, String name, Stop stop)
      throws CallFailed, InvalidEnvironment, InterruptedException {
    this.queues = aws.queues();
    this.queue = Connection.queue(aws, stop, name, Queues.DEAD_LETTERS);
    this.letters = aws.backlog(queue);
    this.stop = stop;
  }

  /**
   * Hands over every dead letter once, however many receives that takes.
   *
   * @return about how many could not be had: of a group of a FIFO queue SQS shows ten, and no more
   *     until one of them is deleted
   */
  long forEach(Letters.Action action) throws CallFailed, InterruptedException {
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
    Search search = new Search(wanted);
    forEach(search);
    return Optional.ofNullable(search.found);
  }

  /** Ends with the first letter that is wanted. */
  private static final class Search implements Letters.Action {
    private final Predicate<Delivery> wanted;
    private Delivery found;

    Search(Predicate<Delivery> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void take(Inbox inbox, List<Delivery> some) {
      found = some.stream().filter(wanted).findFirst().orElse(null);
    }

    @Override
    public boolean isDone() {
      return found != null;
    }
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
