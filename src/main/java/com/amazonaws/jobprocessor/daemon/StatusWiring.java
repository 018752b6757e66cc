package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsGauge;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.BoxControls;
import com.amazonaws.jobprocessor.fleet.BoxEnd;
import com.amazonaws.jobprocessor.fleet.BoxStarter;
import com.amazonaws.jobprocessor.fleet.BoxesWatch;
import com.amazonaws.jobprocessor.fleet.Controls;
import com.amazonaws.jobprocessor.machine.Boot;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.ListedBox;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.stats.QueueDepths;
import com.amazonaws.jobprocessor.stats.QueueDepths.Queue;
import com.amazonaws.jobprocessor.stats.QueueWatch;
import com.amazonaws.jobprocessor.stats.SeenBoxes;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.status.Action;
import com.amazonaws.jobprocessor.status.StatusPages;
import com.amazonaws.jobprocessor.status.button.Buttons;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the status page knows beside what happens to jobs, connected by hand. */
final class StatusWiring {
  private final Prepared prepared;
  private final FleetAccess fleet;
  private final Supplier<@Nullable BoxEnd> boxEnd;
  private final Problems problems = new Problems();
  private final QueueDepths depths;
  private final QueueWatch watch;
  private final SeenBoxes boxes = new SeenBoxes(System::nanoTime);
  private final @Nullable BoxesWatch boxesWatch;
  private final @Nullable Duration bootTime = Boot.time();

  /**
   * Makes no call.
   *
   * @param boxEnd ends this box; null until the worker takes jobs
   */
  StatusWiring(Prepared prepared, FleetAccess fleet, Supplier<@Nullable BoxEnd> boxEnd) {
    this.prepared = prepared;
    this.fleet = fleet;
    this.boxEnd = boxEnd;
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
    if (prepared.box().ec2()) {
      this.boxesWatch =
          new BoxesWatch(names.backlog(), fleet, new ToldBoxes(boxes), System::nanoTime);
    } else {
      this.boxesWatch = null;
      boxes.unknown("this worker is on no EC2 instance, so EC2 is not asked");
    }
  }

  /** What EC2 has told, for the snapshots. */
  private record ToldBoxes(SeenBoxes seen) implements BoxesWatch.Told {
    @Override
    public void boxes(List<Box> boxes) {
      seen.seen(
          boxes.stream()
              .map(
                  box ->
                      new ListedBox(
                          box.id(),
                          box.machine().type(),
                          box.machine().zone(),
                          box.machine().spot(),
                          box.group(),
                          box.launchedAt(),
                          box.state().toString()))
              .toList());
    }

    @Override
    public void unknown(String why) {
      seen.unknown(why);
    }
  }

  SeenBoxes boxes() {
    return boxes;
  }

  /** Asks for the boxes of the queue while somebody looks; null if EC2 is not to be asked. */
  @Nullable BoxesWatch boxesWatch() {
    return boxesWatch;
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
  @Nullable StatusService service(Supplier<Snapshot> snapshots, WorkThreads threads) {
    Settings.Listen listen = prepared.settings().operation().status();
    return listen.port() == 0
        ? null
        : new StatusService(
            listen, new StatusPages(snapshots, watch, boxesWatch, buttons(snapshots)), threads);
  }

  private Map<String, Action> buttons(Supplier<Snapshot> snapshots) {
    String token = prepared.settings().buttons().token();
    return token == null
        ? Map.of()
        : new Buttons(token, controls(), snapshots, this::boxesHaveChanged, System::nanoTime)
            .actions();
  }

  private Controls controls() {
    if (!prepared.box().ec2()) {
      return BoxControls.elsewhere();
    }
    Settings settings = prepared.settings();
    return new BoxControls(
        new BoxStarter(
            new BoxStarter.Self(
                prepared.box().workerId(),
                settings.queues().backlog(),
                settings.buttons().maxBoxes()),
            fleet,
            Configuration::secretsIn,
            System::nanoTime),
        boxEnd,
        this::boxStays);
  }

  private void boxesHaveChanged() {
    if (boxesWatch != null) {
      boxesWatch.changed();
    }
  }

  private void boxStays(@Nullable String why) {
    problems.set(
        "end of this box",
        why == null
            ? List.of()
            : List.of(new Snapshot.Problem("this box was to end, and stays: " + why, "")));
  }

  /**
   * Asks for the queues' depths until it is interrupted.
   *
   * @param oldest age of the oldest message received lately, or null
   */
  void watch(SqsQueues sqs, QueueSetup.Found queues, Supplier<@Nullable Duration> oldest)
      throws InterruptedException {
    QueueProblems found =
        new QueueProblems(new QueueWarnings(prepared.settings()), problems, oldest);
    Map<Queue, QueueGauge> gauges =
        Map.of(
            Queue.BACKLOG,
            new SqsGauge(sqs, queues.backlog(), found::backlog),
            Queue.RESULTS,
            new SqsGauge(sqs, queues.results(), found::results),
            Queue.DEAD_LETTERS,
            new SqsGauge(sqs, queues.deadLetters(), found::deadLetters));
    watch.run(gauges);
  }
}
