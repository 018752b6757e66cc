package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.QueueDepths.Queue;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The stats of a worker on a c7g.large. */
final class StatsRig {
  static final Duration EXPECTED = Duration.ofSeconds(30);
  static final Snapshot.Who WHO =
      new Snapshot.Who("i-1", "0.1.0", "us-east-1", "c7g.large", false, null, List::of);
  static final Map<Queue, String> NAMES =
      Map.of(Queue.BACKLOG, "todo", Queue.RESULTS, "done", Queue.DEAD_LETTERS, "dead");

  final Counters counters;
  final CostLog costLog;
  final StuckWatch stuckWatch;
  final WorkerStats stats;

  StatsRig(int slots, MonotonicClock clock, InstantSource wallClock) {
    this.counters = new Counters(wallClock);
    this.costLog =
        new CostLog(
            new Meters(counters.requests(), () -> 0, () -> 0, () -> 0, new ObjectCounts()),
            false,
            new BoxPrices("c7g.large", false, PriceFile.open(Path.of("no-prices"))));
    this.stuckWatch = new StuckWatch(clock);
    this.stats =
        new WorkerStats(
            WHO,
            new WorkerStats.Slots(slots, EXPECTED),
            new WorkerStats.Sources(
                counters,
                costLog,
                new Outage(clock),
                stuckWatch,
                new QueueDepths(NAMES, clock),
                new SeenBoxes(clock),
                new LastFailures(text -> text),
                new Problems()),
            clock,
            wallClock);
  }
}
