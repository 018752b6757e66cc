package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code status}: what the job table knows of jobs. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Asks the job table (the worker's job_table_name) what became of jobs, by their ids.",
      "QUEUED: given back, to be taken again. RUNNING, SUCCEEDED, DEAD. FAILED: will be tried again.",
      "A job that is not in the table waits in the backlog, or there is none of this id: workers make the records."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all jobs are in the table",
      "1:something went wrong",
      "2:the command line makes no sense",
      "3:some jobs are not in the table; standard error says which"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client status --job-table jobs abc123-1 abc123-2",
      "  sample-client status --job-table jobs --ids ids.txt --json"
    })
final class Status extends Subcommand {
  private static final int MAX_NOTE = 300;

  @Parameters(arity = "0..*", paramLabel = "JOB_ID", description = "ids of the jobs")
  private Set<String> jobIds = new LinkedHashSet<>();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "file of ids, one a line; - is standard input")
  private String idsFile;

  @Option(
      names = "--job-table",
      paramLabel = "NAME",
      required = true,
      description = "the worker's job_table_name")
  private String table;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    Set<String> ids = new LinkedHashSet<>(jobIds);
    if (idsFile != null) {
      ids.addAll(Input.ids(idsFile, stop()));
    }
    if (ids.isEmpty()) {
      throw wrong("which jobs? give their ids, or --ids FILE");
    }
    Map<String, JobRecord> records;
    try (AwsSession aws = connection.open()) {
      records = read(aws.jobTable(table, backlog.name), ids);
    }
    print(ids.stream().filter(records::containsKey).map(records::get).toList());
    List<String> unknown = ids.stream().filter(id -> !records.containsKey(id)).toList();
    unknown.forEach(
        id ->
            say("not in the table: " + id + " (it waits in the backlog, or there is no such job)"));
    return unknown.isEmpty() ? DONE : INCOMPLETE;
  }

  private Map<String, JobRecord> read(JobTableReader reader, Set<String> ids)
      throws CallFailed, InterruptedException {
    Map<String, JobRecord> records = new HashMap<>();
    ArrayDeque<String> left = new ArrayDeque<>(ids);
    try {
      while (!left.isEmpty()) {
        List<String> some = new ArrayList<>();
        while (some.size() < JobTableReader.MAX_KEYS && !left.isEmpty()) {
          some.add(left.remove());
        }
        JobTableReader.Page page = retry().call(() -> reader.read(some));
        records.putAll(page.records());
        left.addAll(page.unread());
      }
    } catch (CallFailed e) {
      if (JobTableReader.isMissing(e)) {
        throw new UserError(
            "there is no table \"" + table + "\" in this region; check --job-table and --region");
      }
      throw e;
    }
    return records;
  }

  private void print(List<JobRecord> records) {
    if (json) {
      records.forEach(record -> out().println(object(record)));
    } else {
      Table rows =
          new Table(
              List.of(
                  Table.Column.of("JOB_ID"),
                  Table.Column.of("STATE"),
                  Table.Column.of("ATTEMPTS"),
                  Table.Column.of("WORKER"),
                  Table.Column.of("STARTED"),
                  Table.Column.of("FINISHED"),
                  Table.Column.shrinking("RESULT_OR_ERROR")));
      records.forEach(record -> rows.add(row(record)));
      rows.print(out(), Terminal.width());
    }
    out().flush();
  }

  private static List<String> row(JobRecord record) {
    return List.of(
        Text.oneLine(record.jobId()),
        Text.oneLine(record.state()),
        Integer.toString(record.attempts()),
        Text.oneLine(record.workerId()),
        time(record.startedAt(), ChronoUnit.SECONDS),
        time(record.finishedAt(), ChronoUnit.SECONDS),
        Text.cell(note(record), MAX_NOTE));
  }

  private static String time(Instant time, ChronoUnit unit) {
    return time == null ? "" : time.truncatedTo(unit).toString();
  }

  private static String note(JobRecord record) {
    if (!record.errorType().isEmpty()) {
      return record.errorType() + ": " + record.errorMessage();
    }
    return switch (record.result()) {
      case null -> "";
      case JobTable.Result.Text result -> result.text();
      case JobTable.Result.Stored _ -> "(in S3)";
      case JobTable.Result.Sent _ -> "(in the results queue)";
    };
  }

  private static String object(JobRecord record) {
    JsonLine line =
        new JsonLine()
            .text("job_id", record.jobId())
            .text("state", record.state())
            .number("attempts", record.attempts())
            .number("deaths", record.deaths())
            .text("worker_id", record.workerId());
    if (record.startedAt() != null) {
      line.text("started_at", time(record.startedAt(), ChronoUnit.MILLIS));
    }
    if (record.finishedAt() != null) {
      line.text("finished_at", time(record.finishedAt(), ChronoUnit.MILLIS));
    }
    if (record.duration() != null) {
      line.number("duration_millis", record.duration().toMillis());
    }
    if (!record.errorType().isEmpty()) {
      line.text("error_type", record.errorType()).text("error_message", record.errorMessage());
    }
    switch (record.result()) {
      case null -> {}
      case JobTable.Result.Text result -> line.text("result", result.text());
      case JobTable.Result.Stored result -> line.text("result_pointer", result.pointer());
      case JobTable.Result.Sent _ -> line.flag("result_sent", true);
    }
    return line.end();
  }
}
