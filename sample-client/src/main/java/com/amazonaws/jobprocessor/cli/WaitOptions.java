package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.port.Backlog;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** For how long and where to wait for the ends of jobs. */
final class WaitOptions {
  private static final Duration FOREVER = Duration.ofDays(3_650);
  private static final Duration FOR_RESULTS = Duration.ofMinutes(5);

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "give up when some jobs have not ended after so many seconds (default: wait until all have)")
  private Integer timeout;

  @Mixin private Queues.DeadLetterQueue deadLetters;

  /** Refuses what is invalid. */
  void check(Subcommand command, JobFile file, boolean waits) {
    command.checkRange("--timeout", timeout == null ? 1 : timeout, 1, 10_000_000, " seconds");
    if (!waits && (timeout != null || command.isGiven(Queues.DEAD_LETTERS))) {
      throw command.wrong("--timeout and " + Queues.DEAD_LETTERS + ": they are for --wait");
    }
    if (waits) {
      Queues.checkDistinct(command, file.backlog.name, file.packs.results.name, deadLetters.name);
    }
  }

  /**
   * For how long {@code results} goes on: who does not know how many there are wants all of them.
   *
   * @param timeout in seconds, or null
   * @param count of results that are waited for; -1 if all that are there
   */
  static Duration patience(Integer timeout, int count) {
    if (timeout != null) {
      return Duration.ofSeconds(timeout);
    }
    return count < 0 ? FOREVER : FOR_RESULTS;
  }

  Duration timeout() {
    return timeout == null ? FOREVER : Duration.ofSeconds(timeout);
  }

  /** The queue of the dead letters, by its name. */
  String deadLetterQueue() {
    return deadLetters.name;
  }

  /** The options that name the queues in which jobs end, as far as they were given. */
  String queuesAsGiven(Subcommand command, JobFile file) {
    return Queues.asGiven(command, Queues.RESULTS, file.packs.results.name)
        + Queues.asGiven(command, Queues.DEAD_LETTERS, deadLetters.name);
  }

  /**
   * The queues in which jobs end.
   *
   * @throws UserError if there is no results queue, or none for dead letters though one was named
   */
  Awaiting.Places places(Subcommand command, AwsSession aws, JobFile file) throws Exception {
    SqsQueue results = file.queue(aws, command, file.packs.results.name, Queues.RESULTS);
    return new Awaiting.Places(aws.backlog(results), letters(command, aws, file));
  }

  private Backlog letters(Subcommand command, AwsSession aws, JobFile file) throws Exception {
    if (file.createQueue || command.isGiven(Queues.DEAD_LETTERS)) {
      return aws.backlog(file.queue(aws, command, deadLetters.name, Queues.DEAD_LETTERS));
    }
    var queues = aws.queues();
    Optional<SqsQueue> found = command.read(() -> queues.find(deadLetters.name));
    if (found.isEmpty()) {
      Queues.sayThatNoneHasDeadLetters(command, deadLetters.name);
      return null;
    }
    return aws.backlog(found.get());
  }
}
