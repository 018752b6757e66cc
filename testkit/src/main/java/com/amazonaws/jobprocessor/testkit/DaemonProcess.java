package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The daemon as a real process, {@code bin/job-processor} of this checkout, in an environment of
 * its own.
 */
public final class DaemonProcess implements AutoCloseable {
  /** Those that nobody has closed yet: they must not outlive the tests that are cut off. */
  private static final Set<DaemonProcess> LIVING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVING.forEach(DaemonProcess::killAll)));
  }

  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Process process;
  private final Path home;
  private final Map<String, String> environment;
  private final Lines lines = new Lines();
  private final Thread outReader;
  private final Thread errReader;

  DaemonProcess(Process process, Path home, Map<String, String> environment, String input) {
    this.process = process;
    this.home = home;
    this.environment = environment;
    this.outReader = Thread.ofVirtual().start(() -> lines.readOut(process.inputReader(UTF_8)));
    this.errReader = Thread.ofVirtual().start(() -> lines.readErr(process.errorReader(UTF_8)));
    LIVING.add(this);
    feed(input);
  }

  /**
   * A daemon with the Java of this test, dummy credentials, us-east-1, no instance metadata, and
   * folders of its own; nothing of this process's environment but the PATH.
   */
  public static DaemonProcessBuilder builder() {
    return new DaemonProcessBuilder();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Processor time that it has used, its children's not counted; zero when it has ended. */
  public Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Its folder for executor jars, if not set otherwise. */
  public Path lib() {
    return home.resolve("lib");
  }

  /** Its state folder, if not set otherwise. */
  public Path state() {
    return home.resolve("state");
  }

  public Map<String, String> environment() {
    return environment;
  }

  /** Lines of standard output, the last {@value Lines#REMEMBERED}. */
  public List<String> out() {
    return lines.out();
  }

  /** Lines of standard error. */
  public List<String> err() {
    return lines.err();
  }

  /** How many lines of both have the expression in them. */
  public long count(String regex) {
    return lines.count(regex);
  }

  /** Waits for the first line, past ones included, that has the expression in it. */
  public String awaitLine(String regex, Duration timeout) throws InterruptedException {
    return awaitLine(regex, 1, timeout);
  }

  /** Waits for the n-th such line. */
  public String awaitLine(String regex, int number, Duration timeout) throws InterruptedException {
    return lines.await(regex, number, timeout);
  }

  public void sigterm() {
    signal("TERM");
  }

  public void sigint() {
    signal("INT");
  }

  /** Ends it as a power cut would. */
  public void sigkill() {
    signal("KILL");
  }

  /** Makes it stand still. */
  public void sigstop() {
    signal("STOP");
  }

  public void sigcont() {
    signal("CONT");
  }

  /** Sends a signal by name to the process itself; one that has ended does not mind. */
  public void signal(String name) {
    if (process.isAlive()) {
      kill(name, Long.toString(pid()));
    }
  }

  /** Waits for its end and all of its output; the status is 128 + n after a signal n. */
  public int awaitExit(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("still runs after " + timeout + "\n" + lines);
    }
    awaitOutput(LONG);
    return process.exitValue();
  }

  /** Kills it and its children, and removes its folders. */
  @Override
  public void close() {
    killAll();
    LIVING.remove(this);
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      awaitOutput(SHORT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Folders.delete(home);
  }

  @Override
  public String toString() {
    return "process " + pid() + "\n" + lines;
  }

  private void killAll() {
    kill("KILL", "-" + pid());
    process.destroyForcibly();
  }

  /** Children that it has left may hold the streams open: then it is not waited for. */
  private void awaitOutput(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isRead() && System.nanoTime() < deadline && !hasLeftChildren()) {
      // isRead waits
    }
  }

  private boolean isRead() throws InterruptedException {
    return outReader.join(SHORT) && errReader.join(SHORT);
  }

  private boolean hasLeftChildren() {
    return kill("0", "-" + pid()) == 0;
  }

  /**
   * Of a pid, or of a process group with a minus before it.
   *
   * @return 0 if there is one
   */
  private static int kill(String signal, String target) {
    try {
      return new ProcessBuilder("kill", "-" + signal, "--", target)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private void feed(String input) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(UTF_8));
              } catch (IOException e) {
                // It does not want to read.
              }
            });
  }
}
