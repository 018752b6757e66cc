package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Shows what this daemon's status page costs, and what an attack on it does to the jobs. */
final class PageCost {
  private static final int WARM_UP_JOBS = 2_000;

  /** How it is with the page. */
  enum Kind {
    WITHOUT("without", "no page"),
    LOOKED_AT("looked-at", "page, looked at"),
    BESIDE("beside", "no page, attack elsewhere"),
    ATTACKED("attacked", "page, attacked");

    private final String key;
    private final String title;

    Kind(String key, String title) {
      this.key = key;
      this.title = title;
    }

    String title() {
      return title;
    }

    private boolean hasPage() {
      return this == LOOKED_AT || this == ATTACKED;
    }
  }

  /**
   * What was measured of one kind.
   *
   * @param connected how many connections the attackers made, in each run
   * @param answered how many requests were answered, in each run
   */
  record Measured(Kind kind, List<Run> runs, List<Long> connected, List<Long> answered) {
    Measured(Kind kind) {
      this(kind, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    double of(ToDoubleFunction<Run> figure) {
      return new Medians(Contestant.JOB_PROCESSOR, runs).of(figure);
    }
  }

  private final Options options;
  private final Site site;
  private final Progress progress;
  private final List<Measured> all = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  PageCost(Options options, Site site, Progress progress) {
    this.options = options;
    this.site = site;
    this.progress = progress;
    for (Kind kind : Kind.values()) {
      all.add(new Measured(kind));
    }
  }

  /** Runs all kinds by turns, and prints table and failures; returns whether all was right. */
  boolean run() throws IOException {
    try (SqsServer server = site.tls().server(options.network().delay())) {
      Trial trial = new Trial(site, server);
      progress.show("the server is warmed up");
      play(trial, "warm-up", new Measured(Kind.WITHOUT), WARM_UP_JOBS);
      for (int round = 1; round <= options.amounts().rounds(); round++) {
        for (Measured one : all) {
          progress.show(
              "round " + round + " of " + options.amounts().rounds() + ": " + one.kind().title());
          play(trial, "page-" + one.kind().key + "-" + round, one, options.amounts().jobs());
        }
      }
    }
    progress.clear();
    System.out.print(table());
    System.out.print(notes());
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    if (options.json() != null) {
      Files.writeString(options.json(), PageCostJson.of(options, all, failures));
    }
    return failures.isEmpty();
  }

  private void play(Trial trial, String name, Measured measured, int jobs) {
    int port = freePort();
    Beside[] company = {Beside.NOTHING};
    try {
      Run run =
          trial.run(
              name,
              queues -> command(queues, measured.kind().hasPage() ? port : 0),
              new Load.Single(Jobs.texts(jobs)),
              () -> company[0] = company(measured.kind(), name, port));
      measured.runs().add(run);
      if (!run.verdict().isRight()) {
        failures.add(name + ": " + run.verdict());
      }
      count(measured, name, company[0]);
    } catch (TrialFailed e) {
      failures.add(name + " " + e.getMessage());
    }
  }

  private List<String> command(Queues queues, int port) {
    return Contestant.jobProcessor(
        site, queues, options.amounts().slots(), "ReverseSpacelessString,status_port=" + port);
  }

  private Beside company(Kind kind, String name, int port) {
    return switch (kind) {
      case WITHOUT -> Beside.NOTHING;
      case LOOKED_AT -> new Visitors(port);
      case BESIDE -> Attackers.begin(site, name, 0, options.amounts().connections());
      case ATTACKED -> Attackers.begin(site, name, port, options.amounts().connections());
    };
  }

  private void count(Measured measured, String name, Beside company) {
    boolean met = true;
    if (company instanceof Visitors visitors) {
      met = visitors.answered() > 0;
      measured.answered().add((long) visitors.answered());
    } else if (company instanceof Attackers attackers) {
      met = attackers.connected() > 0;
      measured.connected().add(attackers.connected());
      measured.answered().add(attackers.answered());
    }
    if (!met) {
      failures.add(name + ": the jobs were done before anybody met the page; give more --jobs");
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Table table() {
    Table table =
        new Table(
            "worker",
            "jobs/s",
            "CPU s per 1,000 jobs",
            "start, ms",
            "peak memory, MB",
            "connections made",
            "answers");
    for (Measured one : all) {
      if (!one.runs().isEmpty()) {
        table.add(
            one.kind().title(),
            "%,.0f".formatted(one.of(Run::jobsPerSecond)),
            "%.3f".formatted(one.of(Run::cpuSecondsPerThousand)),
            "%.0f".formatted(one.of(Run::startMillis)),
            "%.0f".formatted(one.of(Run::peakMegabytes)),
            median(one.connected()),
            median(one.answered()));
      }
    }
    return table;
  }

  private static String median(List<Long> counts) {
    return counts.isEmpty()
        ? ""
        : "%,d".formatted(counts.stream().sorted().toList().get(counts.size() / 2));
  }

  private String notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        """
        Medians over the rounds (%d), by turns; %,d jobs of 60 characters a run, to be reversed, \
        %d at the same time. Looked at: page, status.json and metrics are asked for every two \
        seconds. Attacked: %,d connections send half a request and hold on, or come again ten \
        seconds after they were cut; 20 post 10 MB, and 20 ask for status.json, each again and \
        again."""
            .formatted(
                options.amounts().rounds(),
                options.amounts().jobs(),
                options.amounts().slots(),
                options.amounts().connections()));
    notes.add(
        """
        Attack elsewhere: the same attackers, on something that does nothing; what they alone take \
        of this machine is not the page's cost.""");
    if (all.stream().noneMatch(one -> one.runs().isEmpty())) {
      notes.add(
          "The page, looked at, against none: %s jobs/s, %+.0f ms to the first receive, %+.1f MB."
              .formatted(
                  change(Kind.WITHOUT, Kind.LOOKED_AT, Run::jobsPerSecond),
                  difference(Run::startMillis),
                  difference(Run::peakMegabytes)));
      notes.add(
          "Attacked, against an attack elsewhere: %s jobs/s, %s of the worker's CPU time a job."
              .formatted(
                  change(Kind.BESIDE, Kind.ATTACKED, Run::jobsPerSecond),
                  change(Kind.BESIDE, Kind.ATTACKED, Run::cpuSecondsPerThousand)));
    }
    notes.add(options.network().sentence());
    notes.add(Machine.describe() + ".");
    notes.add(
        failures.isEmpty()
            ? "Every result was right and there once."
            : "NOT every result was right and there once, or not all was measured.");
    return Notes.of(notes);
  }

  private Measured measured(Kind kind) {
    return all.stream().filter(one -> one.kind() == kind).findFirst().orElseThrow();
  }

  private String change(Kind from, Kind to, ToDoubleFunction<Run> figure) {
    double before = measured(from).of(figure);
    return "%+.1f %%".formatted((measured(to).of(figure) / before - 1) * 100);
  }

  private double difference(ToDoubleFunction<Run> figure) {
    return measured(Kind.LOOKED_AT).of(figure) - measured(Kind.WITHOUT).of(figure);
  }
}
