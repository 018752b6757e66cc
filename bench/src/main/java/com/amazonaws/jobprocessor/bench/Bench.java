package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What {@code bin/bench} starts. */
public final class Bench {
  private Bench() {}

  /**
   * Measures, prints, and ends with 0 if every result was right, else with 1.
   *
   * @param arguments {@code name=value}, as the script gives them; see {@link Options}
   */
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT); // figures look the same everywhere
    Options options = Options.read(List.of(arguments));
    Site site = Site.ofEnvironment();
    if (options.network().tls()) {
      site = site.withTls();
    }
    Progress progress = Progress.ofEnvironment();
    System.exit(run(options, site, progress) ? 0 : 1);
  }

  private static boolean run(Options options, Site site, Progress progress) throws IOException {
    return switch (options.mode()) {
      case COMPARISON -> new Comparison(options, site, progress).run();
      case PACKS -> new Packs(options, site, progress).run();
      case FLEET -> new Fleet(options, site, progress).run();
      case PAGE -> new PageCost(options, site, progress).run();
      case SUBMIT -> new Submits(options, site, progress).run();
      case RESULTS -> new Readers(options, site, progress).run();
    };
  }
}
