package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The daemon as a real process, {@code bin/job-processor} of this checkout, in an environment of
 * its own.
 */
public final class DaemonProcess implements AutoCloseable {

  /** What to start and around what. */
  public static final class Builder {
    /** The port of the service "discard", which nobody has any more. */
    private static final String NOWHERE = "http://127.0.0.1:9";

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Path command = Checkout.root().resolve("bin/job-processor");
    private String input = "";

    private Builder() {
      set("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
      set("JAVA_HOME", System.getProperty("java.home"));
      set("AWS_EC2_METADATA_DISABLED", "true");
      set("AWS_REGION", "us-east-1");
      set("AWS_ACCESS_KEY_ID", "test");
      set("AWS_SECRET_ACCESS_KEY", "test");
      // Every test can be run with either client.
      String client = System.getenv("JOB_PROCESSOR_SQS_CLIENT");
      if (client != null) {
        set("JOB_PROCESSOR_SQS_CLIENT", client);
      }
    }

    public Builder arguments(String... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    /**
     * {@code --user-data} and the pairs, joined by newlines; with no status page unless one of them
     * says where, since tests run side by side.
     */
    public Builder userData(String... pairs) {
      List<String> all = new ArrayList<>(List.of(pairs));
      if (Stream.of(pairs).noneMatch(pair -> pair.contains("status_port="))) {
        all.add("status_port=0");
      }
      return arguments("--user-data", String.join("\n", all));
    }

    /** Sets a variable, over the ones set by default. */
    public Builder set(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /** Takes a variable away that is set by default. */
    public Builder unset(String variable) {
      environment.remove(variable);
      return this;
    }

    /** Where SQS is. */
    public Builder sqs(URI endpoint) {
      return set("AWS_ENDPOINT_URL_SQS", endpoint.toString());
    }

    /**
     * Where the instance metadata service is; no credentials and region but what it says. EC2 and
     * Auto Scaling are nowhere, unless {@link FakeFleet#serve} says where.
     */
    public Builder imds(URI endpoint) {
      environment.putIfAbsent("AWS_ENDPOINT_URL_EC2", NOWHERE);
      environment.putIfAbsent("AWS_ENDPOINT_URL_AUTO_SCALING", NOWHERE);
      return set("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint.toString())
          .unset("AWS_EC2_METADATA_DISABLED")
          .unset("AWS_ACCESS_KEY_ID")
          .unset("AWS_SECRET_ACCESS_KEY")
          .unset("AWS_REGION");
    }

    /** Another program than the daemon. */
    public Builder command(Path program) {
      this.command = program;
      return this;
    }

    /** What it reads from standard input before that ends. */
    public Builder input(String text) {
      this.input = text;
      return this;
    }

    /** Starts it, without a word about whether it has begun to work. */
    public DaemonProcess start() {
      try {
        Path home = Files.createTempDirectory("job-processor-");
        for (String folder : List.of("home", "lib", "state", "tmp")) {
          Files.createDirectory(home.resolve(folder));
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("HOME", home.resolve("home").toString());
        all.put("JOB_PROCESSOR_LIB", home.resolve("lib").toString());
        all.put("STATE_DIRECTORY", home.resolve("state").toString());
        all.put("TMPDIR", home.resolve("tmp").toString());
        all.putAll(environment);
        if (!Files.isExecutable(command)) {
          throw new AssertionError("no program: " + command.toAbsolutePath());
        }
        // A session of its own: the children can be found when their parent is dead.
        List<String> line = new ArrayList<>(List.of("setsid", command.toString()));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
        builder.environment().clear();
        builder.environment().putAll(all);
        DaemonProcess daemon = new DaemonProcess(builder.start(), home, Map.copyOf(all));
        LIVING.add(daemon);
        daemon.feed(input);
        return daemon;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Those that nobody has closed yet: they must not outlive the tests that are cut off. */
  private static final Set<DaemonProcess> LIVING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVING.forEach(DaemonProcess::killAll)));
  }

  private final Process process;
  private final Path home;
  private final Map<String, String> environment;
  private final Lines lines = new Lines();
  private final Thread outReader;
  private final Thread errReader;

  private DaemonProcess(Process process, Path home, Map<String, String> environment) {
    this.process = process;
    this.home = home;
    this.environment = environment;
    this.outReader = Thread.ofVirtual().start(() -> lines.readOut(process.inputReader(UTF_8)));
    this.errReader = Thread.ofVirtual().start(() -> lines.readErr(process.errorReader(UTF_8)));
  }

  /**
   * A daemon with the Java of this test, dummy credentials, us-east-1, no instance metadata, and
   * folders of its own; nothing of this process's environment but the PATH.
   */
  public static Builder builder() {
    return new Builder();
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
    awaitOutput();
    return process.exitValue();
  }

  /** Kills it and its children, and removes its folders. */
  @Override
  public void close() {
    killAll();
    LIVING.remove(this);
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      awaitOutput();
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

  /** Children may hold the streams open for longer than this. */
  private void awaitOutput() throws InterruptedException {
    outReader.join(Duration.ofMillis(500));
    errReader.join(Duration.ofMillis(500));
  }

  /** Of a pid, or of a process group with a minus before it. */
  private static void kill(String signal, String target) {
    try {
      new ProcessBuilder("kill", "-" + signal, "--", target)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
