package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A worker's process, by itself in the world: none of the caller's AWS account gets into it. */
final class Worker implements AutoCloseable {
  private static final String JVM_OPTIONS = "JOB_PROCESSOR_JVM_OPTS";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Set<Worker> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Worker::kill)));
  }

  private final Process process;
  private final ProcessTree tree;
  private final Path log;
  private final long startedNanos;

  private Worker(Process process, Path log, long startedNanos) {
    this.process = process;
    this.tree = new ProcessTree(process.toHandle());
    this.log = log;
    this.startedNanos = startedNanos;
  }

  /**
   * Starts one.
   *
   * @param name of its log and of its folder, and its access key id, by which the server knows it
   */
  static Worker start(Site site, String name, String endpoint, List<String> command) {
    try {
      Path folder = Files.createDirectories(site.work().resolve(name));
      Path log = site.work().resolve(name + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      setEnvironment(builder.environment(), site, name, endpoint, folder);
      long now = System.nanoTime();
      Worker worker = new Worker(builder.start(), log, now);
      RUNNING.add(worker);
      return worker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes the caller's environment that of a worker. Of what the caller has set for the daemon only
   * the JVM's options stay, so that they can be compared; what the site needs comes behind them.
   */
  static void setEnvironment(
      Map<String, String> environment, Site site, String name, String endpoint, Path folder) {
    String jvmOptions = environment.get(JVM_OPTIONS);
    environment
        .keySet()
        .removeIf(
            key ->
                key.startsWith("AWS_")
                    || key.startsWith("JOB_PROCESSOR_")
                    || key.startsWith("BENCH_")
                    || key.startsWith("NODE_")
                    || key.endsWith("JAVA_OPTIONS")
                    || key.endsWith("JAVA_TOOL_OPTIONS")
                    || key.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
    environment.putAll(
        Map.of(
            "AWS_ENDPOINT_URL_SQS",
            endpoint,
            "AWS_REGION",
            "us-east-1",
            "AWS_ACCESS_KEY_ID",
            name,
            "AWS_SECRET_ACCESS_KEY",
            "bench",
            "AWS_EC2_METADATA_DISABLED",
            "true",
            "JAVA_HOME",
            site.java().toString(),
            "HOME",
            folder.toString(),
            "STATE_DIRECTORY",
            folder.toString()));
    environment.put("JOB_PROCESSOR_START_ARCHIVE", "off"); // nothing else is to run meanwhile
    environment.putAll(site.tls().environment());
    if (jvmOptions != null) {
      environment.merge(JVM_OPTIONS, jvmOptions, (needed, own) -> own + " " + needed);
    }
  }

  /** When it was started, by {@link System#nanoTime}. */
  long startedNanos() {
    return startedNanos;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ProcessTree tree() {
    return tree;
  }

  /** The end of what it has printed. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e.getMessage();
    }
  }

  /**
   * Waits for its end.
   *
   * @param meanwhile is done every 20 ms
   * @return its exit status, or -1 if it did not end in time
   */
  int await(Duration most, Runnable meanwhile) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (!process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() - deadline > 0) {
        return -1;
      }
      meanwhile.run();
    }
    return process.exitValue();
  }

  /** Sends SIGTERM, and does not wait. */
  void askToStop() {
    process.destroy();
  }

  /**
   * Asks it to stop, and waits.
   *
   * @return its exit status, or -1 if it did not end in time
   */
  int stop(Duration most) throws InterruptedException {
    askToStop();
    return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
  }

  /** Asks it to stop; what does not within 15 s is killed. */
  @Override
  public void close() {
    askToStop();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        kill();
        process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      kill();
      Thread.currentThread().interrupt();
    } finally {
      RUNNING.remove(this);
    }
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
