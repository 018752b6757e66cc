package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs one workload with an executor's old jar, then with its new one; says what differs. */
final class Comparison {
  private static final int MAX_SHOWN = 10;

  private final Subcommand command;
  private final Complaints complaints;
  private final Configuration configuration;
  private final Settings.Work work;
  private final String file;
  private final boolean json;

  /** What a jar made of the workload. */
  private record Side(String name, LocalTally tally, EndFile ends) {}

  Comparison(
      Subcommand command,
      Configuration configuration,
      Settings.Work work,
      String file,
      boolean json) {
    this.command = command;
    this.complaints = new Complaints(command);
    this.configuration = configuration;
    this.work = work;
    this.file = file;
    this.json = json;
  }

  /**
   * Compares.
   *
   * @return the exit status: 4 if an end of a job differs
   */
  int run(Path oldJar, Path newJar) throws Exception {
    try (JarFolder oldJars = JarFolder.of(command, "--compare", oldJar);
        JarFolder newJars = JarFolder.of(command, "--compare", newJar);
        EndFile oldEnds = new EndFile();
        EndFile newEnds = new EndFile()) {
      Side before = side(oldJars, oldEnds, "OLD");
      Side after = side(newJars, newEnds, "NEW");
      long different = differences(before, after);
      print(before, after, different);
      if (different > 0) {
        return Subcommand.ENDED_WITHOUT_RESULT;
      }
      return before.tally().bad() > 0 ? Subcommand.INCOMPLETE : Subcommand.DONE;
    }
  }

  private Side side(JarFolder jars, EndFile ends, String which) throws Exception {
    try (LoadedExecutor executor =
            LocalSettings.load(configuration.settings().executor(), jars.folder());
        InputStream in = Input.open(file)) {
      LocalBacklog backlog = new LocalBacklog();
      LocalTally tally = new LocalTally();
      LocalWorker worker =
          new LocalWorker(
              work,
              configuration.secrets(),
              executor,
              backlog,
              new LocalWorker.Readers(
                  results -> results.forEach(result -> ended(ends, result)),
                  _ -> {},
                  event -> {
                    tally.accept(event);
                    note(ends, event);
                  },
                  Traces.NONE));
      LinePump pump =
          new LinePump(in, backlog, true, (line, why) -> badLine(tally, which, line, why));
      pump.start();
      LocalRun.End end = LocalRun.run(worker, backlog, command.stop(), () -> {});
      check(end, worker, pump, which, tally);
      return new Side(which, tally, ends);
    }
  }

  private void badLine(LocalTally tally, String which, long number, String problem) {
    tally.badLine();
    if (which.equals("OLD")) {
      complaints.say(Input.line(number, file) + " " + problem);
    }
  }

  private void check(
      LocalRun.End end, LocalWorker worker, LinePump pump, String which, LocalTally tally) {
    if (end == LocalRun.End.STOPPED) {
      throw new UserError(
          "interrupted: " + which + " had done " + Text.count(tally.ended(), "job") + " by then");
    }
    if (end == LocalRun.End.FAILED) {
      throw new UserError(which + ": " + worker.failure());
    }
    if (pump.failure() instanceof IOException e) {
      throw Input.unreadable(file, e);
    }
    if (pump.failure() != null) {
      throw new UserError("cannot go on: " + Failures.messageOf(pump.failure()));
    }
  }

  private static long number(String id) {
    return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
  }

  private static void ended(EndFile ends, Delivery message) {
    JobResult result = JobResult.in(message).readable().getFirst();
    ends.put(number(result.jobId()), new EndFile.End(false, result.body()));
  }

  private static void note(EndFile ends, WorkEvent event) {
    switch (event) {
      case WorkEvent.Ran ran -> ends.ran(number(ran.jobId()), ran.took().toNanos());
      case WorkEvent.DeadLettered dead ->
          ends.put(
              number(dead.failure().jobId()),
              new EndFile.End(
                  true, dead.failure().type() + ": " + withoutPlace(dead.failure().message())));
      default -> {}
    }
  }

