package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.EffectiveSetting;
import com.amazonaws.jobprocessor.config.Problem;
import com.amazonaws.jobprocessor.config.Source;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options that give boxes their user data, which is checked as a worker checks it. */
final class BoxSettings {
  /** What EC2 takes, before it is encoded. */
  static final int MAX_BYTES = 16_384;

  private static final String MAX_BOXES = "fleet_max_boxes";

  @Option(
      names = "--user-data",
      paramLabel = "TEXT",
      description = "settings, as in concurrency=4,job_executor=Shout; no secrets")
  private String text;

  @Option(
      names = "--user-data-file",
      paramLabel = "FILE",
      description =
          "file of settings, or a script or cloud-init document that carries them; - is standard input")
  private String file;

  /**
   * User data that a worker accepts.
   *
   * @param text may hold secrets
   * @param backlog the queue that the boxes will work for
   * @param maxBoxes the most that the queue may have
   * @param argument what the AWS CLI is to be given, without any secret
   */
  record Checked(String text, String backlog, int maxBoxes, String argument) {}

  /**
   * Reads and checks them.
   *
   * @throws UserError with a line for each problem
   */
  Checked read(Subcommand command) throws Exception {
    if (text != null && file != null) {
      throw command.wrong("give --user-data or --user-data-file, not both");
    }
    String data = text != null ? text : file != null ? readFile(command.stop()) : "";
    if (data.getBytes(UTF_8).length > MAX_BYTES) {
      throw new UserError(
          String.format(
              Locale.ROOT,
              "the user data has %,d bytes; EC2 takes %,d",
              data.getBytes(UTF_8).length,
              MAX_BYTES));
    }
    Configuration configuration =
        Configuration.read(
            List.of(new Source("user data", data)), Runtime.getRuntime().availableProcessors());
    refuse(command, text == null ? List.of() : Configuration.refusedOnCommandLine(text));
    refuse(command, configuration.problems());
    configuration.warnings().forEach(warning -> command.say("warning: " + warning));
    if (!configuration.secrets().isEmpty()) {
      command.say(
          "warning: the user data holds secrets; whoever may describe the instances can read them");
    }
    return new Checked(
        data,
        configuration.settings().queues().backlog(),
        Integer.parseInt(value(configuration, MAX_BOXES)),
        argument());
  }

  private static void refuse(Subcommand command, List<Problem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    problems.forEach(problem -> command.say(problem.message()));
    throw new UserError("no worker would start with this user data; nothing was launched");
  }

  private static String value(Configuration configuration, String key) {
    return configuration.effective().stream()
        .filter(row -> row.key().equals(key))
        .map(EffectiveSetting::value)
        .findFirst()
        .orElseThrow();
  }

  private String readFile(Stop stop) throws Exception {
    try (InputStream in = Input.open(file)) {
      byte[] bytes = stop.unless(() -> in.readNBytes(MAX_BYTES + 1));
      if (bytes.length > MAX_BYTES) {
        throw new UserError(
            String.format(
                Locale.ROOT,
                "\"%s\" has more than %,d bytes, which is what EC2 takes",
                file,
                MAX_BYTES));
      }
      return Input.text(file, bytes, "settings");
    } catch (IOException e) {
      throw Input.unreadable(file, e);
    }
  }

  private String argument() {
    if (file == null) {
      return text == null ? "" : text;
    }
    return "file://" + (Input.isStandardInput(file) ? "/dev/stdin" : file);
  }
}
