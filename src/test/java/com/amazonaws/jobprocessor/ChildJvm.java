package com.amazonaws.jobprocessor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the tests in a JVM of its own, whose heap may be small, and which may end. */
public final class ChildJvm {
  /**
   * How a program has ended.
   *
   * @param out what it has printed on standard output
   */
  public record Ended(int status, String out) {}

  private ChildJvm() {}

  /**
   * Runs it to its end, a minute beyond the end of its output at most.
   *
   * @param options of the JVM
   */
  public static Ended run(List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        throw new IOException(program.getSimpleName() + " still runs; it has said: " + out);
      }
      return new Ended(process.exitValue(), out);
    } finally {
      process.destroyForcibly();
    }
  }
}
