package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.EffectiveSetting;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.logging.LogSetup;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code --check}: prints the settings in force and where each came from, tries the executor, and
 * asks AWS what a start would ask.
 */
final class Check {
  /** For what is refused in every region, while it is not known in which a start would be. */
  private static final String ANY_REGION = "us-east-1";

  private final Preparation preparation;
  private final boolean offline;
  private final PrintStream out;

  /**
   * A check.
   *
   * @param offline true to make no network call
   */
  Check(Preparation preparation, boolean offline, PrintStream out) {
    this.preparation = preparation;
    this.offline = offline;
    this.out = out;
  }

  /**
   * Checks, and prints what it finds.
   *
   * @throws StartRefused as the start would
   */
  void run() throws StartRefused, InterruptedException {
    Configuration configuration = preparation.configuration();
    LogSetup.redact(new Redactor(configuration.secrets())::redact); // executors may log
    try (LoadedExecutor loaded = preparation.executor(configuration)) {
      print(configuration);
      out.println();
      out.println(
          "executor  "
              + loaded.executor().getClass().getName()
              + " is there and accepts its settings");
    }
    configuration.warnings().forEach(warning -> out.println("warning   " + warning));
    preparation.stateWarning().ifPresent(warning -> out.println("warning   " + warning));
    if (offline) {
      printUnchecked(configuration);
    } else {
      askAws(configuration);
    }
  }

  private void printUnchecked(Configuration configuration) throws StartRefused {
    Optional<String> region = preparation.regionOffline(configuration);
    out.println(
        "region    " + region.orElse("will be asked of the instance when the worker starts"));
    checkEnvironment(configuration, region.orElse(ANY_REGION));
    List<String> unchecked = new ArrayList<>(List.of("the queues"));
    Settings.Stores stores = configuration.settings().stores();
    if (stores.jobTable() != null) {
      unchecked.add("the job table");
    }
    if (stores.payloadBucket() != null) {
      unchecked.add("the payload bucket");
    }
    if (preparation.needsInstanceForUserData()) {
      unchecked.add("the user data of the instance");
    }
    unchecked.add("AWS credentials");
    out.println("offline   not checked: " + String.join(", ", unchecked));
  }

  private void askAws(Configuration configuration) throws StartRefused, InterruptedException {
    String region;
    try {
      region = preparation.regionAtOnce(configuration);
    } catch (IOException e) {
      out.println("region    instance metadata does not answer; a start would wait for it");
      checkEnvironment(configuration, ANY_REGION);
      out.println("offline   not checked: the queues, and what else is in AWS");
      return;
    }
    out.println("region    " + region);
    Settings settings = configuration.settings();
    try (AwsClients clients = AwsClients.of(settings, region)) {
      List<String> problems = new AwsCheck(settings, region, clients, out).run();
      if (!problems.isEmpty()) {
        throw StartRefused.badSettings(problems);
      }
    }
  }

  /** Makes no call; refuses endpoints, proxies and files of profiles that a start would refuse. */
  private static void checkEnvironment(Configuration configuration, String region)
      throws StartRefused {
    AwsClients.of(configuration.settings(), region).close();
  }

  private void print(Configuration configuration) {
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
