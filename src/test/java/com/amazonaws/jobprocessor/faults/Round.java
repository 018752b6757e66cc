package com.amazonaws.jobprocessor.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;

/** Puts workers to an ordeal, and their promises to the test. */
final class Round {
  /** Jobs of a scene, if nobody says otherwise. */
  static final int JOBS = 80;

  private final Servers servers;
  private final Path folder;
  private final Report report;
  private final int jobs;

  Round(Servers servers, Path folder, Report report, int jobs) {
    this.jobs = jobs;
    this.servers = servers;
    this.folder = folder;
    this.report = report;
  }

  /** One scene; true if all promises held. */
  boolean play(Ordeal ordeal, long seed, boolean table) throws IOException {
    String name = ordeal.name().replaceAll("[^A-Za-z0-9]+", "-") + (table ? "-table-" : "-") + seed;
    Path place = Files.createDirectories(folder.resolve(name));
    Random random = new Random(seed * 1_000_003 + ordeal.name().hashCode());
    try (Scene scene = new Scene(servers, place, table)) {
      String broken;
      try {
        scene.jobs().send(ordeal.load(), jobs, ordeal.deadly(), random);
        ordeal.story().tell(scene, random);
        Register.Verdict verdict = scene.finish();
        report.add(ordeal.name(), table, verdict);
        broken = broken(verdict, table);
        if (!scene.secondsToSpare().isEmpty()) {
          report.noticed(table, scene.secondsToSpare(), scene.jobs().attempts().burned());
          if (table && scene.jobs().attempts().burned() > 0) {
            broken += scene.jobs().attempts().burned() + " attempts burned";
          }
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } catch (Exception | AssertionError e) {
        broken = String.valueOf(e.getMessage());
      }
      if (broken.isEmpty()) {
        return true;
      }
      scene.writeLogs();
      report.broken(
          ordeal.name()
              + (table ? ", with table" : "")
              + ", seed "
              + seed
              + ": "
              + broken
              + "; see "
              + place);
      return false;
    }
  }

  /** Which promises do not hold; empty if all do. */
  static String broken(Register.Verdict verdict, boolean table) {
    StringBuilder broken = new StringBuilder();
    tell(broken, "lost", verdict.lost());
    tell(broken, "run again after the recorded end", verdict.runAgain());
    tell(broken, "ends of unknown jobs", verdict.strangers());
    if (table) {
      tell(broken, "different ends", verdict.different());
    }
    return broken.toString();
  }

  private static void tell(StringBuilder broken, String what, Set<String> jobs) {
    if (!jobs.isEmpty()) {
      broken.append(broken.isEmpty() ? "" : "; ").append(what).append(' ').append(jobs);
    }
  }
}
