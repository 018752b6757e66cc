package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.aws.SqsQueues.Description;
import com.amazonaws.jobprocessor.cli.QueueProblems.Named;
import com.amazonaws.jobprocessor.message.PackFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code queues}: what the three queues hold, what they do by themselves, what is wrong. */
@Command(
    name = "queues",
    mixinStandardHelpOptions = true,
    description = {
      "Says how many jobs wait, how many workers have in hand, how many results and dead letters there are.",
      "WAITING: can be received now. IN_FLIGHT: received and not deleted; of the backlog, jobs that run or are about to.",
      "DELAYED: can be received later. The figures are SQS's, which lag by up to a minute and count messages: a pack is one.",
      "JOBS_WAITING: messages that wait x --jobs-per-message, about.",
      "KEPT: how long SQS keeps a message. REDRIVE: how often a message is received before SQS itself moves it to another queue.",
      "What in the queues' settings works against the workers is a warning on standard error."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line is invalid",
      "3:some of the queues are not there",
      "130, 143:stopped by Ctrl-C or SIGTERM, as --watch is"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client queues",
      "  sample-client queues --watch 10 --jobs-per-message 100",
      "  sample-client queues --backlog-queue todo --results-queue done --dead-letter-queue failed --json"
    })
final class QueueCounts extends Subcommand {
  private static final String NONE = "-";

