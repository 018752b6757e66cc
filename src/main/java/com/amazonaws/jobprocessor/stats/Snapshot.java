package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does and has done, at one moment.
 *
 * @param slots how many jobs can run at the same time
 * @param load what it has to do; null until it takes jobs
 * @param counts since the start
 * @param cost what it has used so far, priced; worked out when it is asked for
 */
public record Snapshot(
    int slots,
    @Nullable Load load,
    Counts counts,
    Trouble trouble,
    Life life,
    Supplier<Bill> cost) {

  /**
   * What a worker has to do.
   *
   * @param running jobs that run
   * @param inFlight messages that are not settled, those of running jobs included
   * @param waitingCalls for settled jobs that wait for their turn
   */
  public record Load(int running, int inFlight, int waitingCalls) {}

  /**
   * What keeps a worker from its work.
   *
   * @param failing the call that has been failing for longest, or null if none fails
   * @param executorUnavailable why the executor cannot run jobs on this box now, or null if it can
   */
  public record Trouble(Outage.@Nullable Failing failing, @Nullable String executorUnavailable) {}

  /**
   * How long a worker has been there and will be.
   *
   * @param uptime since its start, whatever became of the wall clock
   * @param drainLeft how long a drain may still take, negative if it is late; null if none is under
   *     way
   */
  public record Life(Instant startedAt, Duration uptime, @Nullable Duration drainLeft) {}
}
