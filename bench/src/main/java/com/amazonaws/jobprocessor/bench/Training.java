package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.QueueState;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Has a daemon do what daemons do, so that its JVM can record which classes and methods that takes:
 * many jobs over TLS, some that fail, as many in packs, a stop. What {@code bin/make-start-archive}
 * starts.
 */
public final class Training {
  private static final String NAME = "training";
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);

  /** The JVM writes down at its end what it has seen. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);

  private static final int FAILING = 20;

  /** Jobs a pack: of each size as many jobs as there are alone in their messages. */
  private static final List<Integer> PACKS = List.of(10, 100);

  private Training() {}

  /**
   * Ends with 0 if all jobs came to their right ends and the daemon ended with 0, else with 1.
   *
   * @param arguments a folder for the log, the number of jobs, and the daemon's command but for its
   *     user data
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path work = Path.of(arguments[0]);
    int jobs = Integer.parseInt(arguments[1]);
    Queues queues = Queues.of(NAME);
    List<String> command = new ArrayList<>(List.of(arguments).subList(2, arguments.length));
    command.add("--user-data");
    command.add(userData(queues));
    Path java = Path.of(System.getProperty("java.home"));
    Tls tls = Tls.make(java, work);
    command.addAll(1, tls.jvmOptions());
    try (SqsServer server = tls.server(Duration.ZERO)) {
      Site site = new Site(work, work, java, work, tls);
      System.exit(run(server, site, queues, command, jobs) ? 0 : 1);
    }
  }

  private static String userData(Queues queues) {
    return String.join(
        ",",
        "job_backlog_queue_name=" + queues.backlog(),
        "results_queue_name=" + queues.results(),
        "dead_letter_queue_name=" + queues.deadLetters(),
        "job_executor=com.amazonaws.jobprocessor.executors.ReverseSpacelessString",
        "poll_rate_per_min=600000",
        "concurrency=16");
  }

  private static boolean run(
      SqsServer server, Site site, Queues queues, List<String> command, int jobs)
      throws InterruptedException {
    List<String> texts = Jobs.texts(jobs);
    server.createQueues(queues.all());
    server.send(queues.backlog(), texts);
    server.send(
        queues.backlog(),
        IntStream.range(0, FAILING).mapToObj(i -> "job " + i + " fails").toList());
    try (Worker worker = Worker.start(site, NAME, server.endpoint(), command)) {
      if (!areDone(worker, () -> isDone(server, queues, jobs))) {
        return false;
      }
      Verdict verdict = Verdict.of(Jobs.reversed(texts), bodies(server.sent(queues.results())));
      if (!verdict.isRight()) {
        System.err.println("training: " + verdict);
        return false;
      }
      for (int size : PACKS) {
        if (!runPacked(server, worker, queues, new PackedJobs(texts, size))) {
          return false;
        }
      }
      if (worker.stop(LONGEST_STOP) != 0) {
        System.err.println("training: the daemon did not stop well:\n" + worker.lastWords());
        return false;
      }
    }
    return true;
  }

  /**
   * After those alone in their messages, so that a start, which has such ones, finds them first.
   */
  private static boolean runPacked(
      SqsServer server, Worker worker, Queues queues, PackedJobs packs) {
    long deleted = server.state(queues.backlog()).deleted();
    int results = server.sent(queues.results()).size();
    int messages = Math.ceilDiv(packs.jobs(), packs.size());
    packs.send(server, queues.backlog());
    if (!areDone(worker, () -> server.state(queues.backlog()).deleted() >= deleted + messages)) {
      return false;
    }
    List<SqsServer.Sent> all = server.sent(queues.results());
    Verdict verdict = packs.judge(all.subList(results, all.size()));
    if (!verdict.isRight()) {
      System.err.println("training, packs of " + packs.size() + ": " + verdict);
    }
    return verdict.isRight();
  }

  private static boolean areDone(Worker worker, BooleanSupplier condition) {
    boolean done = Await.atMost(LONGEST_RUN, () -> condition.getAsBoolean() || !worker.isAlive());
    if (!done || !worker.isAlive()) {
      System.err.println("training: the jobs were not done:\n" + worker.lastWords());
      return false;
    }
    return true;
  }

  private static List<String> bodies(List<SqsServer.Sent> results) {
    return results.stream().map(SqsServer.Sent::body).toList();
  }

  private static boolean isDone(SqsServer server, Queues queues, int jobs) {
    QueueState backlog = server.state(queues.backlog());
    return backlog.deleted() >= jobs + FAILING
        && server.state(queues.results()).sent() >= jobs
        && server.state(queues.deadLetters()).sent() >= FAILING;
  }
}
