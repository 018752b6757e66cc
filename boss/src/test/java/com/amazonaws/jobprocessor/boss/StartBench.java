package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Figures of a boss that is a process of its own, with the options of {@code bin/boss}: how long it
 * takes from its start to a first page and to the first send, and how much memory it needs to give
 * all results.
 */
final class StartBench {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int HEAP = 64;
  private static final String QUEUE = "bench-todo";

  /** With a start archive beside it, if {@code bin/package} has made it. */
  private static final Path BUILT = Checkout.root().resolve("boss/target/boss.jar");

  private final String database;
  private final BossBench.Guest guest;
  private final int tasks;
  private final String[] options;

  /**
   * Of a database that nobody has open.
   *
   * @param options that say where it is
   */
  StartBench(String database, BossBench.Guest guest, int tasks, String... options) {
    this.database = database;
    this.guest = guest;
    this.tasks = tasks;
    this.options = options;
  }

  /** Prints its figures. */
  void run() throws Exception {
    try (EmbeddedSqs sqs = EmbeddedSqs.start();
        HttpClient client = HttpClient.newHttpClient()) {
      BossBench.say(database, "from a start to the first send, after a kill", firstSend(sqs));
      // Each of these starts is after a kill, too.
      for (String page : List.of("/", "/tasks", "/", "/tasks")) {
        BossBench.say(database, "from a start to the page " + page, first(sqs, client, page));
      }
      for (String format : List.of("csv", "jsonl")) {
        BossBench.say(
            database, "%s with a heap of %d MB".formatted(format, HEAP), all(sqs, client, format));
      }
    }
  }

  private DaemonProcess start(EmbeddedSqs sqs, int heap) {
    DaemonProcessBuilder builder = DaemonProcess.builder().sqs(sqs.endpoint());
    if (heap == 0 && Files.exists(BUILT)) {
      builder.command(Checkout.root().resolve("bin/boss"));
    } else {
      builder
          .command(Path.of(System.getProperty("java.home"), "bin", "java"))
          .arguments(
              heap == 0 ? "-XX:-UsePerfData" : "-Xmx" + heap + "m",
              "-XX:+UseSerialGC",
              "-XX:+ExitOnOutOfMemoryError",
              "-cp",
              System.getProperty(
                  "surefire.test.class.path", System.getProperty("java.class.path", "")),
              Boss.class.getName());
    }
    return builder
        .arguments(
            "start",
            "--port=0",
            "--backlog-queue=" + QUEUE,
            "--results-queue=bench-results",
            "--dead-letter-queue=bench-dead")
        .arguments(options)
        .start();
  }

  private static URI root(DaemonProcess boss) throws InterruptedException {
    String line = boss.awaitLine("the pages are at ", LONG);
    return URI.create(line.substring(line.indexOf("http://")));
  }

  private String first(EmbeddedSqs sqs, HttpClient client, String page) throws Exception {
    long begin = System.nanoTime();
    try (DaemonProcess boss = start(sqs, 0)) {
      URI root = root(boss);
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(root.resolve(page))
                  .timeout(LONG)
                  .header("Cookie", "boss-%d=%s".formatted(root.getPort(), guest.session()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      long millis = (System.nanoTime() - begin) / 1_000_000;
      if (answer.statusCode() != 200) {
        throw new AssertionError(page + ": " + answer.statusCode() + "\n" + boss);
      }
      double cpu = boss.cpuTime().toMillis() / 1000.0;
      boss.sigkill();
      boss.awaitExit(LONG);
      return "%,d ms; %.1f s CPU".formatted(millis, cpu);
    }
  }

  /** Of a boss that was killed while it was sending. */
  private String firstSend(EmbeddedSqs sqs) throws Exception {
    Fault refused = sqs.proxy().on("SendMessageBatch").queue(QUEUE).deny().forever();
    try (DaemonProcess boss = start(sqs, 0)) {
      refused.awaitHit(LONG);
      boss.sigkill();
      boss.awaitExit(LONG);
    }
    refused.clear();
    long millis =
        BossBench.millis(
            () -> {
              try (DaemonProcess boss = start(sqs, 0)) {
                while (sqs.counts(QUEUE).total() == 0 && boss.isAlive()) {
                  Thread.sleep(10);
                }
                boss.sigkill();
                boss.awaitExit(LONG);
              }
            });
    return "%,d ms".formatted(millis);
  }

  private String all(EmbeddedSqs sqs, HttpClient client, String format) throws Exception {
    try (DaemonProcess boss = start(sqs, HEAP)) {
      String url = root(boss) + "api/v1/results?format=" + format;
      long lines = format.equals("csv") ? tasks + 1L : tasks;
      long millis = BossBench.millis(() -> BossBench.lines(client, guest.token(), url, lines));
      return "%,d rows/s; resident at most %s"
          .formatted(tasks * 1000L / Math.max(1, millis), peak(boss.pid()));
    }
  }

  /** Of a process, as Linux counts it. */
  private static String peak(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("?");
  }
}
