package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does and has done, at one moment: all that the page, {@code /status.json}, the
 * metrics and systemd's status line are drawn from. Texts are without secrets, and may hold any
 * character.
 *
 * @param at the moment, by the wall clock
 * @param spending what it has used so far, priced; worked out when it is asked for
 */
public record Snapshot(
    Instant at,
    Who who,
    Life life,
    Slots slots,
    Queues queues,
    Jobs jobs,
    Trouble trouble,
    Supplier<Spending> spending) {
  private static final Duration SOON = Duration.ofSeconds(1);

  /**
   * The same when it is so old, because the worker does not answer: stuck, if that is longer than
   * any step of its own should take.
   */
  Snapshot aged(Duration age) {
    if (age.compareTo(SOON) < 0) {
      return this;
    }
    Load load = slots.load();
    Load old =
        load == null ? null : new Load(load.jobs(), load.inFlight(), load.waitingCalls(), age);
    List<Stuck> stuck = new ArrayList<>(trouble.stuck());
    if (age.compareTo(StuckWatch.USUAL) > 0) {
      stuck.addFirst(new Stuck("the worker does not answer", age));
    }
    return new Snapshot(
        at,
        who,
        life,
        new Slots(slots.count(), old, slots.busyShare(), slots.busyTime()),
        queues,
        jobs,
        new Trouble(
            trouble.failingCalls(),
            trouble.executorUnavailable(),
            trouble.limit(),
            trouble.failures(),
            trouble.problems(),
            List.copyOf(stuck)),
        spending);
  }

  /** What it has to do; null until it takes jobs. */
  public @Nullable Load load() {
    return slots.load();
  }

  /** What has happened to jobs since the start. */
  public Counts counts() {
    return jobs.counts();
  }

  /**
   * Which worker it is.
   *
   * @param workerId the instance id; elsewhere host name and process id
   * @param version of the program
   * @param instanceType if it is known
   * @param bootTime from the machine's boot to this worker; null if it was not started by the boot
   * @param settings those in force, secrets masked; worked out when they are asked for
   */
  public record Who(
      String workerId,
      String version,
      String region,
      @Nullable String instanceType,
      boolean spot,
      @Nullable Duration bootTime,
      Supplier<List<InForce>> settings) {}

  /**
   * A setting in force.
   *
   * @param value on one line, {@code ****} for a secret, words where there is none
   * @param origin {@code default}, or where it was given
   * @param note what the value means; empty if there is nothing to say
   */
  public record InForce(String key, String value, String origin, String note) {}

  /**
   * How long a worker has been there and will be.
   *
   * @param uptime since its start, whatever became of the wall clock
   * @param drainLeft how long a drain may still take, negative if it is late; null if none is under
   *     way
   * @param drainReason what that drain is for, such as a notice of the box's end; null if none is
   *     under way, or the process is to stop
   * @param drained why the worker has been drained and takes no jobs, although its process stays;
   *     null if that is not so
   */
  public record Life(
      Instant startedAt,
      Duration uptime,
      @Nullable Duration drainLeft,
      @Nullable String drainReason,
      @Nullable String drained) {
    /** Of a worker that takes jobs or is being drained for a stop. */
    public Life(Instant startedAt, Duration uptime, @Nullable Duration drainLeft) {
      this(startedAt, uptime, drainLeft, null, null);
    }
  }

  /**
   * The room for jobs.
   *
   * @param count how many jobs can run at the same time
   * @param load what the worker has to do; null until it takes jobs
   * @param busyShare how great a part of the slots' time in the last minute had a job, 0 to 1
   * @param busyTime for how long slots have had jobs since the start, all slots together
   */
  public record Slots(int count, @Nullable Load load, double busyShare, Duration busyTime) {}

  /**
   * What a worker has to do.
   *
   * @param jobs those that run
   * @param inFlight messages that are not settled, those of running jobs included
   * @param waitingCalls for settled jobs that wait for their turn
   * @param age of these numbers: more than a few seconds if the worker does not answer
   */
  public record Load(List<Running> jobs, int inFlight, int waitingCalls, Duration age) {
    /** How many jobs run. */
    public int running() {
      return jobs.size();
    }
  }

  /**
   * A job that runs.
   *
   * @param attempt its number, from 1
   * @param age since the attempt began
   * @param renewals how often its message's lease has been renewed
   * @param stuck true if it has run for longer than three times what 99 of a hundred attempts in
   *     the last hour took, and longer than {@code expected_job_execution_time_in_secs}
   */
  public record Running(String id, int attempt, Duration age, int renewals, boolean stuck) {}

  /**
   * The queues.
   *
   * @param oldest how old the oldest of the messages was that were received lately; null if the
   *     last receive brought none
   * @param trend the backlog's messages in the last hour, the oldest first
   * @param meanJobs how many jobs a message carries, in the mean of those received lately: 1 but
   *     for packs
   * @param boxes that work for the backlog
   */
  public record Queues(
      Depth backlog,
      Depth results,
      Depth deadLetters,
      @Nullable Oldest oldest,
      List<Sample> trend,
      double meanJobs,
      ListedBoxes boxes) {
    private static final double SOME_PACKS = 1.05;

    /** Queues of a backlog without packs, of whose boxes nothing is known yet. */
    public Queues(
        Depth backlog,
        Depth results,
        Depth deadLetters,
        @Nullable Oldest oldest,
        List<Sample> trend) {
      this(backlog, results, deadLetters, oldest, trend, 1, ListedBoxes.NOT_KNOWN);
    }

    /** True if messages are not jobs: packs are among them. */
    public boolean hasPacks() {
      return meanJobs >= SOME_PACKS;
    }
  }

  /**
   * About how many messages a queue holds.
   *
   * @param reading null until SQS has told
   * @param age of the reading
   */
  public record Depth(String name, QueueGauge.@Nullable Reading reading, Duration age) {}

  /**
   * The oldest message of those that were received in the last minute or two.
   *
   * @param age from its being sent to its receive
   * @param ago since the last receive that brought something
   */
  public record Oldest(Duration age, Duration ago) {}

  /** How many messages the backlog held so long ago, those in flight and delayed included. */
  public record Sample(Duration ago, long messages) {}

  /**
   * What has happened to jobs.
   *
   * @param counts since the start
   * @param runs how long attempts took, however they ended
   * @param waits from a message's being sent to the beginning of its job's first attempt
   * @param history jobs that ended in the last hour
   */
  public record Jobs(Counts counts, Measured runs, Measured waits, History history) {}

  /**
   * How long something took.
   *
   * @param all since the start
   * @param exemplars jobs for which the buckets stand; taken when they are asked for
   */
  public record Measured(HistogramCounts all, Times lastHour, Supplier<List<Exemplar>> exemplars) {
    /** Without exemplars. */
    public Measured(HistogramCounts all, Times lastHour) {
      this(all, lastHour, List::of);
    }

    /** The same with exemplars. */
    public Measured with(Supplier<List<Exemplar>> others) {
      return new Measured(all, lastHour, others);
    }
  }

  /**
   * Jobs in the last hour, in steps, of which there are 360 at most; the oldest first.
   *
   * @param step how long one is
   * @param ended jobs that succeeded or failed for good
   * @param failed attempts that failed, for good or not
   */
  public record History(Duration step, List<Long> ended, List<Long> failed) {
    /** Jobs a second in the last minute. */
    public double jobsPerSecond() {
      int steps = (int) Math.min(ended.size(), Duration.ofMinutes(1).dividedBy(step));
      long jobs = 0;
      for (int i = ended.size() - steps; i < ended.size(); i++) {
        jobs += ended.get(i);
      }
      return steps == 0 ? 0 : jobs / (steps * (step.toMillis() / 1000.0));
    }
  }

  /**
   * What keeps a worker from its work, or may.
   *
   * @param failingCalls of AWS, the one that has been failing for longest first
   * @param executorUnavailable why the executor cannot run jobs on this box now, or null if it can
   * @param limit what it is that keeps the worker from doing more
   * @param failures the last ones by kind, the last met first
   * @param stuck what of the worker itself does not go on, the longest first
   */
  public record Trouble(
      List<Outage.Failing> failingCalls,
      @Nullable String executorUnavailable,
      Limit limit,
      List<FailureKind> failures,
      List<Problem> problems,
      List<Stuck> stuck) {
    /** How many things are wrong, as the page lists them. */
    public int count() {
      int executor = executorUnavailable == null ? 0 : 1;
      return stuck.size() + failingCalls.size() + executor + problems.size();
    }

    /** The call that has been failing for longest, or null if none fails. */
    public Outage.@Nullable Failing failing() {
      return failingCalls.isEmpty() ? null : failingCalls.getFirst();
    }
  }

  /**
   * Something that works against the worker, but does not keep it from its work.
   *
   * @param facts that belong to it, as {@code name=value}; perhaps empty
   */
  public record Problem(String text, String facts) {}

  /** A step of the worker's own that should be over, and for how long it has lasted. */
  public record Stuck(String what, Duration lasts) {}
}
