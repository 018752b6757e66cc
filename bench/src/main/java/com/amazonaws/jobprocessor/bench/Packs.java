package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Shows what this daemon gains by packs. */
final class Packs {
  private static final List<Integer> SIZES = List.of(1, 10, 100);
  private static final int WARM_UP_JOBS = 2_000;

  /**
   * What was measured of packs of one size.
   *
   * @param size jobs a message
   */
  record Measured(int size, List<Run> runs) {
    double of(ToDoubleFunction<Run> figure) {
      return new Medians(Contestant.JOB_PROCESSOR, runs).of(figure);
    }
  }

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final List<Measured> all =
      SIZES.stream().map(size -> new Measured(size, new ArrayList<>())).toList();
  private final List<String> failures = new ArrayList<>();

  Packs(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
  }

  /** Runs all sizes by turns, and prints table and failures; returns whether all was right. */
  boolean run() throws IOException {
    try (SqsServer server = site.tls().server(options.delay())) {
      Trial trial = new Trial(site, server);
      progress.show("the server is warmed up");
      play(trial, "warm-up", new Measured(1, new ArrayList<>()), WARM_UP_JOBS);
      for (int round = 1; round <= options.rounds(); round++) {
        for (Measured one : all) {
          progress.show("round " + round + " of " + options.rounds() + ": " + one.size());
          play(trial, "packs-of-" + one.size() + "-" + round, one, options.jobs());
        }
      }
    }
    progress.clear();
    System.out.print(table());
    System.out.print(notes());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    if (options.json() != null) {
      Files.writeString(options.json(), PacksJson.of(options, all, failures));
    }
    return failures.isEmpty();
  }

  private void play(Trial trial, String name, Measured measured, int jobs) {
    List<String> texts = Jobs.texts(jobs);
    int size = measured.size();
    Load load = size == 1 ? new Load.Single(texts) : new PackedJobs(texts, size);
    try {
      Run run = trial.run(name, Contestant.JOB_PROCESSOR, load, options.slots());
      measured.runs().add(run);
      if (!run.verdict().isRight()) {
        failures.add(name + ": " + run.verdict());
      }
    } catch (TrialFailed e) {
      failures.add(name + " " + e.getMessage());
    }
  }

  private Table table() {
    Table table =
        new Table(
            "jobs a message",
            "requests a job",
            "billed a job",
            "CPU s per 1,000 jobs",
            "jobs/s",
            "$ a million: requests",
            "compute",
            "together");
    for (Measured one : all) {
      if (!one.runs().isEmpty()) {
        table.add(
            Integer.toString(one.size()),
            "%.4f".formatted(one.of(Run::requestsPerJob)),
            "%.4f".formatted(one.of(Run::billedPerJob)),
            "%.4f".formatted(one.of(Run::cpuSecondsPerThousand)),
            "%,.0f".formatted(one.of(Run::jobsPerSecond)),
            "%.4f".formatted(one.of(Run::dollarsPerMillion)),
            "%.4f".formatted(one.of(Run::computeDollarsPerMillion)),
            "%.4f"
                .formatted(
                    one.of(run -> run.dollarsPerMillion() + run.computeDollarsPerMillion())));
      }
    }
    return table;
  }

  private String notes() {
    return Notes.of(
        List.of(
            """
            Medians over the rounds (%d), the sizes by turns; %,d jobs of 60 characters a run, to \
            be reversed, %d at the same time. Packs ask for packed results; 1 is jobs alone in \
            their messages."""
                .formatted(options.rounds(), options.jobs(), options.slots()),
            """
            Requests are counted from the start of the process, the start's five among them; \
            billed are the begun 64 KiB of what they carry. CPU from its first receive to its \
            last delete, jobs/s from the first receive to the last result, so the JVM warms up \
            in them.""",
            """
            Dollars: requests at $%.2f a million (standard queues, us-east-1, %s, \
            https://aws.amazon.com/sqs/pricing/), compute at $%.4f an hour (c7g.large) for as \
            long as it took here."""
                .formatted(
                    Prices.DOLLARS_PER_MILLION_REQUESTS, Prices.AS_OF, Prices.DOLLARS_PER_HOUR),
            options.network(),
            "The server used %s CPU s per 1,000 jobs beside them.".formatted(server()),
            Machine.describe() + ".",
            failures.isEmpty()
                ? "Every result was right and there once."
                : "NOT every result was right and there once."));
  }

  private String server() {
    return all.stream()
        .filter(one -> !one.runs().isEmpty())
        .map(one -> "%.4f".formatted(one.of(Run::serverCpuSecondsPerThousand)))
        .collect(Collectors.joining(", "));
  }
}
