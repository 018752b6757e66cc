package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** An {@link Attack} in a process of its own, so that the server of the benchmark stays quick. */
final class Attackers implements Beside {
  private static final Pattern DONE = Pattern.compile("\\d+ \\d+");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path log;

  private Attackers(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Begins to attack.
   *
   * @param name of its log
   * @param port of the page, which need not be there yet; 0 for a target of their own
   * @param connections that hold on
   */
  static Attackers begin(Site site, String name, int port, int connections) {
    Path log = site.work().resolve(name + "-attack.log");
    List<String> command =
        List.of(
            site.java().resolve("bin/java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            Attack.class.getName(),
            Integer.toString(port),
            Integer.toString(connections));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      Attackers attackers = new Attackers(process, log);
      if (!Await.atMost(PATIENCE, () -> !attackers.done().isEmpty())) {
        attackers.close();
        throw new IOException("the attack does not begin; see " + log);
      }
      return attackers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String done() {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> DONE.matcher(line).matches())
          .reduce("", (_, line) -> line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many connections were made. */
  long connected() {
    return Long.parseLong(done().split(" ", -1)[0]);
  }

  /** How many questions were answered. */
  long answered() {
    return Long.parseLong(done().split(" ", -1)[1]);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
