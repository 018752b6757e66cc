package com.amazonaws.jobprocessor.client;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An application in a process of its own, which can be killed: it enqueues numbered jobs. */
public final class EnqueuingProcess {
  private EnqueuingProcess() {}

  /** Arguments: queue, table, the first number, how many. */
  public static void main(String[] args) throws InterruptedException {
    int first = Integer.parseInt(args[2]);
    int count = Integer.parseInt(args[3]);
    try (Enqueuer enqueuer =
        Enqueuer.builder(args[0]).jobTable(args[1]).linger(Duration.ofSeconds(1)).build()) {
      for (int i = first; i < first + count; i++) {
        var enqueued = enqueuer.enqueueAsync(NewJob.of("text-" + i).withId("job-" + i));
        if (i == first + count - 1) {
          enqueuer.flush();
          enqueued.join();
        }
      }
    }
  }

  private static String classPath() {
    if (EnqueuingProcess.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> parts = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        parts.add(Path.of(url.getPath()).toString());
      }
      return String.join(File.pathSeparator, parts);
    }
    return System.getProperty("java.class.path");
  }

  /** Starts one. */
  static Process start(URI sqs, URI dynamo, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", classPath()));
    command.add(EnqueuingProcess.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ENDPOINT_URL_SQS", sqs.toString(),
                "AWS_ENDPOINT_URL_DYNAMODB", dynamo.toString(),
                "AWS_REGION", "us-east-1",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_ACCESS_KEY_ID", "x",
                "AWS_SECRET_ACCESS_KEY", "y"));
    return builder.inheritIO().start();
  }
}
