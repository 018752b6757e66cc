package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.send.Halt;
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
public final class Letters {
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int EMPTY_RECEIVES = 2;

  /** What is done with letters. */
  public interface Action {
    /** Gets letters, each once; they are hidden from others meanwhile. */
    void take(Inbox inbox, List<Delivery> letters) throws CallFailed, InterruptedException;

    /** True if it wants no more. */
    default boolean isDone() {
      return false;
    }
  }

  private final Backlog queue;
  private final Halt halt;

  /** The letters of a queue. */
  public Letters(Backlog queue, Halt halt) {
    this.queue = queue;
    this.halt = halt;
  }

  /**
   * Hands over every dead letter once, however many receives that takes, until somebody wants an
   * early end.
   *
   * @return true if there may be more: of a group of a FIFO queue SQS shows ten, and no more until
   *     one of them is deleted
   */
  public boolean forEach(Action action) throws CallFailed, InterruptedException {
    Set<String> seen = new HashSet<>();
    Map<String, Integer> shown = new HashMap<>();
    Inbox inbox = new Inbox(queue, halt);
    try {
      for (int empty = 0; empty < EMPTY_RECEIVES && !halt.isAsked() && !action.isDone(); ) {
        List<Delivery> some =
            inbox.receive(WAIT).stream().filter(letter -> seen.add(letter.messageId())).toList();
        empty = some.isEmpty() ? empty + 1 : 0;
        some.forEach(letter -> shown.merge(String.valueOf(letter.group()), 1, Integer::sum));
        action.take(inbox, some);
      }
      return queue.isFifo() && shown.values().stream().anyMatch(n -> n >= MessageFormat.MAX_BATCH);
    } finally {
      inbox.close();
    }
  }
}
