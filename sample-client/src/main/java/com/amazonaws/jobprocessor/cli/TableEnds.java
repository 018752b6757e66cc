package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Jobs of which no result will come, as the job table says: they were cancelled, or had ended
 * before, and somebody else has read their results. Looked at only while nothing comes.
 */
final class TableEnds {
  /** For so long no job has ended, and nothing else has come. */
  static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * While others' results come, ours may be behind them: they are passed at hundreds a second, and
   * that is waited for so much longer.
   */
  static final Duration CROWD = Duration.ofSeconds(50);

  /** What ended longer ago has had time for its result to come; clocks may differ by a minute. */
  static final Duration OLD = Duration.ofMinutes(2);

  /** Jobs that are looked at together: ten calls. */
  static final int MAX_JOBS = 1_000;

  /** There is no job table. */
  static final TableEnds NONE =
      new TableEnds(_ -> Map.of(), InstantSource.system(), System::nanoTime, _ -> {});

  /** The jobs that are waited for. */
  interface Waiting {
    /** The moment of {@link System#nanoTime} at which one has ended last. */
    long lastEnd();

    /** Some that have no end, at most so many; others at the next call, if there are more. */
    List<String> nextOpen(int max);

    /** A job has ended, and nothing will come of it that is not known: its state says why. */
    void endedBefore(String id, String state);
  }

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

  /** By the records of a table. */
  static TableEnds of(Records records, Subcommand command) {
    return new TableEnds(
        ids -> {
          Records.Found found = command.stop().reading(() -> records.read(ids));
          return ids.stream()
              .filter(id -> found.of(id) != null)
              .collect(Collectors.toMap(id -> id, found::of));
        },
        InstantSource.system(),
        System::nanoTime,
        e -> command.say("cannot look into the job table: " + Failures.messageOf(e)));
  }

  /**
   * Looks at some of the open jobs, if nothing has come, and nobody has looked, for a while.
   *
   * @param lastMessage the moment of {@link System#nanoTime} at which a result of any job has come
   */
  void lookIfQuiet(Waiting jobs, long lastMessage) throws InterruptedException {
    if (this == NONE || failed) {
      return;
    }
    long now = nanoTime.getAsLong();
    long lastEnd = jobs.lastEnd();
    long crowd = Math.clamp(lastMessage - lastEnd, 0, CROWD.toNanos());
    if (now - Math.max(lastLook, lastEnd + crowd) < QUIET.toNanos()) {
      return;
    }
    lastLook = now;
    try {
      look(jobs);
    } catch (CallFailed e) {
      failed = true;
      onFailure.accept(e);
    } catch (Stop.Asked e) {
      // whoever waits sees it as well, and says what is open
    }
  }

  private void look(Waiting jobs) throws CallFailed, InterruptedException {
    Instant old = clock.instant().minus(OLD);
    List<String> some = jobs.nextOpen(MAX_JOBS);
    if (some.isEmpty()) {
      return;
    }
    table
        .read(some)
        .forEach(
            (id, record) -> {
              if (isOver(record, old)) {
                jobs.endedBefore(id, record.state());
              }
            });
  }

  /**
   * Says of which jobs nothing came.
   *
   * @param before their states by their ids
   */
  static void say(Map<String, String> before, Subcommand command) {
    Map<String, List<String>> states = new TreeMap<>();
    before.forEach((id, state) -> states.computeIfAbsent(state, _ -> new ArrayList<>()).add(id));
    states.forEach(
        (state, ids) ->
            command.say(
                "no result came: "
                    + ids.size()
                    + (ids.size() == 1 ? ", " : ", the first ")
                    + ids.getFirst()
                    + " ("
                    + state
                    + " in the job table; sample-client status shows more)"));
  }

  /** True if some of these states are not that of a result. */
  static boolean haveFailed(Map<String, String> before) {
    return before.values().stream().anyMatch(state -> !state.equals("SUCCEEDED"));
  }

  private static boolean isOver(JobRecord record, Instant old) {
    return switch (record.state()) {
      case "CANCELLED" -> true;
      case "SUCCEEDED", "DEAD" -> record.finishedAt() != null && record.finishedAt().isBefore(old);
      default -> false;
    };
  }
}