  /** Where the column stands: behind those of messages. */
  private static final int JOBS = 5;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      description =
          "show them again every so many seconds, until Ctrl-C; each time costs three requests")
  private Integer watch;

  @Option(
      names = "--job-failure-retries",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "the workers' setting: what redrive policies are measured by (default: ${DEFAULT-VALUE})")
  private int retries;

  @Option(
      names = "--jobs-per-message",
      paramLabel = "N",
      description =
          "the mean size of the packs in the backlog, as a worker's page tells it: shows about how"
              + " many jobs wait as well")
  private BigDecimal jobsPerMessage;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.ResultQueue results;
  @Mixin private Queues.DeadLetterQueue deadLetters;
  @Mixin private Connection connection;

  /** They have been shown once. */
  private boolean shown;

  @Override
  public Integer call() throws Exception {
    checkRange("--watch", watch == null ? 1 : watch, 1, 86_400, " seconds");
    checkRange("--job-failure-retries", retries, 0, 100, "");
    if (jobsPerMessage != null && !isPackSize(jobsPerMessage)) {
      throw wrong(
          "--jobs-per-message: "
              + jobsPerMessage
              + " is out of range; allowed: 1 to "
              + PackFormat.MAX_JOBS);
    }
    try (AwsSession aws = connection.open()) {
      int status = look(aws.queues(), aws.region());
      while (watch != null && !stop().await(Duration.ofSeconds(watch))) {
        status = look(aws.queues(), aws.region());
      }
      return status;
    } catch (Stop.Asked e) {
      if (!shown) {
        throw e;
      }
      return DONE; // a watch has no other end
    }
  }

  private int look(SqsQueues queues, String region) throws Exception {
    Named jobs = describe(queues, backlog.name);
    Named answers = describe(queues, results.name);
    Named letters = describe(queues, deadLetters.name);
    if (watch != null && !json) {
      out().println(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }
    List<String> problems = QueueProblems.of(jobs, answers, letters, retries);
    if (json) {
      List.of(object("jobs", jobs), object("results", answers), object("dead_letters", letters))
          .forEach(out()::println);
    } else {
      table(jobs, answers, letters).print(out(), Terminal.width());
    }
    if (out().checkError()) {
      throw new UserError("cannot write to standard output");
    }
    shown = true;
    problems.forEach(problem -> say("warning: " + problem));
    List<Named> missing =
        List.of(jobs, answers, letters).stream().filter(queue -> !queue.exists()).toList();
    missing.forEach(queue -> say("there is no queue \"" + queue.name() + "\" in " + region));
    return missing.isEmpty() ? DONE : INCOMPLETE;
  }

  private static boolean isPackSize(BigDecimal jobs) {
    return jobs.compareTo(BigDecimal.ONE) >= 0
        && jobs.compareTo(BigDecimal.valueOf(PackFormat.MAX_JOBS)) <= 0;
  }

  private Named describe(SqsQueues queues, String name) throws Exception {
    Optional<SqsQueue> queue = read(() -> queues.find(name));
    return new Named(name, queue.isPresent() ? read(() -> queues.describe(queue.get())) : null);
  }

  private Table table(Named jobs, Named answers, Named letters) {
    List<Table.Column> columns =
        new ArrayList<>(
            List.of(
                Table.Column.of("HOLDS"),
                Table.Column.shrinking("QUEUE"),
                Table.Column.number("WAITING"),
                Table.Column.number("IN_FLIGHT"),
                Table.Column.number("DELAYED"),
                Table.Column.of("KEPT"),
                Table.Column.shrinking("REDRIVE")));
    if (jobsPerMessage != null) {
      columns.add(JOBS, Table.Column.number("JOBS_WAITING"));
    }
    Table table = new Table(columns);
    table.add(row("jobs", jobs, jobsWaiting(jobs)));
    table.add(row("results", answers, NONE));
    table.add(row("dead letters", letters, NONE));
    return table;
  }

  private String jobsWaiting(Named queue) {
    return queue.exists() && jobsPerMessage != null
        ? Long.toString(jobsWaiting(queue.description()))
        : NONE;
  }

  private long jobsWaiting(Description queue) {
    return jobsPerMessage
        .multiply(BigDecimal.valueOf(queue.counts().waiting()))
        .setScale(0, RoundingMode.HALF_UP)
        .longValue();
  }

  private List<String> row(String holds, Named queue, String jobs) {
    List<String> row = new ArrayList<>(row(holds, queue));
    if (jobsPerMessage != null) {
      row.add(JOBS, jobs);
    }
    return row;
  }

  private static List<String> row(String holds, Named queue) {
    if (!queue.exists()) {
      return List.of(holds, queue.name(), NONE, NONE, NONE, NONE, NONE);
    }
    SqsQueues.Counts counts = queue.description().counts();
    return List.of(
        holds,
        queue.name(),
        Long.toString(counts.waiting()),
        Long.toString(counts.inFlight()),
        Long.toString(counts.delayed()),
        queue.description().policy().retention().map(QueueProblems::time).orElse(NONE),
        redrive(queue.description()));
  }

  private static String redrive(Description queue) {
    return queue
        .policy()
        .maxReceiveCount()
        .map(count -> "after " + count + queue.redriveTo().map(to -> " to " + to).orElse(""))
        .orElse("none");
  }

  private String object(String holds, Named queue) {
    JsonLine object = new JsonLine();
    if (watch != null) {
      object.text("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    }
    object.text("holds", holds).text("queue", queue.name()).flag("exists", queue.exists());
    if (queue.exists()) {
      addTo(object, queue.description());
    }
    if (queue.exists() && jobsPerMessage != null && holds.equals("jobs")) {
      object
          .number("jobs_per_message", jobsPerMessage)
          .number("jobs_waiting", jobsWaiting(queue.description()));
    }
    return object.end();
  }

  private static void addTo(JsonLine object, Description queue) {
    object
        .number("waiting", queue.counts().waiting())
        .number("in_flight", queue.counts().inFlight())
        .number("delayed", queue.counts().delayed());
    SqsQueues.Policy policy = queue.policy();
    policy.retention().ifPresent(kept -> object.number("retention_secs", kept.toSeconds()));
    policy.maxMessageBytes().ifPresent(bytes -> object.number("max_message_bytes", bytes));
    policy.maxReceiveCount().ifPresent(count -> object.number("redrive_max_receive_count", count));
    queue.redriveTo().ifPresent(to -> object.text("redrive_queue", to));
  }
}
