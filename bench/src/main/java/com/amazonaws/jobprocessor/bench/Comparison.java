package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs the contestants by turns, several rounds, and says what was measured. */
final class Comparison {
  private static final int WARM_UP_JOBS = 2_000;

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final Map<Contestant, List<Run>> runs = new EnumMap<>(Contestant.class);
  private final List<String> failures = new ArrayList<>();

  Comparison(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
  }

  /** Runs all, and prints table and failures; returns whether every result was right. */
  boolean run() throws IOException {
    try (SqsServer server = site.tls().server(options.network().delay())) {
      Trial trial = new Trial(site, server);
      warmUp(trial);
      for (int round = 1; round <= options.amounts().rounds(); round++) {
        for (Contestant contestant : options.only()) {
          play(trial, contestant, round);
        }
      }
    }
    progress.clear();
    System.out.print(table());
    System.out.print(notes());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    if (options.json() != null) {
      ComparisonJson.write(options.json(), options, medians(), failures);
    }
    return failures.isEmpty();
  }

  /** So that the first of the first round does not pay for a server that is still slow. */
  private void warmUp(Trial trial) {
    progress.show("the server is warmed up");
    Contestant first = options.only().getFirst();
    try {
      trial.run("warm-up", first, first.jobs(WARM_UP_JOBS), options.amounts().slots());
    } catch (TrialFailed e) {
      failures.add(first.title() + " in the warm-up " + e.getMessage());
    }
  }

  private void play(Trial trial, Contestant contestant, int round) {
    progress.show(
        "round " + round + " of " + options.amounts().rounds() + ": " + contestant.title());
    String name = contestant.title() + "-" + round;
    try {
      Run run =
          trial.run(
              name,
              contestant,
              contestant.jobs(options.amounts().jobs()),
              options.amounts().slots());
      runs.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(run);
      if (!run.verdict().isRight()) {
        failures.add(contestant.title() + " in round " + round + ": " + run.verdict());
      }
    } catch (TrialFailed e) {
      failures.add(contestant.title() + " in round " + round + " " + e.getMessage());
    }
  }

  private List<Medians> medians() {
    return runs.entrySet().stream().map(e -> new Medians(e.getKey(), e.getValue())).toList();
  }

  private Table table() {
    Table table =
        new Table(
            "worker",
            "requests a job",
            "CPU s per 1,000 jobs",
            "jobs/s",
            "start to first receive, ms",
            "peak RSS, MB",
            "$ per million jobs");
    for (Medians all : medians()) {
      table.add(
          all.contestant().title(),
          "%.3f".formatted(all.of(Run::requestsPerJob)),
          "%.3f".formatted(all.of(Run::cpuSecondsPerThousand)),
          "%,.0f".formatted(all.of(Run::jobsPerSecond)),
          "%,.0f".formatted(all.of(Run::startMillis)),
          "%,.0f".formatted(all.of(Run::peakMegabytes)),
          "%.3f".formatted(all.of(Run::dollarsPerMillion)));
    }
    return table;
  }

  private String notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        """
        Medians over the rounds (%d), the workers by turns; %,d jobs of 60 characters a run, %d \
        at the same time in each worker."""
            .formatted(
                options.amounts().rounds(), options.amounts().jobs(), options.amounts().slots()));
    if (options.only().contains(Contestant.ORIGINAL)) {
      notes.add(
          "The original takes one at a time, and gets %d: it does ten a second by design."
              .formatted(Contestant.ORIGINAL.jobs(options.amounts().jobs())));
    }
    if (options.only().contains(Contestant.SQS_CONSUMER)) {
      notes.add(
          """
          sqs-consumer runs as one process of Node.js, with as many consumers of ten messages as \
          that takes.""");
    }
    if (options.only().contains(Contestant.PYTHON)) {
      notes.add(
          """
          job-processor-python does the jobs by PersistentCommand, a process of Python for each \
          processor, whose CPU and memory are counted as well.""");
    }
    notes.add(
        """
        Requests are counted from the start of the process, CPU from its first receive to its \
        last delete, jobs/s from the first receive to the last result.""");
    notes.add(
        """
        Dollars are for SQS requests only, at $%.2f a million (standard queues, us-east-1, %s, \
        https://aws.amazon.com/sqs/pricing/)."""
            .formatted(Prices.DOLLARS_PER_MILLION_REQUESTS, Prices.AS_OF));
    notes.add(
        """
        job-processor is started by bin/job-processor, the others in Java by plain java -cp with \
        the JVM's defaults.""");
    notes.add(options.network().sentence());
    notes.add(server());
    notes.add(Machine.describe() + ".");
    notes.add(
        failures.isEmpty()
            ? "Every result was right and there once."
            : "NOT every result was right and there once.");
    return Notes.of(notes);
  }

  private String server() {
    String cpu =
        medians().stream()
            .map(m -> "%.3f".formatted(m.of(Run::serverCpuSecondsPerThousand)))
            .collect(Collectors.joining(", "));
    return "The server used %s CPU s per 1,000 jobs beside them.".formatted(cpu);
  }
}
