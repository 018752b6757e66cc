package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.Optional;

/** Where a command sends dead letters back to: the backlog that they name, and no other. */
final class Destinations extends Backlogs {
  /** The queues of the command line, and which of them are not just the default. */
  record Given(
      String deadLetters, boolean deadLettersGiven, String backlog, boolean backlogGiven) {}

  Destinations(AwsSession aws, Given given, Stop stop)
      throws CallFailed, InvalidEnvironment, InterruptedException {
    super(
        name -> find(aws, name, stop),
        new Named(
            given.deadLetters(),
            given.deadLettersGiven(),
            given.backlog(),
            given.backlogGiven(),
            Queues.BACKLOG,
            "--region"));
    if (given.backlogGiven()) {
      Connection.queue(aws, new Retry(stop), given.backlog(), Queues.BACKLOG);
    }
  }

  private static Optional<Sender> find(AwsSession aws, String name, Stop stop)
      throws CallFailed, InterruptedException {
    try {
      var queues = aws.queues();
      Optional<SqsQueue> found = new Retry(stop).call(() -> queues.find(name));
      return found.isPresent()
          ? Optional.of(new Sender(aws.output(found.get()), stop, () -> {}))
          : Optional.empty();
    } catch (InvalidEnvironment e) {
      throw new IllegalStateException(e); // the dead letters have come by the same client
    }
  }
}
