package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus' own tool, of Debian's package prometheus. */
final class Promtool {
  private Promtool() {}

  /** False, and said loudly, if it is not installed. */
  static boolean isThere() {
    try {
      return run("", "--version").status() == 0;
    } catch (AssertionError e) {
      System.err.println(
          """
          #####################################################################
          ## promtool is missing: metrics and alerts were NOT checked by it. ##
          ## Install Debian's package prometheus; .ci/run does.              ##
          #####################################################################
          """);
      return false;
    }
  }

  /** What it has said on both streams, and how it ended. */
  record Run(int status, String said) {}

  static Run run(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(UTF_8));
      }
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("promtool hangs: " + said);
      }
      return new Run(process.exitValue(), said);
    } catch (IOException e) {
      throw new AssertionError("promtool cannot be run", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
