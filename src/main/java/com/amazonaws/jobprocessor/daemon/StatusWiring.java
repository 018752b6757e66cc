package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsGauge;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.machine.Boot;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.stats.QueueDepths;
import com.amazonaws.jobprocessor.stats.QueueDepths.Queue;
import com.amazonaws.jobprocessor.stats.QueueWatch;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.status.StatusPages;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the status page knows beside what happens to jobs, connected by hand. */
final class StatusWiring {
  private final Prepared prepared;
  private final Problems problems = new Problems();
  private final QueueDepths depths;
  private final QueueWatch watch;
  private final @Nullable Duration bootTime = Boot.time();

  StatusWiring(Prepared prepared) {
    this.prepared = prepared;
    Settings.Queues names = prepared.settings().queues();
    this.depths =
        new QueueDepths(
            Map.of(
                Queue.BACKLOG,
                names.backlog(),
                Queue.RESULTS,
                names.results(),
                Queue.DEAD_LETTERS,
                names.deadLetters()),
            System::nanoTime);
    this.watch = new QueueWatch(depths, problems, System::nanoTime);
  }

  Problems problems() {
    return problems;
  }

  QueueDepths depths() {
    return depths;
  }

  Snapshot.Who who() {
    return new Snapshot.Who(
        prepared.box().workerId(),
        Help.version(),
        prepared.region(),
        prepared.box().type(),
        prepared.box().spot(),
        bootTime,
        () ->
            prepared.configuration().effective().stream()
                .map(row -> new Snapshot.InForce(row.key(), row.value(), row.origin(), row.note()))
                .toList());
  }

  /** The page, or null if there is to be none. */
  @Nullable StatusService service(Supplier<Snapshot> snapshots) {
    Settings.Listen listen = prepared.settings().operation().status();
    return listen.port() == 0 ? null : new StatusService(listen, new StatusPages(snapshots, watch));
  }

  /** Asks for the queues' depths until it is interrupted. */
  void watch(SqsQueues sqs, QueueSetup.Found queues) throws InterruptedException {
    QueueProblems found = new QueueProblems(new QueueWarnings(prepared.settings()), problems);
    Map<Queue, QueueGauge> gauges =
        Map.of(
            Queue.BACKLOG,
            new SqsGauge(sqs, queues.backlog(), found::backlog),
            Queue.RESULTS,
            new SqsGauge(sqs, queues.results(), _ -> {}),
            Queue.DEAD_LETTERS,
            new SqsGauge(sqs, queues.deadLetters(), found::deadLetters));
    watch.run(gauges);
  }
}
