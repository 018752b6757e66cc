package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Gives the sample client, or the boss, an SQS for what it does while its JVM records which classes
 * that takes. What {@code bin/make-start-archive} starts.
 */
public final class ClientTraining {
  private static final String NAME = "client-training";
  private static final Duration LONGEST_RUN = Duration.ofMinutes(3);

  private ClientTraining() {}

  /**
   * Ends with 0 if the client does, else with 1.
   *
   * @param arguments a folder for the log, and the client's command
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path work = Path.of(arguments[0]);
    List<String> command = List.of(arguments).subList(1, arguments.length);
    Path java = Path.of(System.getProperty("java.home"));
    try (SqsServer server = SqsServer.start(Duration.ZERO);
        Worker client =
            Worker.start(
                new Site(work, work, java, work, Tls.NONE), NAME, server.endpoint(), command)) {
      int status = client.await(LONGEST_RUN, () -> {});
      if (status != 0) {
        System.err.println("the client ended with " + status + ":\n" + client.lastWords());
      }
      System.exit(status == 0 ? 0 : 1);
    }
  }
}
