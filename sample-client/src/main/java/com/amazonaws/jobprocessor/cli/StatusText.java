package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the job table knows of a job, in a row or a JSON object. */
final class StatusText {
  /** The state of a job that is not in the table. */
  static final String NO_RECORD = "NO_RECORD";

  private static final int MAX_NOTE = 300;

  private StatusText() {}

  /** A table without rows. */
  static Table table() {
    return new Table(
        List.of(
            Table.Column.of("JOB_ID"),
            Table.Column.of("STATE"),
            Table.Column.of("ATTEMPTS"),
            Table.Column.of("WORKER"),
            Table.Column.of("STARTED"),
            Table.Column.of("FINISHED"),
            Table.Column.shrinking("RESULT_OR_ERROR")));
  }

  static List<String> row(JobRecord record) {
    return List.of(
        Text.oneLine(record.jobId()),
        Text.oneLine(record.state()),
        Integer.toString(record.attempts()),
        Text.oneLine(record.workerId()),
        time(record.startedAt(), ChronoUnit.SECONDS),
        time(record.finishedAt(), ChronoUnit.SECONDS),
        note(record));
  }

  /** The row of a job that is not in the table. */
  static List<String> row(String jobId) {
    return List.of(Text.oneLine(jobId), NO_RECORD, "", "", "", "", "");
  }

  static String time(Instant time, ChronoUnit unit) {
    return time == null ? "" : time.truncatedTo(unit).toString();
  }

  /** The result or the error, on one line. */
  static String note(JobRecord record) {
    return Text.cell(whole(record), MAX_NOTE);
  }

  private static String whole(JobRecord record) {
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

  /** Adds what is known to an object. */
  static JsonLine addTo(JsonLine line, JobRecord record) {
    line.text("job_id", record.jobId())
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
    return line;
  }
}
