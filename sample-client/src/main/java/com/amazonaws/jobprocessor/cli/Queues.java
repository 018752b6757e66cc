package com.amazonaws.jobprocessor.cli;

import picocli.CommandLine.Option;

/** The options that name queues; their defaults are the worker's. */
final class Queues {
  static final String BACKLOG = "--backlog-queue";
  static final String RESULTS = "--results-queue";
  static final String DEAD_LETTERS = "--dead-letter-queue";

  private Queues() {}

  /**
   * The option as it was given, with a blank before it, for a command that is named; or nothing.
   */
  static String asGiven(Subcommand command, String option, String name) {
    return command.isGiven(option) ? " " + option + " " + name : "";
  }

  /**
   * Refuses two queues of one name, as a worker does: what is taken for a result, and deleted,
   * would be a job or a dead letter.
   */
  static void checkDistinct(
      Subcommand command, String backlog, String results, String deadLetters) {
    checkDistinct(command, RESULTS, results, BACKLOG, backlog);
    checkDistinct(command, RESULTS, results, DEAD_LETTERS, deadLetters);
    checkDistinct(command, DEAD_LETTERS, deadLetters, BACKLOG, backlog);
  }

  private static void checkDistinct(
      Subcommand command, String option, String name, String otherOption, String other) {
    if (name.equals(other)) {
      throw command.wrong(
          option + ": \"" + name + "\" is also " + otherOption + "; give three different names");
    }
  }

  /** Says that jobs which fail for good will not be noticed. */
  static void sayThatNoneHasDeadLetters(Subcommand command, String name) {
    command.say(
        "there is no queue \""
            + name
            + "\": jobs that fail for good will not be noticed; check "
            + DEAD_LETTERS);
  }

  static final class Backlog {
    @Option(
        names = BACKLOG,
        paramLabel = "NAME",
        defaultValue = "SQS-EC2-Queue-Todo",
        description = "queue that workers take jobs from (default: ${DEFAULT-VALUE})")
    String name;
  }

  static final class ResultQueue {
    @Option(
        names = RESULTS,
        paramLabel = "NAME",
        defaultValue = "SQS-EC2-Queue-Results",
        description = "queue that workers put results into (default: ${DEFAULT-VALUE})")
    String name;
  }

  static final class DeadLetterQueue {
    @Option(
        names = DEAD_LETTERS,
        paramLabel = "NAME",
        defaultValue = "SQS-EC2-Queue-Dead-letter",
        description = "queue that workers put failed jobs into (default: ${DEFAULT-VALUE})")
    String name;
  }
}
