package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where dead letters go back to: the backlog that they name, and no other. It may belong to other
 * workers than the default one.
 */
final class Destinations {
  private static final Pattern QUEUE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,75}(\\.fifo)?");

  /** The queues of the command line, and which of them are not just the default. */
  record Given(
      String deadLetters, boolean deadLettersGiven, String backlog, boolean backlogGiven) {}

  /** A letter that cannot go back. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  private final AwsSession aws;
  private final Given given;
  private final Stop stop;
  private final Map<String, Optional<Sender>> senders = new HashMap<>();

  Destinations(AwsSession aws, Given given, Stop stop)
      throws CallFailed, InvalidEnvironment, InterruptedException {
    this.aws = aws;
    this.given = given;
    this.stop = stop;
    if (given.backlogGiven()) {
      senders.put(
          given.backlog(),
          Optional.of(
              sender(Connection.queue(aws, new Retry(stop), given.backlog(), Queues.BACKLOG))));
    }
  }

  /** The name of the queue that a letter goes back to. */
  String of(Delivery letter) throws Refused {
    String named = Messages.text(letter, MessageFormat.BACKLOG);
    if (named.isEmpty() && !given.backlogGiven() && given.deadLettersGiven()) {
      throw new Refused(
          "its dead letter does not say which queue it came from; give " + Queues.BACKLOG);
    }
    String name = named.isEmpty() ? given.backlog() : named;
    if (!QUEUE_NAME.matcher(name).matches() || name.equals(given.deadLetters())) {
      throw new Refused("it came from \"" + Text.cell(name, 80) + "\", which can be no backlog");
    }
    if (given.backlogGiven() && !name.equals(given.backlog())) {
      throw new Refused(
          "it came from \"" + name + "\"; leave out " + Queues.BACKLOG + " to send it there");
    }
    boolean fromFifo = letter.group() != null;
    if (fromFifo != SqsQueue.isFifo(name)) {
      throw new Refused(
          "it is in a "
              + (fromFifo ? "FIFO" : "standard")
              + " queue and \""
              + name
              + "\" is none; give "
              + Queues.BACKLOG);
    }
    return name;
  }

  /** The sender to a queue. */
  Sender to(String name) throws Refused, CallFailed, InterruptedException {
    Optional<Sender> known = senders.get(name);
    if (known == null) {
      known = find(name);
      senders.put(name, known);
    }
    return known.orElseThrow(
        () -> new Refused("there is no queue \"" + name + "\" in this region; check --region"));
  }

  private Optional<Sender> find(String name) throws CallFailed, InterruptedException {
    try {
      var queues = aws.queues();
      Optional<SqsQueue> found = new Retry(stop).call(() -> queues.find(name));
      return found.isPresent() ? Optional.of(sender(found.get())) : Optional.empty();
    } catch (InvalidEnvironment e) {
      throw new IllegalStateException(e); // the dead letters have come by the same client
    }
  }

  private Sender sender(SqsQueue queue) throws InvalidEnvironment {
    return new Sender(aws.output(queue), stop, () -> {});
  }
}
