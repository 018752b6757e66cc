package com.amazonaws.jobprocessor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The workers that are compared. */
enum Contestant {
  JOB_PROCESSOR("job-processor"),
  SPRING_BATCHED("spring-batched"),
  SPRING("spring"),
  SQS_CONSUMER("sqs-consumer"),
  SDK_LOOP("sdk-loop"),
  ORIGINAL("original"),

  /** This daemon with jobs in Python; last, since it is not compared with the others. */
  PYTHON("job-processor-python");

  /** Ten jobs a second, more or less: as many as are worth waiting for. */
  private static final int MAX_OF_THE_ORIGINAL = 200;

  /** A process a slot, each as busy as the daemon itself: more than processors help nobody. */
  private static final int PYTHONS = Runtime.getRuntime().availableProcessors();

  private static final String PYTHON_PROGRAM =
      """
      import json, sys

      for line in sys.stdin:
          job = json.loads(line)
          answer = {"job_id": job["job_id"], "result": job["body"][::-1]}
          print(json.dumps(answer), flush=True)
      """;

  private static final String PEERS = "com.amazonaws.jobprocessor.bench.";

  private final String title;

  Contestant(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  static Contestant named(String title) {
    return Arrays.stream(values())
        .filter(c -> c.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no worker " + title));
  }

  /** How many jobs it gets when the others get so many. */
  int jobs(int wanted) {
    return this == ORIGINAL ? Math.min(wanted, MAX_OF_THE_ORIGINAL) : wanted;
  }

  /** The command that starts it. */
  List<String> command(Site site, Queues queues, int slots) {
    return switch (this) {
      case JOB_PROCESSOR -> jobProcessor(site, queues, slots, "ReverseSpacelessString");
      case SPRING_BATCHED -> spring(site, queues, slots, "batched");
      case SPRING -> spring(site, queues, slots, "one");
      case SQS_CONSUMER ->
          List.of(
              "node",
              site.peers().resolve("sqs-consumer/target/worker.js").toString(),
              queues.backlog(),
              queues.results(),
              Integer.toString(slots));
      case SDK_LOOP ->
          java(
              site,
              "sdk",
              "peers.SdkLoop",
              queues.backlog(),
              queues.results(),
              Integer.toString(slots));
      case ORIGINAL ->
          java(site, "sdk", "peers.OriginalDesign", queues.backlog(), queues.results());
      case PYTHON ->
          jobProcessor(
              site,
              queues,
              Math.min(slots, PYTHONS),
              "PersistentCommand,executor.command=python3 " + pythonProgram(site));
    };
  }

  private static Path pythonProgram(Site site) {
    try {
      return Files.writeString(site.work().resolve("reverse.py"), PYTHON_PROGRAM);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This daemon, with one of the executors that come with it. */
  static List<String> jobProcessor(Site site, Queues queues, int slots, String executor) {
    return List.of(
        site.daemon().resolve("bin/job-processor").toString(),
        "--user-data",
        String.join(
            ",",
            "job_backlog_queue_name=" + queues.backlog(),
            "results_queue_name=" + queues.results(),
            "dead_letter_queue_name=" + queues.deadLetters(),
            "job_executor=com.amazonaws.jobprocessor.executors." + executor,
            "poll_rate_per_min=600000",
            "concurrency=" + slots));
  }

  private static List<String> spring(Site site, Queues queues, int slots, String profile) {
    return java(
        site,
        "spring",
        "spring.SpringWorker",
        "--spring.profiles.active=" + profile,
        "--backlog=" + queues.backlog(),
        "--results=" + queues.results(),
        "--spring.cloud.aws.sqs.listener.max-concurrent-messages=" + slots);
  }

  private static List<String> java(Site site, String peer, String main, String... arguments) {
    Path folder = site.peers().resolve(peer).resolve("target");
    List<String> command = new ArrayList<>();
    command.add(site.java().resolve("bin/java").toString());
    command.addAll(site.tls().jvmOptions());
    command.add("-cp");
    command.add(folder + "/*:" + folder.resolve("lib") + "/*");
    command.add(PEERS + main);
    command.addAll(List.of(arguments));
    return command;
  }
}