  /** Without the places in the code, which differ from jar to jar. */
  private static String withoutPlace(String message) {
    return message.replaceFirst("; at [^;]+\\([^()]*\\)$", "");
  }

  private long differences(Side before, Side after) {
    long different = 0;
    long highest = Math.max(before.ends().highest(), after.ends().highest());
    for (long number = 1; number <= highest; number++) {
      EndFile.End old = before.ends().get(number);
      EndFile.End now = after.ends().get(number);
      if (old != null && now != null && !old.equals(now)) {
        different++;
        tell(number, old, now, different);
      }
    }
    return different;
  }

  private void tell(long number, EndFile.End old, EndFile.End now, long count) {
    if (json) {
      command
          .out()
          .println(
              new JsonLine()
                  .text(MessageFormat.JOB_ID, "local-" + number)
                  .number("line", number)
                  .text(old.failed() ? "old_error" : "old_result", old.text())
                  .text(now.failed() ? "new_error" : "new_result", now.text())
                  .end());
    } else if (count <= MAX_SHOWN) {
      command.out().println("line " + number);
      command.out().println("  OLD  " + old.inWords(200));
      command.out().println("  NEW  " + now.inWords(200));
    } else if (count == MAX_SHOWN + 1) {
      command.out().println("... more differences are counted only; --json shows all");
    }
  }

  private void print(Side before, Side after, long different) {
    if (json) {
      JsonLine line = new JsonLine().number("different", different);
      line.number("jobs", after.tally().ended()).number("bad_lines", after.tally().bad());
      addTo(line, "old", before);
      addTo(line, "new", after);
      command.out().println(line.end());
    } else {
      Table table =
          new Table(
              List.of(
                  Table.Column.of(""),
                  Table.Column.number("JOBS"),
                  Table.Column.number("RESULTS"),
                  Table.Column.number("FAILED"),
                  Table.Column.number("SECONDS"),
                  Table.Column.number("JOBS/S"),
                  Table.Column.number("MEDIAN_MS"),
                  Table.Column.number("P95_MS")));
      table.add(row(before));
      table.add(row(after));
      table.print(command.out(), Terminal.width());
      command
          .out()
          .println(
              different == 0
                  ? "every job ended in the same way"
                  : Text.count(different, "job")
                      + " of "
                      + after.tally().ended()
                      + " ended otherwise");
    }
    command.out().flush();
  }

  private static double seconds(Side side) {
    return side.tally().time().toNanos() / 1e9;
  }

  /** Milliseconds that the given part of the jobs did not exceed. */
  private static double percentile(long[] times, double part) {
    return times.length == 0
        ? 0
        : times[(int) Math.min(times.length - 1, times.length * part)] / 1e6;
  }

  private static void addTo(JsonLine line, String prefix, Side side) {
    long[] times = side.ends().times();
    line.number(prefix + "_results", side.tally().results())
        .number(prefix + "_failed", side.tally().failed())
        .number(prefix + "_seconds", LocalSummary.number(seconds(side), 6))
        .number(prefix + "_median_millis", LocalSummary.number(percentile(times, 0.5), 6))
        .number(prefix + "_p95_millis", LocalSummary.number(percentile(times, 0.95), 6));
  }

  private static List<String> row(Side side) {
    double seconds = seconds(side);
    long[] times = side.ends().times();
    List<String> row = new ArrayList<>(List.of(side.name()));
    row.add(Long.toString(side.tally().ended()));
    row.add(Long.toString(side.tally().results()));
    row.add(Long.toString(side.tally().failed()));
    row.add(LocalSummary.decimal(seconds, 2));
    row.add(LocalSummary.decimal(seconds == 0 ? 0 : side.tally().ended() / seconds, 1));
    row.add(LocalSummary.decimal(percentile(times, 0.5), 3));
    row.add(LocalSummary.decimal(percentile(times, 0.95), 3));
    return row;
  }
}
