package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Jobs of a run of which no result will come, as the job table says: they were cancelled, or had
 * ended before, and somebody else has read their results. Looked at only while nothing comes.
 */
final class TableEnds {
  /** For so long no job has ended. */
  static final Duration QUIET = Duration.ofSeconds(10);

  /** What ended longer ago has had time for its result to come; clocks may differ by a minute. */
  static final Duration OLD = Duration.ofMinutes(2);

  /** Jobs that are looked at together: ten calls. */
  static final int MAX_JOBS = 1_000;

  /** There is no job table. */
  static final TableEnds NONE =
      new TableEnds(_ -> Map.of(), InstantSource.system(), System::nanoTime, _ -> {});

  /** Reads records. */
  interface Table {
    /** By id; jobs without a record are left out. */
    Map<String, JobRecord> read(Collection<String> jobIds) throws CallFailed, InterruptedException;
  }

  private final Table table;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Consumer<CallFailed> onFailure;
  private long lastLook;
  private int lastLine;
  private boolean failed;

  /**
   * For one run.
   *
   * @param onFailure is told when the table cannot be read; it is not looked at again then
   */
  TableEnds(
      Table table, InstantSource clock, LongSupplier nanoTime, Consumer<CallFailed> onFailure) {
    this.table = table;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.onFailure = onFailure;
    this.lastLook = nanoTime.getAsLong();
  }

  /** Looks at some of the open jobs, if nothing has come, and nobody has looked, for a while. */
  void lookIfQuiet(Awaited jobs) throws InterruptedException {
    long now = nanoTime.getAsLong();
    if (this == NONE || failed || now - Math.max(lastLook, jobs.lastEnd()) < QUIET.toNanos()) {
      return;
    }
    lastLook = now;
    try {
      look(jobs);
    } catch (CallFailed e) {
      failed = true;
      onFailure.accept(e);
    }
  }

  private void look(Awaited jobs) throws CallFailed, InterruptedException {
    List<String> some = jobs.open(lastLine, MAX_JOBS);
    lastLine = some.size() < MAX_JOBS ? 0 : jobs.line(some.getLast());
    Instant old = clock.instant().minus(OLD);
    table
        .read(some)
        .forEach(
            (id, record) -> {
              if (isOver(record, old)) {
                jobs.endedBefore(id, record.state());
              }
            });
  }

  private static boolean isOver(JobRecord record, Instant old) {
    return switch (record.state()) {
      case "CANCELLED" -> true;
      case "SUCCEEDED", "DEAD" -> record.finishedAt() != null && record.finishedAt().isBefore(old);
      default -> false;
    };
  }
}
