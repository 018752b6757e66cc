package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.read.Records;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: what the job table knows of jobs. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the job table (the worker's job_table_name) what became of jobs, by their ids.",
      "QUEUED: submitted with --job-table or by an application, or given back. RUNNING. FAILED: will be"
          + " tried again. SUCCEEDED. DEAD: has a dead letter. CANCELLED.",
      "A job that is not in the table waits in the backlog, or there is none of this id: its record is"
          + " made when a worker receives it, if it was not made when the job was submitted."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all jobs are in the table; with --watch: all have succeeded",
      "1:something went wrong",
      "2:the command line is invalid",
      "3:some jobs are not in the table; standard error says which",
      "4:--watch: all have ended, but some are DEAD or CANCELLED",
      "5:--watch: some have not ended within --timeout",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client status --job-table jobs abc123-1 abc123-2",
      "  sample-client status --job-table jobs --ids ids.txt --json",
      "  sample-client status --job-table jobs --ids ids.txt --watch"
    })
final class Status extends Subcommand {
  @Mixin private JobIds jobs;

  @Mixin private TableName.Needed table;

  @Option(
      names = "--watch",
      description =
          "look again and again until all have ended: on a terminal the table is drawn anew, "
              + "elsewhere there is a line for each job and each change. A look costs half a read "
              + "unit a job (4 KB) that has not ended, at most once a second, and every ten if "
              + "nothing changes")
  private boolean watch;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "with --watch: give up when some have not ended after so many seconds")
  private Integer timeout;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    Set<String> ids = jobs.read(this);
    if (timeout != null && !watch) {
      throw wrong("--timeout: it is for --watch");
    }
    checkRange("--timeout", timeout == null ? 1 : timeout, 1, 10_000_000, " seconds");
    Records.Found records;
    try (AwsSession aws = connection.open()) {
      Records reader = new Records(aws.jobTable(table.name, backlog.name), retry());
      if (watch) {
        return watch(reader, ids);
      }
      records = stop().reading(() -> reader.read(ids));
    }
    print(ids.stream().map(records::of).filter(Objects::nonNull).toList());
    List<String> unknown = ids.stream().filter(id -> records.of(id) == null).toList();
    unknown.forEach(
        id ->
            say("not in the table: " + id + " (it waits in the backlog, or there is no such job)"));
    return unknown.isEmpty() ? DONE : INCOMPLETE;
  }

  private int watch(Records records, Set<String> ids) throws Exception {
    boolean redraws = !json && Terminal.canRedraw();
    StatusWatch.View view = new StatusWatch.View(out(), json, redraws, Terminal.size());
    StatusWatch watching = new StatusWatch(records, ids, view, stop());
    boolean over =
        watching.run(timeout == null ? Duration.ofDays(3_650) : Duration.ofSeconds(timeout));
    if (!redraws) {
      say((stop().isAsked() ? "interrupted: " : "") + watching.inWords());
    }
    if (!over) {
      return stop().isAsked() ? FAILED : TIMED_OUT;
    }
    return watching.counts().keySet().equals(Set.of("SUCCEEDED")) ? DONE : ENDED_WITHOUT_RESULT;
  }

  private void print(List<JobRecord> records) {
    if (json) {
      records.forEach(record -> out().println(StatusText.addTo(new JsonLine(), record).end()));
    } else {
      Table rows = StatusText.table();
      records.forEach(record -> rows.add(StatusText.row(record)));
      rows.print(out(), Terminal.width());
    }
    out().flush();
  }
}
