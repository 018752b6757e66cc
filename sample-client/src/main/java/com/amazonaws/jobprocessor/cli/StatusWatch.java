package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.JobStatus;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Looks at jobs in the job table again and again, until all have ended. */
final class StatusWatch {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** A terminal shows so many jobs one by one, and counts of more. */
  private static final int MAX_ROWS = 30;

  /**
   * How what is seen is shown.
   *
   * @param json true for an object a change
   * @param redraws true if each look replaces the one before, on a terminal
   * @param size of the terminal
   */
  record View(PrintWriter out, boolean json, boolean redraws, Terminal.Size size) {}

  private final Records table;
  private final View view;
  private final Stop stop;
  private final Map<String, JobRecord> known = new LinkedHashMap<>();
  private final Set<String> left;
  private final Redrawing drawn;

  StatusWatch(Records table, Set<String> ids, View view, Stop stop) {
    this.table = table;
    this.left = new LinkedHashSet<>(ids);
    this.view = view;
    this.drawn = new Redrawing(view.out(), view.size());
    this.stop = stop;
    ids.forEach(id -> known.put(id, null));
  }

  /**
   * Watches until all have ended, the time is over or the command is stopped.
   *
   * @return true if all have ended
   */
  boolean run(Duration timeout) throws CallFailed, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration pause = SHORTEST;
    for (boolean first = true; ; first = false) {
      boolean changed;
      try {
        changed = look(first);
      } catch (Stop.Asked e) {
        if (first) {
          throw e;
        }
        return false;
      }
      if (left.isEmpty()) {
        return true;
      }
      pause = changed ? SHORTEST : pause.multipliedBy(3).dividedBy(2);
      pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
      Duration rest = Duration.ofNanos(deadline - System.nanoTime());
      if (rest.isNegative() || stop.await(rest.compareTo(pause) < 0 ? rest : pause)) {
        return false;
      }
    }
  }

  private boolean look(boolean first) throws CallFailed, InterruptedException {
    Records.Found records = stop.reading(() -> table.read(left));
    boolean changed = first;
    for (String id : List.copyOf(left)) {
      JobRecord record = records.of(id);
      boolean differs = first || !state(record).equals(state(known.get(id)));
      known.put(id, record);
      changed |= differs;
      if (differs && !view.redraws()) {
        print(id, record);
      }
      if (JobStatus.State.of(state(record)).isEnd()) {
        left.remove(id);
      }
    }
    if (view.redraws() && changed) {
      drawn.draw(table() + inWords() + '\n', inWords() + '\n');
    }
    if (view.out().checkError()) {
      throw new UserError("cannot write to standard output");
    }
    return changed;
  }

  private static String state(JobRecord record) {
    return record == null ? StatusText.NO_RECORD : record.state();
  }

  /** How many jobs are in each state, the jobs without a record among them. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    known.values().forEach(record -> counts.merge(state(record), 1, Integer::sum));
    return counts;
  }

  /** The counts in words, e.g. {@code 2 RUNNING, 17 SUCCEEDED}. */
  String inWords() {
    return String.join(
        ", ",
        counts().entrySet().stream()
            .map(state -> state.getValue() + " " + Text.oneLine(state.getKey()))
            .toList());
  }

  private void print(String id, JobRecord record) {
    Instant now = Instant.now();
    if (view.json()) {
      JsonLine line = new JsonLine().text("at", StatusText.time(now, ChronoUnit.MILLIS));
      view.out()
          .println(
              (record == null
                      ? line.text("job_id", id).text("state", StatusText.NO_RECORD)
                      : StatusText.addTo(line, record))
                  .end());
      return;
    }
    String note = record == null ? "" : StatusText.note(record);
    view.out()
        .println(
            StatusText.time(now, ChronoUnit.SECONDS)
                + " "
                + Text.oneLine(id)
                + " "
                + Text.oneLine(state(record))
                + (note.isEmpty() ? "" : " " + note));
  }

  private String table() {
    if (known.size() > MAX_ROWS) {
      return "";
    }
    Table rows = StatusText.table();
    known.forEach(
        (id, record) -> rows.add(record == null ? StatusText.row(id) : StatusText.row(record)));
    StringWriter table = new StringWriter();
    rows.print(new PrintWriter(table), view.size().columns());
    return table.toString();
  }
}
