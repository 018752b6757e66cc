package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Does what users do most, in one process, so that the JVM can record which classes that takes:
 * what {@code bin/make-start-archive} starts.
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
    boolean done = helps(stop);
    if (System.getenv("AWS_ENDPOINT_URL_SQS") != null) {
      done &= works(Path.of(args[0]), stop);
    }
    stop.ended();
    System.exit(done ? 0 : 1);
  }

  private static boolean helps(Stop stop) {
    boolean done = play(stop, "--help") && play(stop, "--version");
    for (Commands command : Commands.values()) {
      done &= play(stop, command.title(), "--help");
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
    int status = SampleClient.run(command, OutputStream.nullOutputStream(), stop);
    if (status != 0) {
      System.err.println("rehearsal: " + List.of(command) + " ended with " + status);
    }
    return status == 0;
  }
}
