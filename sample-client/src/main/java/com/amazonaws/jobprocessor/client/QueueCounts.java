package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code queues}: how many jobs wait, run, have results or failed for good. */
@Command(
    name = "queues",
    mixinStandardHelpOptions = true,
    description = {
      "Says how many jobs wait, how many workers have in hand, how many results and dead letters there are.",
      "WAITING: can be received now. IN_FLIGHT: received and not deleted; of the backlog, jobs that run or are about to.",
      "DELAYED: can be received later. The figures are SQS's, which lag by up to a minute; a pack of jobs counts as one."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line makes no sense",
      "3:some of the queues are not there"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client queues",
      "  sample-client queues --backlog-queue todo --results-queue done --dead-letter-queue failed --json"
    })
final class QueueCounts extends Subcommand {
  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.ResultQueue results;
  @Mixin private Queues.DeadLetterQueue deadLetters;
  @Mixin private Connection connection;

  /**
   * A queue and what it holds.
   *
   * @param counts null if there is no such queue
   */
  private record Line(String holds, String queue, SqsQueues.Counts counts) {}

  @Override
  public Integer call() throws Exception {
    List<Line> lines;
    try (AwsSession aws = connection.open()) {
      SqsQueues queues = aws.queues();
      lines =
          List.of(
              line(queues, "jobs", backlog.name),
              line(queues, "results", results.name),
              line(queues, "dead letters", deadLetters.name));
    }
    print(lines);
    List<Line> missing = lines.stream().filter(line -> line.counts() == null).toList();
    missing.forEach(line -> say("there is no queue \"" + line.queue() + "\" in this region"));
    return missing.isEmpty() ? DONE : INCOMPLETE;
  }

  private Line line(SqsQueues queues, String holds, String name) throws Exception {
    Optional<SqsQueue> queue = retry().call(() -> queues.find(name));
    return new Line(
        holds, name, queue.isPresent() ? retry().call(() -> queues.counts(queue.get())) : null);
  }

  private void print(List<Line> lines) {
    Table table =
        new Table(
            List.of(
                Table.Column.of("HOLDS"),
                Table.Column.shrinking("QUEUE"),
                Table.Column.number("WAITING"),
                Table.Column.number("IN_FLIGHT"),
                Table.Column.number("DELAYED")));
    for (Line line : lines) {
      if (json) {
        out().println(object(line));
      } else {
        SqsQueues.Counts counts = line.counts();
        table.add(
            counts == null
                ? List.of(line.holds(), line.queue(), "-", "-", "-")
                : List.of(
                    line.holds(),
                    line.queue(),
                    Long.toString(counts.waiting()),
                    Long.toString(counts.inFlight()),
                    Long.toString(counts.delayed())));
      }
    }
    if (!json) {
      table.print(out(), Terminal.width());
    }
    out().flush();
  }

  private static String object(Line line) {
    JsonLine object =
        new JsonLine()
            .text("holds", line.holds().replace(' ', '_'))
            .text("queue", line.queue())
            .flag("exists", line.counts() != null);
    if (line.counts() != null) {
      object
          .number("waiting", line.counts().waiting())
          .number("in_flight", line.counts().inFlight())
          .number("delayed", line.counts().delayed());
    }
    return object.end();
  }
}
