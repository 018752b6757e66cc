package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs the fault suite; what {@code bin/faults} starts. */
public final class Faults {
  private Faults() {}

  /**
   * Runs it.
   *
   * @param arguments seed, rounds, "with", "without" or "both", part of an ordeal's name, minutes
   *     of a soak or 0, jobs of a scene; as the script gives them
   */
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    String tables = arguments[2];
    String part = arguments[3];
    int minutes = Integer.parseInt(arguments[4]);
    int jobs = Integer.parseInt(arguments[5]);
    Report report = new Report();
    Path folder = Files.createTempDirectory("job-processor-faults-");
    int status;
    try (Servers servers = Servers.start()) {
      status =
          minutes > 0
              ? new Soak(servers, folder, minutes, tables.equals("without")).run()
              : play(new Round(servers, folder, report, jobs), report, seed, rounds, tables, part);
    }
    if (status == 0) {
      Folders.delete(folder);
    }
    System.exit(status);
  }

  private static int play(
      Round round, Report report, long seed, int rounds, String tables, String part)
      throws IOException {
    List<Ordeal> ordeals =
        Ordeal.all().stream().filter(ordeal -> ordeal.name().contains(part)).toList();
    if (ordeals.isEmpty()) {
      System.err.println("no fault has " + part + " in its name; they are:");
      Ordeal.all().forEach(ordeal -> System.err.println("  " + ordeal.name()));
      return 2;
    }
    Thread soFar = new Thread(() -> System.out.print("ended early; so far:\n" + report));
    Runtime.getRuntime().addShutdownHook(soFar);
    int done = 0;
    for (long s = seed; s < seed + rounds; s++) {
      for (Ordeal ordeal : ordeals) {
        done++;
        progress(done, rounds * ordeals.size(), ordeal.name());
        if (!tables.equals("with") && !ordeal.onlyWithTable()) {
          round.play(ordeal, s, false);
        }
        if (!tables.equals("without")) {
          round.play(ordeal, s, true);
        }
      }
    }
    Runtime.getRuntime().removeShutdownHook(soFar);
    progress(0, 0, "");
    System.out.print(report);
    System.out.println(report.isClean() ? "all promises held" : "PROMISES WERE BROKEN");
    return report.isClean() ? 0 : 1;
  }

  /** On a terminal only: the script says whether standard error is one. */
  private static void progress(int done, int all, String name) {
    if (Optional.ofNullable(System.getenv("FAULTS_PROGRESS")).isPresent()) {
      System.err.print("\r" + (all == 0 ? "" : done + "/" + all + " " + name) + "\u001b[K");
    }
  }
}
