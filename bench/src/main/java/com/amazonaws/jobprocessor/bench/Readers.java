package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Outgoing;
import com.amazonaws.jobprocessor.bench.sqs.QueueState;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Shows how fast the sample client reads results by their jobs' ids, alone, and beside another that
 * waits for the other half of them.
 */
final class Readers {
  private static final Duration LONGEST_RUN = Duration.ofMinutes(10);
  private static final int LARGEST_BATCH = 10;

  /**
   * So many readers of one queue.
   *
   * @param readers that share the jobs between them
   */
  record Way(int readers, List<ReadersRun> runs) {
    String title() {
      return readers == 1 ? "one reader" : readers + " readers";
    }

    double of(ToDoubleFunction<ReadersRun> figure) {
      return Medians.of(runs.stream().mapToDouble(figure));
    }
  }

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final List<Way> ways =
      List.of(new Way(1, new ArrayList<>()), new Way(2, new ArrayList<>()));
  private final List<String> failures = new ArrayList<>();

  Readers(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
  }

  /** Reads by turns, and prints table and failures; returns whether all was right. */
  boolean run() throws IOException {
    try (SqsServer server = site.tls().server(options.network().delay())) {
      for (int round = 1; round <= options.amounts().rounds(); round++) {
        for (Way way : ways) {
          progress.show(
              "round " + round + " of " + options.amounts().rounds() + ": " + way.title());
          play(server, "readers-" + way.readers() + "-" + round, way);
        }
      }
    }
    progress.clear();
    System.out.print(table());
    System.out.print(notes());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    if (options.json() != null) {
      Files.writeString(options.json(), ReadersJson.of(options, ways, failures));
    }
    return failures.isEmpty();
  }

  private void play(SqsServer server, String name, Way way) throws IOException {
    try {
      ReadersRun run = read(site, server, name, way.readers(), options.amounts().jobs());
      if (!run.isRight()) {
        failures.add(name + ": " + run);
      }
      way.runs().add(run);
    } catch (TrialFailed e) {
      failures.add(name + " " + e.getMessage());
    }
  }

  /**
   * Fills a queue and lets so many readers empty it, each with its share of the ids.
   *
   * @param name of the run, that no other run has
   * @throws TrialFailed if a reader fails or takes too long
   */
  static ReadersRun read(Site site, SqsServer server, String name, int readers, int results)
      throws IOException, TrialFailed {
    List<String> queues = List.of(name + "-results", name + "-dead");
    server.createQueues(queues);
    List<Worker> running = new ArrayList<>();
    try {
      fill(server, queues.getFirst(), results);
      List<List<String>> commands = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        commands.add(command(site, queues, ids(site, name, i, readers, results)));
      }
      server.startCounting();
      for (List<String> command : commands) {
        running.add(Worker.start(site, name + "-" + running.size(), server.endpoint(), command));
      }
      for (Worker reader : running) {
        int status = reader.await(LONGEST_RUN, () -> {});
        if (status != 0) {
          throw new TrialFailed(
              "ended with " + status + "; its last words:\n" + reader.lastWords());
        }
      }
      Duration wall = Duration.ofNanos(System.nanoTime() - running.getFirst().startedNanos());
      int requests = server.counts().total();
      List<String> printed = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        printed.addAll(results(site.work().resolve(name + "-" + i + ".log")));
      }
      Set<String> different = new HashSet<>(printed);
      QueueState after = server.state(queues.getFirst());
      return new ReadersRun(
          results,
          wall,
          requests,
          printed.size(),
          different.size(),
          after.visible() + after.inFlight() + after.delayed());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TrialFailed("was interrupted");
    } finally {
      running.forEach(Worker::close);
      server.dropQueues(queues);
    }
  }

  private static void fill(SqsServer server, String queue, int results) {
    for (int i = 0; i < results; i += LARGEST_BATCH) {
      server.sendAll(
          queue,
          IntStream.range(i, Math.min(results, i + LARGEST_BATCH))
              .mapToObj(n -> new Outgoing(Jobs.text(n), Map.of("job_id", id(n)), Map.of()))
              .toList());
    }
  }

  private static String id(int n) {
    return "job-" + n;
  }

  private static List<String> command(Site site, List<String> queues, Path ids) {
    return List.of(
        site.daemon().resolve("bin/sample-client").toString(),
        "results",
        "--results-queue",
        queues.getFirst(),
        "--dead-letter-queue",
        queues.getLast(),
        "--ids",
        ids.toString());
  }

  private static Path ids(Site site, String name, int first, int step, int results)
      throws IOException {
    return Files.write(
        site.work().resolve(name + "-" + first + ".ids"),
        IntStream.iterate(first, n -> n < results, n -> n + step).mapToObj(Readers::id).toList());
  }

  /** The lines that are results; the log has what went to standard error as well. */
  private static List<String> results(Path log) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.startsWith("job-")).toList();
  }

  private double timesOne(Way way) {
    return way.of(ReadersRun::wallSeconds) / ways.getFirst().of(ReadersRun::wallSeconds);
  }

  private Table table() {
    Table table = new Table("readers", "s", "times one reader's", "requests");
    for (Way way : ways) {
      if (!way.runs().isEmpty()) {
        table.add(
            way.title(),
            "%.1f".formatted(way.of(ReadersRun::wallSeconds)),
            ways.getFirst().runs().isEmpty() ? "-" : "%.2f".formatted(timesOne(way)),
            "%,.0f".formatted(way.of(ReadersRun::requests)));
      }
    }
    return table;
  }

  private String notes() {
    return Notes.of(
        List.of(
            """
            Medians over the rounds (%d), the ways by turns; %,d results in one queue, read by \
            their ids with sample-client results; several readers get equal shares."""
                .formatted(options.amounts().rounds(), options.amounts().jobs()),
            "Times are those of the commands from the first start to the last end.",
            options.network().sentence(),
            Machine.describe() + ".",
            failures.isEmpty()
                ? "Every result was printed once, and then deleted."
                : "NOT every result was printed once."));
  }
}
