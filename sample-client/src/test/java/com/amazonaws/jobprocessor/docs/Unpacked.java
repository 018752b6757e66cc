package com.amazonaws.jobprocessor.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder that looks like an unpacked distribution (see dist/distribution.xml), in which a user
 * runs commands against an SQS on this machine.
 */
public final class Unpacked implements AutoCloseable {
  private static final Duration SOON = Duration.ofMinutes(3);

  /** What a command has printed. */
  public record Ran(int status, String out, String err) {}

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Process> workers = new ArrayList<>();
  private final List<Process> services = new ArrayList<>();

  /**
   * Lays out the jars that the build has made.
   *
   * @param folder an empty one
   */
  Unpacked(Path folder, String sqsEndpoint) throws IOException {
    this(folder, sqsEndpoint, Map.of());
  }

  /**
   * Lays out the jars that the build has made.
   *
   * @param folder an empty one
   * @param more variables of the user's environment
   */
  public Unpacked(Path folder, String sqsEndpoint, Map<String, String> more) throws IOException {
    this.folder = folder;
    environment.putAll(more);
    Path root = Page.root();
    copyScripts(root.resolve("bin"));
    copy(root.resolve("target/job-processor.jar"), "lib/daemon");
    copyJars(root.resolve("target/lib"), "lib/daemon");
    copy(root.resolve("target/job-processor-api.jar"), "lib/api");
    copy(root.resolve("sample-client/target/sample-client.jar"), "lib/sample-client");
    copyJars(root.resolve("sample-client/target/lib"), "lib/sample-client");
    copyJars(root.resolve("sample-client/target/lib/fleet"), "lib/sample-client/fleet");
    copy(root.resolve("client/target/client.jar"), "lib/client");
    copyJars(root.resolve("client/target/lib"), "lib/client");
    // ElasticMQ does not notice that a worker which stops has cut its long poll.
    Files.createDirectory(folder.resolve("conf"));
    Files.writeString(folder.resolve("conf/job-processor.conf"), "poll_wait_time_in_secs=0\n");
    String java = System.getProperty("java.home");
    environment.put("JAVA_HOME", java);
    environment.put("PATH", java + "/bin:" + System.getenv("PATH"));
    environment.put("HOME", Files.createDirectory(folder.resolve("home")).toString());
    environment.put("AWS_ENDPOINT_URL_SQS", sqsEndpoint);
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_DEFAULT_REGION", "us-east-1"); // version 1 of the AWS CLI
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    // Or a first command would have one made that still writes in the folder while it is deleted.
    environment.put("JOB_PROCESSOR_START_ARCHIVE", "off");
  }

  private void copyScripts(Path bin) throws IOException {
    Path target = Files.createDirectory(folder.resolve("bin"));
    try (Stream<Path> files = Files.list(bin)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private void copy(Path jar, String to) throws IOException {
    assertTrue(Files.exists(jar), jar + " is not built");
    Files.copy(jar, Files.createDirectories(folder.resolve(to)).resolve(jar.getFileName()));
  }

  private void copyJars(Path from, String to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        copy(file, to);
      }
    }
  }

  /** Runs a command to its end. */
  public Ran run(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process = start(out, err, command);
    try {
      assertTrue(process.waitFor(150, TimeUnit.SECONDS), "takes too long: " + command[0]);
    } finally {
      end(process);
    }
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Process start(Path out, Path err, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Stops the worker that runs, if one does, and starts another; waits until it takes jobs. */
  public void startWorker(String script) throws IOException {
    stop(workers);
    Path log = Files.createTempFile(folder, "worker", ".log");
    Process worker = start(log, log, "bash", "-euc", script);
    workers.add(worker);
    await().atMost(SOON).until(() -> text(log).contains("taking jobs") || !worker.isAlive());
    assertTrue(worker.isAlive(), () -> script + text(log));
  }

  /** Starts what serves on a port, and waits until it does. */
  void startService(String script, int port) throws IOException {
    Path log = Files.createTempFile(folder, "service", ".log");
    Process service = start(log, log, "bash", "-euc", script);
    services.add(service);
    await().atMost(SOON).until(() -> answers(port) || !service.isAlive());
    assertTrue(service.isAlive(), () -> script + text(log));
  }

  private static boolean answers(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(List<Process> processes) {
    processes.forEach(Unpacked::end);
    processes.clear();
  }

  /** SIGTERM, and if that is not enough SIGKILL, to it and its children. */
  private static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public void close() {
    stop(workers);
    stop(services);
  }
}
