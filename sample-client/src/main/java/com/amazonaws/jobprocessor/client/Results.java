package com.amazonaws.jobprocessor.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.sqs.SqsClient;

/** {@code results}: collects what workers have answered. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    description = {
      "Collects results and prints each once, as \"job_id TAB result\" (control characters escaped) or as JSON.",
      "A result is deleted from the queue only after it was printed; results of other jobs are left for their owners.",
      "Without --expect or --ids it ends when the queue is empty."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all are there",
      "1:something went wrong",
      "2:the command line makes no sense",
      "3:some are missing; standard error says which"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client results --ids ids.txt --timeout 600",
      "  sample-client results --expect 1000 --json > results.jsonl"
    })
final class Results implements Callable<Integer> {
  private static final int MOST_MISSING_SHOWN = 20;
  private static final Duration LONG_POLL = Duration.ofSeconds(20);

  /** Long enough to print ten results, payloads of 64 MiB included, and to delete them. */
  private static final Duration WHILE_PRINTED = Duration.ofMinutes(5);

  /**
   * Results of others go back to them so soon, but not so soon that we receive nothing else: after
   * twice the time whenever we meet them again.
   */
  private static final Duration STRANGERS = Duration.ofSeconds(10);

  private static final int MOST_DOUBLINGS = 5;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "wait for the results of N different jobs")
  private Integer expect;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "wait for the results of just these jobs, an id a line, as submit --ids prints them")
  private Path idsFile;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "give up after so many seconds (default: ${DEFAULT-VALUE})")
  private int timeout;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Option(names = "--keep", description = "leave the results in the queue")
  private boolean keep;

  @Mixin private Queues.ResultQueue queue;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final Set<String> found = new HashSet<>();
  private final Set<String> unreadable = new HashSet<>();
  private final Map<String, Integer> met = new HashMap<>();
  private Bucket bucket;
  private Set<String> wanted = Set.of();
  private long duplicates;

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkOptions();
    wanted = idsFile == null ? Set.of() : readIds();
    try (SqsClient sqs = connection.open();
        Bucket opened = payloadBucket.open(connection);
        Inbox inbox =
            new Inbox(
                sqs,
                Connection.urlOf(sqs, queue.name, "--results-queue"),
                keep ? Duration.ofSeconds(timeout + 60L) : WHILE_PRINTED);
        ProgressBar progress = progressBar()) {
      bucket = opened;
      collect(inbox, progress);
    }
    return report();
  }

  private void checkOptions() {
    if (expect != null && idsFile != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--expect and --ids: give one of them, not both");
    }
    if (expect != null && expect < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--expect: allowed is a number from 1");
    }
    if (timeout < 1 || timeout > 43_000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--timeout: allowed are 1 to 43000 seconds");
    }
  }

  private Set<String> readIds() {
    try {
      Set<String> ids = new LinkedHashSet<>(Files.readAllLines(idsFile));
      ids.remove("");
      return ids;
    } catch (IOException e) {
      throw new UserError(
          "cannot read the ids in \"" + idsFile + "\": " + e.getClass().getSimpleName());
    }
  }

  private ProgressBar progressBar() {
    int goal = goal();
    return Text.isErrATerminal()
        ? new ProgressBarBuilder()
            .setTaskName("results")
            .setInitialMax(goal == 0 ? -1 : goal)
            .setUnit(" jobs", 1)
            .build()
        : null;
  }

  /** How many different jobs are to be collected; 0 if all that are there. */
  private int goal() {
    return expect != null ? expect : wanted.size();
  }

  private boolean hasGoal() {
    return expect != null || idsFile != null;
  }

  private void collect(Inbox inbox, ProgressBar progress) throws IOException, InterruptedException {
    Printer printer = new Printer(spec.commandLine().getOut(), json);
    long deadline = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    while (!hasGoal() || found.size() + unreadable.size() < goal()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      Duration wait =
          Duration.ofNanos(left).compareTo(LONG_POLL) < 0 ? Duration.ofNanos(left) : LONG_POLL;
      List<Received> messages = inbox.receive(wait);
      if (messages.isEmpty() && !hasGoal()) {
        return;
      }
      int before = found.size();
      take(messages, printer, inbox);
      if (progress != null) {
        progress.stepBy(found.size() - before);
      }
    }
  }

  private void take(List<Received> messages, Printer printer, Inbox inbox)
      throws IOException, InterruptedException {
    List<Received> done = new ArrayList<>();
    List<Received> strangers = new ArrayList<>();
    for (Received message : messages) {
      if (idsFile != null && !wanted.contains(message.jobId())) {
        strangers.add(message);
      } else if (found.contains(message.jobId())) {
        duplicates++;
        done.add(message);
      } else if (hasRoom() && print(message, printer)) {
        done.add(message);
      }
    }
    printer.flush();
    if (!keep) {
      inbox.delete(done);
      bucket.delete(
          done.stream().filter(Received::isPointer).map(Received::body).toList(),
          spec.commandLine().getErr());
    }
    giveBack(strangers, inbox);
  }

  private void giveBack(List<Received> strangers, Inbox inbox) {
    Map<Integer, List<Received>> byTimesMet =
        strangers.stream()
            .collect(
                Collectors.groupingBy(
                    stranger ->
                        Math.min(
                            met.merge(stranger.messageId(), 1, Integer::sum) - 1, MOST_DOUBLINGS)));
    byTimesMet.forEach(
        (times, messages) -> inbox.showIn(STRANGERS.multipliedBy(1L << times), messages));
  }

  /** Prints a result; false if its payload cannot be had, and then it stays in the queue. */
  private boolean print(Received message, Printer printer)
      throws IOException, InterruptedException {
    String id = message.jobId();
    try {
      printer.result(bucket.fetch(message));
    } catch (Bucket.Unusable e) {
      if (unreadable.add(id)) {
        spec.commandLine()
            .getErr()
            .println(
                "sample-client: " + Text.oneLine("the result of " + id + " " + e.getMessage()));
      }
      return false;
    }
    unreadable.remove(id); // a copy may have a payload where another has none
    found.add(id);
    return true;
  }

  private boolean hasRoom() {
    return expect == null || found.size() < expect;
  }

  private int report() {
    PrintWriter err = spec.commandLine().getErr();
    if (duplicates > 0) {
      err.println("sample-client: " + duplicates + " copies of results were left out");
    }
    if (!unreadable.isEmpty()) {
      err.println("sample-client: " + unreadable.size() + " results stay in the queue unread");
      return SampleClient.FAILED;
    }
    int missing = Math.max(0, goal() - found.size());
    if (missing == 0) {
      return 0;
    }
    err.println(
        "sample-client: "
            + missing
            + " of "
            + goal()
            + " results are missing after "
            + timeout
            + " s"
            + (idsFile == null ? "" : ":"));
    wanted.stream()
        .filter(id -> !found.contains(id))
        .limit(MOST_MISSING_SHOWN)
        .forEach(id -> err.println("  " + Text.oneLine(id)));
    if (idsFile != null && missing > MOST_MISSING_SHOWN) {
      err.println("  ... and " + (missing - MOST_MISSING_SHOWN) + " more");
    }
    return SampleClient.INCOMPLETE;
  }
}
