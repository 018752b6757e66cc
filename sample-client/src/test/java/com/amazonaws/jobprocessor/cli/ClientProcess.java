package com.amazonaws.jobprocessor.cli;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the client as a process of its own. */
final class ClientProcess {
  private ClientProcess() {}

  private static String classPath() {
    if (SampleClient.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> parts = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        parts.add(Path.of(url.getPath()).toString());
      }
      return String.join(File.pathSeparator, parts);
    }
    return System.getProperty("java.class.path");
  }

  /**
   * Starts it by way of a shell, which may close streams; it prints into the files out and err.
   *
   * @param environment credentials; with none there are keys
   */
  static Process start(
      Path folder,
      String endpoint,
      Map<String, String> environment,
      String redirection,
      String... args)
      throws IOException {
    // The tests may have been started with SIGINT ignored, as a shell's background job is.
    List<String> command =
        new ArrayList<>(
            List.of(
                "env", "--default-signal=INT", "bash", "-c", "exec \"$@\" " + redirection, "bash"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            classPath(),
            SampleClient.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ENDPOINT_URL_SQS",
                endpoint,
                "AWS_REGION",
                "us-east-1",
                "AWS_EC2_METADATA_DISABLED",
                "true"));
    if (environment.isEmpty()) {
      builder.environment().putAll(Map.of("AWS_ACCESS_KEY_ID", "x", "AWS_SECRET_ACCESS_KEY", "y"));
    }
    builder.environment().putAll(environment);
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    return builder.start();
  }
}
