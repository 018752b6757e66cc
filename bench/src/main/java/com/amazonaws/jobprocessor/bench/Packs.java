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
  private static final int PYTHONS_SIZE = 100;
  private static final int WARM_UP_JOBS = 2_000;

  /**
   * What was measured of packs of one size.
   *
   * @param contestant this daemon, with the one executor or the other
   * @param size jobs a message
   */
  record Measured(Contestant contestant, int size, List<Run> runs) {
    Measured(Contestant contestant, int size) {
      this(contestant, size, new ArrayList<>());
    }

    String title() {
      return contestant == Contestant.PYTHON ? size + ", Python" : Integer.toString(size);
    }

    double of(ToDoubleFunction<Run> figure) {
      return new Medians(contestant, runs).of(figure);
    }
  }

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final List<Measured> all = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  Packs(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
    for (Contestant contestant : options.only()) {
      if (contestant == Contestant.JOB_PROCESSOR) {
        SIZES.forEach(size -> all.add(new Measured(contestant, size)));
      } else if (contestant == Contestant.PYTHON) {
        all.add(new Measured(contestant, PYTHONS_SIZE));
      }
    }
  }

  /** Runs all sizes by turns, and prints table and failures; returns whether all was right. */
  boolean run() throws IOException {
    try (SqsServer server = site.tls().server(options.network().delay())) {
      Trial trial = new Trial(site, server);
      progress.show("the server is warmed up");
      play(trial, "warm-up", new Measured(Contestant.JOB_PROCESSOR, 1), WARM_UP_JOBS);
      for (int round = 1; round <= options.amounts().rounds(); round++) {
        for (Measured one : all) {
          progress.show(
              "round " + round + " of " + options.amounts().rounds() + ": " + one.title());
          String name = one.contestant().title() + "-packs-of-" + one.size() + "-" + round;
          play(trial, name, one, options.amounts().jobs());
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
      Run run = trial.run(name, measured.contestant(), load, options.amounts().slots());
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
            one.title(),
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
    List<String> notes = new ArrayList<>();
    notes.add(
        """
        Medians over the rounds (%d), the sizes by turns; %,d jobs of 60 characters a run, to \
        be reversed, %d at the same time. Packs ask for packed results; 1 is jobs alone in \
        their messages."""
            .formatted(
                options.amounts().rounds(), options.amounts().jobs(), options.amounts().slots()));
    if (options.only().contains(Contestant.PYTHON)) {
      notes.add(
          """
          Python: by PersistentCommand, at most a process of Python for each processor, whose CPU \
          is counted as well.""");
    }
    notes.add(
        """
        Requests are counted from the start of the process, those of the start among them; billed \
        are the begun 64 KiB of what they carry. CPU from its first receive to its last delete, \
        jobs/s from the first receive to the last result, so the JVM warms up in them.""");
    notes.add(
        """
        Dollars: requests at $%.2f a million (standard queues, us-east-1, %s, \
        https://aws.amazon.com/sqs/pricing/), compute at $%.4f an hour (c7g.large) for as long \
        as it took here."""
            .formatted(Prices.DOLLARS_PER_MILLION_REQUESTS, Prices.AS_OF, Prices.DOLLARS_PER_HOUR));
    notes.add(options.network().sentence());
    notes.add("The server used %s CPU s per 1,000 jobs beside them.".formatted(server()));
    notes.add(Machine.describe() + ".");
    notes.add(
        failures.isEmpty()
            ? "Every result was right and there once."
            : "NOT every result was right and there once.");
    return Notes.of(notes);
  }

  private String server() {
    return all.stream()
        .filter(one -> !one.runs().isEmpty())
        .map(one -> "%.4f".formatted(one.of(Run::serverCpuSecondsPerThousand)))
        .collect(Collectors.joining(", "));
  }
}
