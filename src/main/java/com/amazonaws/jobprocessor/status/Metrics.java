package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.HistogramCounts;
import com.amazonaws.jobprocessor.stats.Requests;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a snapshot, in base units; no id is in a label, so that the number of series stays
 * what it is.
 */
final class Metrics {
  private static final String PREFIX = "jobprocessor_";

  /** OpenTelemetry's advice for durations of requests, and on to SQS's twelve hours. */
  private static final double[] SECONDS = {
    0.005,
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.25,
    0.5,
    0.75,
    1,
    2.5,
    5,
    7.5,
    10,
    30,
    60,
    120,
    300,
    600,
    1_800,
    3_600,
    7_200,
    14_400,
    43_200,
    Double.POSITIVE_INFINITY
  };

  private static final Duration BOXES_COUNT_FOR = Duration.ofMinutes(5);

  private final Snapshot now;
  private final Spending spending;
  private final List<MetricSnapshot> metrics = new ArrayList<>();

  Metrics(Snapshot now) {
    this.now = now;
    this.spending = now.spending().get();
  }

  /** All of them. */
  MetricSnapshots all() {
    info();
    jobs();
    slots();
    queues();
    boxes();
    requests();
    cost();
    return new MetricSnapshots(metrics);
  }

  private void info() {
    String type = now.who().instanceType();
    gauge(
        "build_info",
        "1; its labels tell which worker this is",
        point(
            1,
            "version",
            now.who().version(),
            "region",
            now.who().region(),
            "instance_type",
            type == null ? "" : type));
    gauge("start_time_seconds", "When the worker started, since 1970", point(startedSeconds()));
    gauge(
        "live",
        "1 while the worker's loops turn, as /livez has it",
        point(Health.whyNotLive(now) == null ? 1 : 0));
    gauge(
        "polling",
        "1 while the worker polls its backlog, as /healthz has it",
        point(Health.whyNotReady(now) == null ? 1 : 0));
    gauge("draining", "1 while the worker stops", point(now.life().drainLeft() == null ? 0 : 1));
    gauge(
        "executor_available",
        "0 while the executor says that it cannot run jobs on this box",
        point(now.trouble().executorUnavailable() == null ? 1 : 0));
    gauge(
        "problems",
        "What works against the worker, as its page has it",
        point(now.trouble().problems().size()));
  }

  private double startedSeconds() {
    return now.life().startedAt().toEpochMilli() / 1000.0;
  }

  private void jobs() {
    Counts counts = now.counts();
    counter(
        "jobs",
        "Jobs by outcome: retried is an attempt that failed and that another follows",
        count(counts.succeeded(), "outcome", "succeeded"),
        count(counts.retried(), "outcome", "retried"),
        count(counts.deadLettered(), "outcome", "dead_lettered"),
        count(counts.givenBack(), "outcome", "given_back"));
    histogram(
        "job_duration_seconds",
        "How long attempts took, however they ended",
        now.jobs().runs().all());
    histogram(
        "job_wait_seconds",
        "From a message's being sent to the beginning of its job's first attempt",
        now.jobs().waits().all());
    counter(
        "leases",
        "Leases that were renewed, and those that were over before the job was settled",
        count(now.jobs().leasesRenewed(), "event", "renewed"),
        count(counts.leasesLost(), "event", "lost"));
    counter("messages_received", "Messages received, copies included", count(counts.received()));
    counter(
        "poll_rate_held_seconds",
        "For how long poll_rate_per_min held back receives",
        count(counts.pollRateNanos() / 1e9));
  }

  private void slots() {
    gauge("slots", "How many jobs can run at the same time", point(now.slots().count()));
    Snapshot.Load load = now.load();
    gauge("slots_busy", "How many jobs run", point(load == null ? 0 : load.running()));
    counter(
        "slots_busy_seconds",
        "For how long slots had jobs, all slots together",
        count(seconds(now.slots().busyTime())));
    gauge(
        "jobs_stuck",
        "Jobs that have run for far longer than jobs do",
        point(load == null ? 0 : load.jobs().stream().filter(Snapshot.Running::stuck).count()));
    gauge(
        "messages_in_flight",
        "Messages of this worker that are not settled",
        point(load == null ? 0 : load.inFlight()));
  }

  private void queues() {
    List<GaugeDataPointSnapshot> messages = new ArrayList<>();
    List<GaugeDataPointSnapshot> ages = new ArrayList<>();
    queue("backlog", now.queues().backlog(), messages, ages);
    queue("results", now.queues().results(), messages, ages);
    queue("dead_letters", now.queues().deadLetters(), messages, ages);
    gauge("queue_messages", "About how many messages a queue holds, as SQS says", messages);
    gauge("queue_messages_age_seconds", "How long ago SQS said so", ages);
    gauge(
        "jobs_per_message",
        "Mean number of jobs per message, of the messages received lately",
        point(now.queues().meanJobs()));
    Snapshot.Oldest oldest = now.queues().oldest();
    gauge(
        "oldest_message_age_seconds",
        "How old the oldest message was of those received in the last minute or two; 0 if the last"
            + " receive brought none",
        point(oldest == null ? 0 : seconds(oldest.age())));
  }

