package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Some workers of this daemon on one backlog, from their start to their stop. */
final class FleetTrial implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final int LONGEST_IN_IDEALS = 20;

  /** After which no receive waits any more that was begun amid jobs of the kind before. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final SqsServer server;
  private final Queues queues;
  private final int slots;
  private final List<String> names;
  private final List<Worker> workers = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();

  /** Starts the workers on empty queues. */
  FleetTrial(Site site, SqsServer server, int size, int slots) {
    this.server = server;
    this.slots = slots;
    this.queues = Queues.of("fleet-" + size);
    this.names = IntStream.range(0, size).mapToObj(i -> "fleet-" + size + "-" + i).toList();
    server.createQueues(queues.all());
    List<String> command = Contestant.jobProcessor(site, queues, slots, "Sleep");
    names.forEach(name -> workers.add(Worker.start(site, name, server.endpoint(), command)));
  }

  /**
   * Lets the workers come to rest, puts jobs into the backlog while the server holds all receives,
   * lets go when a receive of every worker waits, and measures until the last result is there and
   * the last job is deleted.
   *
   * @param millis how long each job sleeps
   * @param perSlot jobs for each slot of each worker
   * @throws TrialFailed if a worker ends, or it takes too long
   */
  FleetRun run(int millis, int perSlot) throws TrialFailed {
    int jobs = perSlot * slots * workers.size();
    Await.atMost(REST, () -> false);
    server.hold();
    server
        .send(queues.backlog(), Collections.nCopies(jobs, Integer.toString(millis)))
        .forEach(id -> expected.add(id + " slept " + millis + " ms"));
    await(LONGEST_START, "wait for jobs", () -> server.waitingCallers().containsAll(names));
    Duration before = cpuTime();
    long start = System.nanoTime();
    server.release();
    // Jobs that do not sleep take a while as well.
    Duration ideal = Duration.ofMillis(Math.max(1L, millis) * perSlot);
    await(ideal.multipliedBy(LONGEST_IN_IDEALS).plusSeconds(30), "do all jobs", this::isDone);
    Duration cpu = cpuTime().minus(before);
    long last = server.state(queues.results()).lastArrivalNanos();
    return new FleetRun(
        workers.size(),
        slots,
        Duration.ofMillis(millis),
        jobs,
        Duration.ofNanos(last - start),
        cpu);
  }

  private boolean isDone() {
    return server.state(queues.results()).sent() >= expected.size()
        && server.state(queues.backlog()).deleted() >= expected.size();
  }

  private Duration cpuTime() {
    return workers.stream().map(w -> w.tree().cpuTime()).reduce(Duration.ZERO, Duration::plus);
  }

  private void await(Duration most, String what, BooleanSupplier done) throws TrialFailed {
    boolean came = Await.atMost(most, () -> done.getAsBoolean() || ended() != null);
    Worker ended = ended();
    if (ended != null) {
      throw new TrialFailed("a worker ended; its last words:\n" + ended.lastWords());
    }
    if (!came) {
      throw new TrialFailed("the workers did not " + what + " within " + most.toSeconds() + " s");
    }
  }

  private @org.jspecify.annotations.Nullable Worker ended() {
    return workers.stream().filter(worker -> !worker.isAlive()).findFirst().orElse(null);
  }

  /** Whether each job so far has its one result; to be asked after the stop. */
  Verdict verdict() {
    return Verdict.of(
        expected,
        server.sent(queues.results()).stream()
            .map(result -> result.attributes().get("job_message_id") + " " + result.body())
            .toList());
  }

  /** Stops all workers at the same time. */
  @Override
  public void close() {
    server.release();
    workers.forEach(Worker::askToStop);
    workers.forEach(Worker::close);
  }
}
