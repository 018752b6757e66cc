package com.amazonaws.jobprocessor.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A {@link DaemonProcess} to be: what to start, and around what. */
public final class DaemonProcessBuilder {
  /** The port of the service "discard", which nobody has any more. */
  private static final String NOWHERE = "http://127.0.0.1:9";

  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Path command = Checkout.root().resolve("bin/job-processor");
  private String input = "";

  DaemonProcessBuilder() {
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

  public DaemonProcessBuilder arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /**
   * {@code --user-data} and the pairs, joined by newlines; with no status page unless one of them
   * says where, since tests run side by side.
   */
  public DaemonProcessBuilder userData(String... pairs) {
    List<String> all = new ArrayList<>(List.of(pairs));
    if (Stream.of(pairs).noneMatch(pair -> pair.contains("status_port="))) {
      all.add("status_port=0");
    }
    return arguments("--user-data", String.join("\n", all));
  }

  /** Sets a variable, over the ones set by default. */
  public DaemonProcessBuilder set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Takes a variable away that is set by default. */
  public DaemonProcessBuilder unset(String variable) {
    environment.remove(variable);
    return this;
  }

  /** Where SQS is. */
  public DaemonProcessBuilder sqs(URI endpoint) {
    return set("AWS_ENDPOINT_URL_SQS", endpoint.toString());
  }

  /**
   * Where the instance metadata service is; no credentials and region but what it says. EC2 and
   * Auto Scaling are nowhere, unless {@link FakeFleet#serve} says where.
   */
  public DaemonProcessBuilder imds(URI endpoint) {
    environment.putIfAbsent("AWS_ENDPOINT_URL_EC2", NOWHERE);
    environment.putIfAbsent("AWS_ENDPOINT_URL_AUTO_SCALING", NOWHERE);
    return set("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint.toString())
        .unset("AWS_EC2_METADATA_DISABLED")
        .unset("AWS_ACCESS_KEY_ID")
        .unset("AWS_SECRET_ACCESS_KEY")
        .unset("AWS_REGION");
  }

  /** Another program than the daemon. */
  public DaemonProcessBuilder command(Path program) {
    this.command = program;
    return this;
  }

  /** What it reads from standard input before that ends. */
  public DaemonProcessBuilder input(String text) {
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
      return new DaemonProcess(builder.start(), home, Map.copyOf(all), input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
