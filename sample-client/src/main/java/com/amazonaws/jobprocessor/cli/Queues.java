package com.amazonaws.jobprocessor.cli;

import picocli.CommandLine.Option;

/** The options that name queues; their defaults are the worker's. */
final class Queues {
  static final String BACKLOG = "--backlog-queue";
  static final String RESULTS = "--results-queue";
  static final String DEAD_LETTERS = "--dead-letter-queue";

  private Queues() {}

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
