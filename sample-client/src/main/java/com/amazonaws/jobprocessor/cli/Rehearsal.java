package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine;

/**
 * Does what users do most, in one process, so that the JVM can record which classes that takes, and
 * keeps what each {@code --help} prints: what {@code bin/make-start-archive} starts.
 */
final class Rehearsal {
  private static final int JOBS = 40;
  private static final String QUEUE = "rehearsal";

  private Rehearsal() {}

  /**
   * Ends with 0 if all commands do.
   *
   * @param args a folder for files
   */
  public static void main(String[] args) throws IOException {
    AwsAccess.forbidImdsV1();
    Stop stop = Stop.onSignals();
    Path folder = Path.of(args[0]);
    Path helps = Files.createDirectory(folder.resolve("help"));
    boolean done = play(stop, OutputStream.nullOutputStream(), "--version");
    // As the command line's library would choose it, were there a terminal or none.
    for (String style : List.of("plain", "colour")) {
      System.setProperty("picocli.ansi", Boolean.toString(style.equals("colour")));
      Path kept = Files.createDirectory(helps.resolve(style));
      done &= keepHelp(stop, kept, SampleClient.commandLine(stop), List.of());
    }
    System.clearProperty("picocli.ansi");
    if (System.getenv("AWS_ENDPOINT_URL_SQS") != null) {
      done &= works(folder, stop);
    }
    stop.ended();
    System.exit(done ? 0 : 1);
  }

  /** Of a command and those below it, each in a file of the command's name. */
  private static boolean keepHelp(Stop stop, Path folder, CommandLine command, List<String> name)
      throws IOException {
    String file = name.isEmpty() ? "sample-client" : String.join(" ", name);
    List<String> arguments = new ArrayList<>(name);
    arguments.add("--help");
    boolean done;
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      done = play(stop, out, arguments.toArray(String[]::new));
    }
    for (Map.Entry<String, CommandLine> below : command.getSubcommands().entrySet()) {
      List<String> longer = new ArrayList<>(name);
      longer.add(below.getKey());
      done &= keepHelp(stop, folder, below.getValue(), longer);
    }
    return done;
  }

  private static boolean works(Path folder, Stop stop) throws IOException {
    List<String> lines = IntStream.range(0, JOBS).mapToObj(i -> "job " + i).toList();
    String file = Files.write(folder.resolve("jobs.txt"), lines).toString();
    String queue = "--backlog-queue=" + QUEUE;
    return play(stop, "submit", "--create-queue", queue, file)
        && play(stop, "submit", "--ids", "--pack=10", queue, file)
        && play(stop, "queues", queue, "--results-queue=" + QUEUE, "--dead-letter-queue=" + QUEUE)
        && play(stop, "dead-letters", "--dead-letter-queue=" + QUEUE)
        && play(stop, "results", "--results-queue=" + QUEUE, "--expect=" + 2 * JOBS, "--json");
  }

  private static boolean play(Stop stop, String... command) {
    return play(stop, OutputStream.nullOutputStream(), command);
  }

  private static boolean play(Stop stop, OutputStream out, String... command) {
    int status = SampleClient.run(command, out, stop);
    if (status != 0) {
      System.err.println("rehearsal: " + List.of(command) + " ended with " + status);
    }
    return status == 0;
  }
}
