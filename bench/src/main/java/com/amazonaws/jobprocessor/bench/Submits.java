package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Sink;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Shows how fast the sample client submits the lines of a file. */
final class Submits {
  private static final Duration LONGEST_RUN = Duration.ofMinutes(30);
  private static final int PACK = 100;
  private static final int WARM_UP_JOBS = 20_000;

  /**
   * Lines that are sent in one way.
   *
   * @param options of the command
   */
  record Way(String title, List<String> options, List<SubmitRun> runs) {
    double of(ToDoubleFunction<SubmitRun> figure) {
      return Medians.of(runs.stream().mapToDouble(figure));
    }
  }

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final List<Way> ways =
      List.of(
          new Way("a message a line", List.of(), new ArrayList<>()),
          new Way("packs of " + PACK, List.of("--pack", "" + PACK), new ArrayList<>()));
  private final List<String> failures = new ArrayList<>();

  Submits(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
  }

  /** Submits by turns, and prints table and failures; returns whether all was right. */
  boolean run() throws IOException {
    Path file = site.work().resolve("jobs.txt");
    try (SqsServer server = site.tls().server(options.network().delay())) {
      progress.show("the server is warmed up");
      Lines few = write(file, WARM_UP_JOBS);
      ways.forEach(way -> play(server, "warm-up", way, few, false));
      Lines lines = write(file, options.amounts().jobs());
      for (int round = 1; round <= options.amounts().rounds(); round++) {
        for (Way way : ways) {
          progress.show(
              "round " + round + " of " + options.amounts().rounds() + ": " + way.title());
          play(server, way.title().replace(' ', '-') + "-" + round, way, lines, true);
        }
      }
    }
    progress.clear();
    System.out.print(table());
    System.out.print(notes());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    if (options.json() != null) {
      Files.writeString(options.json(), SubmitsJson.of(options, ways, failures));
    }
    return failures.isEmpty();
  }

  /** Writes so many jobs, a line each. */
  private static Lines write(Path file, int jobs) throws IOException {
    long sum = 0;
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int i = 0; i < jobs; i++) {
        String text = Jobs.text(i);
        lines.write(text);
        lines.write('\n');
        sum += Sink.digest(text);
      }
    }
    return new Lines(file, jobs, sum);
  }

  private void play(SqsServer server, String name, Way way, Lines lines, boolean counts) {
    try {
      SubmitRun run = submit(site, server, name, way.options(), lines);
      if (!run.isRight()) {
        failures.add(
            "%s: %d jobs came, %d different ones, of %d"
                .formatted(name, run.came().jobs(), run.came().distinct(), run.jobs()));
      }
      if (counts) {
        way.runs().add(run);
      }
    } catch (TrialFailed e) {
      failures.add(name + " " + e.getMessage());
    }
  }

  /**
   * A file of jobs.
   *
   * @param sum of their digests
   */
  record Lines(Path file, int jobs, long sum) {}

  /**
   * Submits them once.
   *
   * @param name of the run, that no other run has
   * @throws TrialFailed if the command fails or takes too long
   */
  static SubmitRun submit(
      Site site, SqsServer server, String name, List<String> options, Lines lines)
      throws TrialFailed {
    server.createSink(name);
    server.startCounting();
    List<String> command = new ArrayList<>();
    command.add(site.daemon().resolve("bin/sample-client").toString());
    command.addAll(List.of("submit", "--backlog-queue", name));
    command.addAll(options);
    command.add(lines.file().toString());
    Duration serverBefore = server.cpuTime();
    Duration cpuBefore = ProcessTree.cpuTimeOfEnded();
    long[] peak = new long[1];
    try (Worker client = Worker.start(site, name, server.endpoint(), command)) {
      int status =
          client.await(
              LONGEST_RUN, () -> peak[0] = Math.max(peak[0], client.tree().peakKibibytes()));
      long ended = System.nanoTime();
      if (status != 0) {
        throw new TrialFailed("ended with " + status + "; its last words:\n" + client.lastWords());
      }
      return new SubmitRun(
          lines.jobs(),
          server.counts().requests().values().stream().mapToInt(Integer::intValue).sum(),
          Duration.ofNanos(ended - client.startedNanos()),
          ProcessTree.cpuTimeOfEnded().minus(cpuBefore),
          peak[0],
          server.cpuTime().minus(serverBefore),
          lines.sum(),
          server.sunk(name));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TrialFailed("was interrupted");
    } finally {
      server.dropQueues(List.of(name));
    }
  }

  private Table table() {
    Table table =
        new Table("sent as", "requests", "s", "lines/s", "CPU s", "peak RSS, MB", "server's CPU s");
    for (Way way : ways) {
      if (!way.runs().isEmpty()) {
        table.add(
            way.title(),
            "%,.0f".formatted(way.of(SubmitRun::requests)),
            "%.2f".formatted(way.of(SubmitRun::wallSeconds)),
            "%,.0f".formatted(way.of(SubmitRun::linesPerSecond)),
            "%.2f".formatted(way.of(SubmitRun::cpuSeconds)),
            "%.0f".formatted(way.of(SubmitRun::peakMegabytes)),
            "%.2f".formatted(way.of(SubmitRun::serverCpuSeconds)));
      }
    }
    return table;
  }

  private String notes() {
    return Notes.of(
        List.of(
            """
            Medians over the rounds (%d), the ways by turns; a file of %,d lines of 60 characters, \
            submitted by the sample client."""
                .formatted(options.amounts().rounds(), options.amounts().jobs()),
            """
            Times and CPU time are those of the whole command, the start of its JVM and the check \
            of all lines before the first is sent included.""",
            "The server counts and keeps nothing; it runs on the same processors.",
            options.network().sentence(),
            Machine.describe() + ".",
            failures.isEmpty() ? "Every line was there once." : "NOT every line was there once."));
  }
}
