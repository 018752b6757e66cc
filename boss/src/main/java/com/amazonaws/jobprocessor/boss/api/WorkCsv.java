package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.report.Line;
import com.amazonaws.jobprocessor.boss.store.WorkReports;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** A report on work as CSV. */
public final class WorkCsv {
  private WorkCsv() {}

  /** The report, a line each below a line of names. */
  public static String write(WorkReports.By by, WorkReports.Report report) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      write(csv, by, report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(CsvWriter csv, WorkReports.By by, WorkReports.Report report) {
    csv.writeRecord(
        by.text(),
        "succeeded",
        "failed",
        "busy_seconds",
        "occupied_seconds",
        "busy_share",
        "median_seconds",
        "per_hour",
        "first_answer_at",
        "last_answer_at",
        "out_of_line");
    Map<String, List<String>> marks = Insights.marks(by, report);
    for (Line line : report.lines()) {
      csv.writeRecord(
          Cells.of(line.name()),
          Long.toString(line.succeeded()),
          Long.toString(line.failed()),
          Double.toString(line.busySeconds()),
          Double.toString(line.occupiedSeconds()),
          Double.toString(line.busyShare()),
          Double.toString(line.medianSeconds()),
          Double.toString(line.perHour()),
          line.first().toString(),
          line.last().toString(),
          String.join("; ", marks.getOrDefault(line.name(), List.of())));
    }
  }
}
