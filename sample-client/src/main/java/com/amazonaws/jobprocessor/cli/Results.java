package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.port.Backlog;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code results}: collects what workers have answered. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    description = {
      "Collects results, and prints each once.",
      "A line is \"job_id TAB result\", control characters escaped and each backslash "
          + "doubled; --format json and csv have the result as it is.",
      "A result is deleted from the queue only after it was printed; results of other jobs "
          + "are left for their owners.",
      "Packed results are printed as single ones are; their message is deleted when all of "
          + "them were printed.",
      "With --ids it looks into the dead letters too, and ends as soon as each job has an "
          + "end. With --job-table as well, jobs that were cancelled, or whose results somebody "
          + "else has read, are named and not waited for.",
      "Without --expect or --ids it ends when nothing has come for 20 seconds, or after "
          + "--timeout, with 5 if results still came.",
      "A copy, which SQS or a worker that died can make, is not printed: of --ids and "
          + "--expect never, else if it comes among the next 500,000 results. Those are all that "
          + "is remembered, in 64 MB however long --follow goes on; a command that is killed "
          + "between a print and its delete leaves up to ten results to be printed again by the "
          + "next."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all results are there",
      "1:something went wrong",
      "2:the command line is invalid",
      "3:every job has ended, but of some no result came, since it was read before (--job-table)",
      "4:every job has ended, but some failed for good or were cancelled (--ids); standard error says which and why",
      "5:some are missing, or still came, after --timeout; standard error says which",
      "130, 143:stopped by Ctrl-C or SIGTERM; what was not printed is in the queue"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client results --ids ids.txt --timeout 600",
      "  sample-client submit --ids jobs.txt | sample-client results --ids -",
      "  sample-client results --expect 1000 --format json > results.jsonl",
      "  sample-client results --follow --format csv >> results.csv",
      "  sample-client results --keep | head     # what head does not show stays in the queue"
    })
