package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Shows what further workers on the same backlog bring. */
final class Fleet {
  /**
   * Jobs for each slot of 10 ms each: a JVM that has done fewer is still compiling what it runs.
   */
  private static final int WARM_UP = 1_000;

  private static final int WARM_UP_MILLIS = 10;

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final List<FleetRun> runs = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Fleet(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
  }

  /** Runs all sizes, and prints table and failures; returns whether every result was right. */
  boolean run() throws IOException {
    try (SqsServer server = site.tls().server(options.network().delay())) {
      options.plan().workers().forEach(size -> play(server, size));
    }
    runs.sort(Comparator.comparing(FleetRun::job)); // stable: fleets stay in their order
    progress.clear();
    System.out.print(table());
    System.out.print(notes());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    if (options.json() != null) {
      Files.writeString(options.json(), FleetJson.of(options, runs, failures));
    }
    if (options.plan().chart() != null) {
      Files.writeString(options.plan().chart(), FleetChart.of(runs, Machine.describe()));
    }
    return failures.isEmpty();
  }

  private void play(SqsServer server, int size) {
    FleetTrial trial = new FleetTrial(site, server, size, options.amounts().slots());
    try (trial) {
      progress.show(size + " workers: start and warm-up");
      trial.run(WARM_UP_MILLIS, WARM_UP);
      for (int millis : options.plan().millis()) {
        progress.show(size + " workers: jobs of " + millis + " ms");
        runs.add(
            trial.run(millis, options.plan().perSlot(millis, size * options.amounts().slots())));
      }
    } catch (TrialFailed e) {
      failures.add(size + " workers: " + e.getMessage());
      return;
    }
    if (!trial.verdict().isRight()) {
      failures.add(size + " workers: " + trial.verdict());
    }
  }

  private Table table() {
    Table table =
        new Table(
            "workers × slots, job",
            "jobs",
            "ideal s",
            "actual s",
            "efficiency",
            "jobs/s",
            "processors used");
    runs.forEach(run -> add(table, run));
    return table;
  }

  private static void add(Table table, FleetRun run) {
    table.add(
        "%2d × %d, %,d ms".formatted(run.workers(), run.slots(), run.job().toMillis()),
        "%,d".formatted(run.jobs()),
        "%.2f".formatted(run.idealSeconds()),
        "%.2f".formatted(run.actualSeconds()),
        run.job().isZero() ? "-" : "%.0f %%".formatted(run.efficiency() * 100),
        "%,.0f".formatted(run.jobsPerSecond()),
        "%.2f".formatted(run.processors()));
  }

  private String notes() {
    return Notes.of(
        List.of(
            "Efficiency is ideal time / actual time.",
            "Ideal: jobs × a job's time / (workers × slots).",
            """
            Actual: from the moment when a receive of every worker waits and the server lets go, \
            to the arrival of the last result.""",
            "All workers have started, and done %,d jobs a slot, before.".formatted(WARM_UP),
            """
            Jobs sleep; all else that workers and server do, they do on the same processors: a \
            fleet is slower on one machine once it has used them up.""",
            options.network().sentence(),
            Machine.describe() + ".",
            failures.isEmpty()
                ? "Every job had its one result."
                : "NOT every job had its one result."));
  }
}
