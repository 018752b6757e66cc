package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.QueueState;
import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets one worker do one backlog, and measures it. */
final class Trial {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  /** No worker here is slower than five jobs a second. */
  private static final int LEAST_JOBS_A_SECOND = 5;

  private final Site site;
  private final SqsServer server;

  Trial(Site site, SqsServer server) {
    this.site = site;
    this.server = server;
  }

  /**
   * Runs it.
   *
   * @param name of the run, that no other run has
   * @throws TrialFailed if the worker does not start, ends early, or takes too long
   */
  Run run(String name, Contestant contestant, int jobs, int slots) throws TrialFailed {
    return run(name, contestant, new Load.Single(Jobs.texts(jobs)), slots);
  }

  /** As {@link #run(String, Contestant, int, int)}, on jobs in messages of whatever kind. */
  Run run(String name, Contestant contestant, Load load, int slots) throws TrialFailed {
    return run(name, queues -> contestant.command(site, queues, slots), load, () -> Beside.NOTHING);
  }

  /**
   * Runs it, with something beside the worker.
   *
   * @param command starts the worker on a run's queues
   * @param company begins before the worker does, and is closed after its last job
   */
  Run run(
      String name,
      Function<Queues, List<String>> command,
      Load load,
      Supplier<? extends Beside> company)
      throws TrialFailed {
    Queues queues = Queues.of(name);
    server.createQueues(queues.all());
    load.send(server, queues.backlog());
    server.startCounting();
    Run run;
    try (Beside _ = company.get();
        Worker worker = Worker.start(site, name, server.endpoint(), command.apply(queues))) {
      run = measure(worker, queues, load);
    }
    // Only now, since a result may have been sent again until the end.
    List<SqsServer.Sent> results = server.sent(queues.results());
    server.dropQueues(queues.all());
    return run.judged(load.judge(results));
  }

  private Run measure(Worker worker, Queues queues, Load load) throws TrialFailed {
    int jobs = load.jobs();
    awaitOrFail(worker, LONGEST_START, "first receive", () -> firstReceive() != 0);
    Duration startupCpu = worker.tree().cpuTime();
    Duration serverBefore = server.cpuTime();
    Duration longest = LONGEST_START.plusSeconds(jobs / LEAST_JOBS_A_SECOND);
    awaitOrFail(worker, longest, "last delete", () -> isDone(queues, load));
    Duration cpu = worker.tree().cpuTime().minus(startupCpu);
    long last = server.state(queues.results()).lastArrivalNanos();
    return new Run(
        jobs,
        server.counts().requests(),
        server.counts().billed(),
        new Run.Start(Duration.ofNanos(firstReceive() - worker.startedNanos()), startupCpu),
        new Run.Work(
            Duration.ofNanos(last - firstReceive()),
            cpu,
            server.cpuTime().minus(serverBefore),
            worker.tree().peakKibibytes()),
        new Verdict(0, 0, 0));
  }

  private static void awaitOrFail(Worker worker, Duration most, String what, BooleanSupplier done)
      throws TrialFailed {
    boolean came = Await.atMost(most, () -> done.getAsBoolean() || !worker.isAlive());
    if (!came || !done.getAsBoolean()) {
      throw new TrialFailed(
          (came ? "ended before its " : "took over " + most.toSeconds() + " s to its ")
              + what
              + "; its last words:\n"
              + worker.lastWords());
    }
  }

  private long firstReceive() {
    return server.counts().firstReceives().values().stream()
        .mapToLong(Long::longValue)
        .min()
        .orElse(0);
  }

  private boolean isDone(Queues queues, Load load) {
    QueueState backlog = server.state(queues.backlog());
    return server.state(queues.results()).sent() >= load.leastResults()
        && backlog.deleted() >= backlog.sent();
  }
}
