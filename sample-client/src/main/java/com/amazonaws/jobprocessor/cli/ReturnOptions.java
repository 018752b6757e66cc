package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.letters.Backlogs;
import com.amazonaws.jobprocessor.client.letters.Reach;
import com.amazonaws.jobprocessor.client.letters.SendingBack;
import picocli.CommandLine.Mixin;

/** Where dead letters come from that are sent back, and where they go to. */
final class ReturnOptions {
  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private TableName.Known table;
  @Mixin private Connection connection;

  /** Refuses queues that do not go together. */
  void check(Subcommand command) {
    if (command.isGiven(Queues.BACKLOG)
        && SqsQueue.isFifo(backlog.name) != SqsQueue.isFifo(queue.name)) {
      throw command.wrong(
          "\""
              + queue.name
              + "\" and \""
              + backlog.name
              + "\": one is a FIFO queue (NAME.fifo), the other is not; jobs go back to a queue of"
              + " their kind only");
    }
  }

  AwsSession open() throws Exception {
    return connection.open();
  }

  Bucket bucket(AwsSession aws, Subcommand command) throws Exception {
    return payloadBucket.open(aws, command.retry());
  }

  LetterQueue letters(AwsSession aws, Subcommand command) throws Exception {
    return new LetterQueue(aws, queue.name, command.stop());
  }

  Reach reach(AwsSession aws, Bucket bucket, Subcommand command) {
    return new Reach(aws, command.stop(), table.name, bucket.objects());
  }

  /** The backlogs that letters name; one that is named here has to exist. */
  Backlogs backlogs(AwsSession aws, Reach reach, Subcommand command) throws Exception {
    boolean given = command.isGiven(Queues.BACKLOG);
    if (given) {
      Connection.queue(aws, command.stop(), backlog.name, Queues.BACKLOG);
    }
    return new Backlogs(
        reach,
        new Backlogs.Named(
            queue.name,
            command.isGiven(Queues.DEAD_LETTERS),
            backlog.name,
            given,
            Queues.BACKLOG,
            "--region"));
  }

  /** Says how many had been sent back before. */
  static void sayAgain(SendingBack sending, Subcommand command) {
    if (sending.again() > 0) {
      command.say(
          Text.count(sending.again(), "dead letter")
              + " had been sent back before, by a run that was cut off: only deleted now");
    }
  }
}
