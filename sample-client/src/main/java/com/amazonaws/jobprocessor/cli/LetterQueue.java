package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The dead-letter queue, whose letters are gone through once; they stay unless they are deleted.
 */
final class LetterQueue {
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int EMPTY_RECEIVES = 2;

  /** What is done with letters. */
  interface Action {
    void take(Inbox inbox, List<Delivery> letters) throws CallFailed, InterruptedException;
  }

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
    Set<String> seen = new HashSet<>();
    Map<String, Integer> shown = new HashMap<>();
    try (Inbox inbox = new Inbox(letters, stop)) {
      for (int empty = 0; empty < EMPTY_RECEIVES && !stop.isAsked(); ) {
        List<Delivery> some =
            inbox.receive(WAIT).stream().filter(letter -> seen.add(letter.messageId())).toList();
        empty = some.isEmpty() ? empty + 1 : 0;
        some.forEach(letter -> shown.merge(String.valueOf(letter.group()), 1, Integer::sum));
        action.take(inbox, some);
      }
      if (stop.isAsked()) {
        throw new Stop.Asked();
      }
      boolean mayBeMore = shown.values().stream().anyMatch(n -> n >= MessageFormat.MAX_BATCH);
      return mayBeMore && queue.isFifo() ? waiting() : 0;
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
