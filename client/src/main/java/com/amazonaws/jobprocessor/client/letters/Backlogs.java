package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where dead letters go back to: the backlog that they name, and no other. It may belong to other
 * workers than the default one.
 */
public final class Backlogs {
  private static final Pattern QUEUE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,75}(\\.fifo)?");

  /**
   * Which queues the caller has named, and which of them are just the default.
   *
   * @param backlogHint how the caller names a backlog, for the reasons of a refusal
   * @param regionHint how the caller names a region
   */
  public record Named(
      String deadLetters,
      boolean deadLettersGiven,
      String backlog,
      boolean backlogGiven,
      String backlogHint,
      String regionHint) {}

  /** A letter that cannot go back. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  private final Reach reach;
  private final Named given;
  private final Map<String, Optional<Sender>> senders = new HashMap<>();

  /** Backlogs, each of which is looked for when the first letter goes there. */
  public Backlogs(Reach reach, Named given) {
    this.reach = reach;
    this.given = given;
  }

  /** The name of the queue that a letter goes back to. */
  public String of(Delivery letter) throws Refused {
    String named = Messages.text(letter, MessageFormat.BACKLOG);
    if (named.isEmpty() && !given.backlogGiven() && given.deadLettersGiven()) {
      throw new Refused(
          "its dead letter does not say which queue it came from; give " + given.backlogHint());
    }
    String name = named.isEmpty() ? given.backlog() : named;
    if (!QUEUE_NAME.matcher(name).matches() || name.equals(given.deadLetters())) {
      throw new Refused(
          "it came from \"" + Printable.cutMiddle(shown(name), 80) + "\", which can be no backlog");
    }
    if (given.backlogGiven() && !name.equals(given.backlog())) {
      throw new Refused(
          "it came from \"" + name + "\"; leave out " + given.backlogHint() + " to send it there");
    }
    boolean fromFifo = letter.group() != null;
    if (fromFifo != SqsQueue.isFifo(name)) {
      throw new Refused(
          "it is in a "
              + (fromFifo ? "FIFO" : "standard")
              + " queue and \""
              + name
              + "\" is none; give "
              + given.backlogHint());
    }
    return name;
  }

  /** The sender to a queue. */
  public Sender to(String name) throws Refused, CallFailed, InterruptedException {
    Optional<Sender> known = senders.get(name);
    if (known == null) {
      known = reach.sender(name);
      senders.put(name, known);
    }
    return known.orElseThrow(
        () ->
            new Refused(
                "there is no queue \""
                    + name
                    + "\" in "
                    + reach.session().region()
                    + "; check "
                    + given.regionHint()));
  }

  /** The name with what could move a cursor replaced. */
  private static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints().forEach(c -> shown.appendCodePoint(Printable.isPrintable(c) ? c : '?'));
    return shown.toString();
  }
}