final class Results extends Subcommand {
  private static final int MAX_SHOWN = 20;
  private static final int MAX_SECONDS = 10_000_000;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "wait for the results of N different jobs")
  private Integer expect;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "wait for just these jobs, an id a line, as submit --ids prints them; - is standard input")
  private String idsFile;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "give up after so many seconds (default: 300 with --ids or --expect, else there is no limit)")
  private Integer timeout;

  @Mixin private Format.Options format;

  @Option(
      names = "--follow",
      description =
          "go on until Ctrl-C, or for --timeout seconds; the queue need not hold anything yet")
  private boolean follow;

  @Option(
      names = "--joblog",
      paramLabel = "FILE",
      description =
          "write a line for each job that has ended, in the columns of GNU parallel; Command is its id")
  private String logName;

  @Option(names = "--keep", description = "leave the results in the queue")
  private boolean keep;

  @Option(
      names = TableName.OPTION,
      paramLabel = "NAME",
      description =
          "with --ids: the workers' job_table_name. When nothing has come for ten seconds it "
              + "is asked, and jobs that were cancelled, or ended more than two minutes ago, are not "
              + "waited for")
  private String table;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.ResultQueue queue;
  @Mixin private Queues.DeadLetterQueue deadLetters;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;

  private Set<String> wanted;

  @Override
  public Integer call() throws Exception {
    checkOptions();
    wanted = idsFile == null ? null : Input.ids(idsFile, stop());
    if (wanted != null && wanted.isEmpty()) {
      say("there are no ids in \"" + idsFile + "\"");
    }
    Printer printer = new Printer(out(), format.chosen(this));
    Collector.Goal goal = new Collector.Goal(wanted, follow ? Integer.MAX_VALUE : count(), keep);
    try (AwsSession aws = connection.open();
        JobLog log = log();
        Terminal.Progress progress = Terminal.progress("results", Math.max(-1, count()))) {
      SqsQueue results = Connection.queue(aws, stop(), queue.name, Queues.RESULTS);
      Bucket bucket = payloadBucket.open(aws, retry());
      printer.begin();
      try (DeadLetterWatch watch = watch(aws, log);
          Inbox inbox = new Inbox(aws.backlog(results), stop())) {
        ResultPrinting printing = new ResultPrinting(this, printer, bucket, progress, log);
        Collector collector = new Collector(inbox, goal, printing, stop());
        boolean over = collector.collect(WaitOptions.patience(timeout, count()), watch, ends(aws));
        progress.finish();
        return report(collector, over);
      }
    }
  }

  private void checkOptions() {
    if (expect != null && idsFile != null) {
      throw wrong("--expect and --ids: give one of them, not both");
    }
    if (follow && (expect != null || idsFile != null)) {
      throw wrong("--follow has no end to wait for: leave out --expect and --ids");
    }
    if (idsFile == null && table != null) {
      throw wrong(TableName.OPTION + ": it is for --ids");
    }
    Queues.checkDistinct(this, backlog.name, queue.name, deadLetters.name);
    checkRange("--expect", expect == null ? 1 : expect, 1, Integer.MAX_VALUE, "");
    checkRange("--timeout", timeout == null ? 1 : timeout, 1, MAX_SECONDS, " seconds");
  }

  private TableEnds ends(AwsSession aws) throws Exception {
    return table == null
        ? TableEnds.NONE
        : TableEnds.of(new Records(aws.jobTable(table, backlog.name), retry()), this);
  }

  /** How many different jobs are to be collected; -1 if all that are there. */
  private int count() {
    return expect != null ? expect : wanted != null ? wanted.size() : -1;
  }

  private JobLog log() {
    long[] count = new long[1];
    return logName == null ? JobLog.NONE : JobLog.create(logName, _ -> ++count[0]);
  }

  private DeadLetterWatch watch(AwsSession aws, JobLog log) throws Exception {
    Backlog letters = null;
    if (wanted != null && !wanted.isEmpty()) {
      var queues = aws.queues();
      var found = read(() -> queues.find(deadLetters.name));
      if (found.isEmpty() && isGiven(Queues.DEAD_LETTERS)) {
        throw new UserError(
            "there is no queue \"" + deadLetters.name + "\"; check " + Queues.DEAD_LETTERS);
      }
      if (found.isEmpty()) {
        Queues.sayThatNoneHasDeadLetters(this, deadLetters.name);
      } else {
        letters = aws.backlog(found.get());
      }
    }
    return new DeadLetterWatch(
        letters, wanted, stop(), this::say, (id, _, letter) -> log.failure(id, letter));
  }

  /**
   * Says how it went; returns the exit status.
   *
   * @param over false if it ended since the time was over
   */
  private int report(Collector collector, boolean over) {
    if (collector.copies() > 0) {
      say(
          collector.copies()
              + (collector.copies() == 1 ? " copy was" : " copies were")
              + " left out");
    }
    if (stop().isAsked()) {
      say(
          "interrupted: "
              + Text.count(collector.found().size(), "result")
              + " printed; what was not printed is in the queue");
      return FAILED;
    }
    if (collector.shared() > 0) {
      say(
          Text.count(collector.shared(), "packed message")
              + " left in the queue, with results of other jobs too");
    }
    sayDead(collector);
    if (collector.unreadable() > 0) {
      say(Text.count(collector.unreadable(), "result") + " left in the queue unread");
      return FAILED;
    }
    Map<String, String> before = collector.before();
    TableEnds.say(before, this);
    long missing =
        Math.max(0, count() - collector.found().size() - collector.dead().size() - before.size());
    if (missing > 0) {
      sayMissing(collector, missing);
      return TIMED_OUT;
    }
    if (!over && count() < 0 && !follow && !collector.isQuiet()) {
      say("stopped after " + timeout + " s; more results may be in the queue");
      return TIMED_OUT;
    }
    if (!collector.dead().isEmpty() || TableEnds.haveFailed(before)) {
      return ENDED_WITHOUT_RESULT;
    }
    return before.isEmpty() ? DONE : INCOMPLETE;
  }

  private void sayDead(Collector collector) {
    int dead = collector.dead().size();
    if (dead == 0) {
      return;
    }
    String counts =
        Text.count(collector.found().size(), "result") + ", " + Text.count(dead, "dead letter");
    if (dead == 1) {
      collector.dead().forEach((id, error) -> say(counts + ": " + id + " " + error));
      return;
    }
    say(counts + ":");
    collector.dead().entrySet().stream()
        .limit(MAX_SHOWN)
        .forEach(letter -> line(letter.getKey() + " " + letter.getValue()));
    if (dead > MAX_SHOWN) {
      line(
          "... and "
              + (dead - MAX_SHOWN)
              + " more; sample-client dead-letters"
              + Queues.asGiven(this, Queues.DEAD_LETTERS, deadLetters.name)
              + " lists them");
    }
  }

  private void sayMissing(Collector collector, long missing) {
    say(
        missing
            + " of "
            + count()
            + " results are missing after "
            + WaitOptions.patience(timeout, count()).toSeconds()
            + " s"
            + (wanted == null ? "" : ", and have no dead letter in \"" + deadLetters.name + "\":"));
    if (wanted == null) {
      return;
    }
    wanted.stream()
        .filter(id -> !collector.hasCome(id) && !collector.before().containsKey(id))
        .limit(MAX_SHOWN)
        .forEach(this::line);
    if (missing > MAX_SHOWN) {
      line("... and " + (missing - MAX_SHOWN) + " more");
    }
  }

  private void line(String text) {
    err().println("  " + Text.oneLine(text));
    err().flush();
  }
}