  /** Nothing while nobody looks at the page: EC2 is not asked, and an old number is none. */
  private void boxes() {
    Snapshot.Boxes boxes = now.queues().boxes();
    List<GaugeDataPointSnapshot> up = new ArrayList<>();
    List<GaugeDataPointSnapshot> ages = new ArrayList<>();
    if (boxes.listed() != null && boxes.age().compareTo(BOXES_COUNT_FOR) < 0) {
      String queue = now.queues().backlog().name();
      for (String state : List.of("running", "pending")) {
        up.add(point(boxes.count(state), "queue", queue, "state", state));
      }
      ages.add(point(seconds(boxes.age()), "queue", queue));
    }
    gauge("boxes", "Instances with the backlog's tag, as EC2 says", up);
    gauge("boxes_age_seconds", "How long ago EC2 said so", ages);
  }

  private static void queue(
      String role,
      Snapshot.Depth depth,
      List<GaugeDataPointSnapshot> messages,
      List<GaugeDataPointSnapshot> ages) {
    QueueGauge.Reading reading = depth.reading();
    if (reading != null) {
      String name = depth.name();
      messages.add(point(reading.waiting(), "queue", name, "role", role, "state", "waiting"));
      messages.add(point(reading.inFlight(), "queue", name, "role", role, "state", "in_flight"));
      messages.add(point(reading.delayed(), "queue", name, "role", role, "state", "delayed"));
      ages.add(point(seconds(depth.age()), "queue", name, "role", role));
    }
  }

  private void requests() {
    List<CounterDataPointSnapshot> made = new ArrayList<>();
    List<CounterDataPointSnapshot> billed = new ArrayList<>();
    Spending.Calls calls = spending.calls();
    for (Request kind : Request.values()) {
      Requests.Sums sums = calls.byKind().getOrDefault(kind, new Requests.Sums(0, 0, 0, 0, 0));
      String action = action(kind);
      made.add(count(sums.made() - sums.failed(), "action", action, "result", "ok"));
      made.add(count(sums.failed(), "action", action, "result", "failed"));
      billed.add(count(sums.billed(), "action", action));
    }
    long others = calls.others();
    made.add(count(others - calls.othersFailed(), "action", "other", "result", "ok"));
    made.add(count(calls.othersFailed(), "action", "other", "result", "failed"));
    billed.add(count(others, "action", "other"));
    counter("sqs_requests", "Requests to SQS", made);
    counter("sqs_billed_requests", "Requests that SQS bills: one for each begun 64 KiB", billed);
    counter(
        "empty_receives", "Receives that brought nothing", count(spending.waste().emptyReceives()));
  }

  private static String action(Request kind) {
    return switch (kind) {
      case RECEIVE -> "ReceiveMessage";
      case SEND -> "SendMessageBatch";
      case DELETE -> "DeleteMessageBatch";
      case CHANGE_VISIBILITY -> "ChangeMessageVisibilityBatch";
    };
  }

  private void cost() {
    List<CounterDataPointSnapshot> dollars = new ArrayList<>();
    for (Bill.Line line : spending.bill().lines()) {
      dollars.add(count(line.cost().amount().doubleValue(), "item", line.item().key()));
    }
    counter("cost_dollars", "What the worker has used so far, by the price list", dollars);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static GaugeDataPointSnapshot point(Number value, String... labels) {
    return GaugeDataPointSnapshot.builder()
        .value(value.doubleValue())
        .labels(Labels.of(labels))
        .build();
  }

  private CounterDataPointSnapshot count(Number value, String... labels) {
    return CounterDataPointSnapshot.builder()
        .value(
            Math.max(
                0,
                value.doubleValue())) // sums that are read one after the other may not fit together
        .labels(Labels.of(labels))
        .createdTimestampMillis(now.life().startedAt().toEpochMilli())
        .build();
  }

  private void gauge(String name, String help, GaugeDataPointSnapshot point) {
    gauge(name, help, List.of(point));
  }

  private void gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(PREFIX + name).help(help);
    points.forEach(gauge::dataPoint);
    metrics.add(gauge.build());
  }

  private void counter(String name, String help, CounterDataPointSnapshot... points) {
    counter(name, help, List.of(points));
  }

  private void counter(String name, String help, List<CounterDataPointSnapshot> points) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(PREFIX + name).help(help);
    points.forEach(counter::dataPoint);
    metrics.add(counter.build());
  }

  private void histogram(String name, String help, HistogramCounts counts) {
    long[] buckets = new long[SECONDS.length];
    long below = 0;
    for (int i = 0; i < SECONDS.length; i++) {
      long upTo = Double.isInfinite(SECONDS[i]) ? counts.count() : counts.upTo(SECONDS[i]);
      buckets[i] = upTo - below;
      below = upTo;
    }
    metrics.add(
        HistogramSnapshot.builder()
            .name(PREFIX + name)
            .help(help)
            .dataPoint(
                HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(SECONDS, buckets))
                    .sum(counts.seconds())
                    .createdTimestampMillis(now.life().startedAt().toEpochMilli())
                    .build())
            .build());
  }
}
