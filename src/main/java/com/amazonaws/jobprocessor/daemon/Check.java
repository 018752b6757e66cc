package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.EffectiveSetting;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.logging.LogSetup;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import java.io.PrintStream;
import java.util.List;

/**
 * {@code --check}: prints the settings in force and where each came from, and tries the executor.
 */
final class Check {
  private Check() {}

  static void run(Preparation preparation, PrintStream out)
      throws StartRefused, InterruptedException {
    Configuration configuration = preparation.configuration();
    LogSetup.redact(new Redactor(configuration.secrets())::redact); // executors may log
    try (LoadedExecutor loaded = preparation.executor(configuration)) {
      print(configuration, out);
      out.println();
      out.println(
          "executor  "
              + loaded.executor().getClass().getName()
              + " is there and accepts its settings");
      out.println(
          "region    "
              + Preparation.knownRegion(configuration)
                  .orElse("will be asked of the instance when the worker starts"));
    }
    configuration.warnings().forEach(warning -> out.println("warning   " + warning));
  }

  private static void print(Configuration configuration, PrintStream out) {
    List<EffectiveSetting> rows = configuration.effective();
    int keys = width(rows.stream().map(EffectiveSetting::key).toList(), 40);
    int values = width(rows.stream().map(EffectiveSetting::value).toList(), 60);
    for (EffectiveSetting row : rows) {
      String note = row.note().isEmpty() ? "" : " (" + row.note() + ")";
      out.println(
          pad(row.key(), keys) + "  " + pad(row.value(), values) + "  " + row.origin() + note);
    }
  }

  private static int width(List<String> cells, int most) {
    return Math.min(most, cells.stream().mapToInt(String::length).max().orElse(0));
  }

  private static String pad(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }
}
