package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.stats.QueueDepths.Queue;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A worker's stats on the machine's clocks. */
final class StatsRig {
  static final Snapshot.Who WHO =
      new Snapshot.Who("i-1", "0.1.0", "us-east-1", "c7g.large", true, List::of);
  static final Map<Queue, String> NAMES =
      Map.of(Queue.BACKLOG, "todo", Queue.RESULTS, "done", Queue.DEAD_LETTERS, "dead");

  private StatsRig() {}

  static WorkerStats stats(Counters counters, CostLog costLog) {
    return new WorkerStats(
        WHO,
        new WorkerStats.Slots(1, Duration.ofSeconds(30)),
        new WorkerStats.Sources(
            counters,
            costLog,
            new Outage(System::nanoTime),
            new StuckWatch(System::nanoTime),
            new QueueDepths(NAMES, System::nanoTime),
            new LastFailures(text -> text),
            new Problems()),
        System::nanoTime,
        InstantSource.system());
  }
}
