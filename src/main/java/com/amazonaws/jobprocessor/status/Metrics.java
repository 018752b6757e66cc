package com.amazonaws.jobprocessor.status;

import static com.amazonaws.jobprocessor.status.MetricFamilies.point;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Count;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.Exemplar;
import com.amazonaws.jobprocessor.stats.ListedBoxes;
import com.amazonaws.jobprocessor.stats.Requests;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of a snapshot, in base units; no id is in a label, so that the number of series stays
 * what it is. Ids of jobs are in exemplars only, which make no series.
 */
final class Metrics {
  private static final Duration BOXES_COUNT_FOR = Duration.ofMinutes(5);

  private final Snapshot now;
  private final Spending spending;
  private final MetricFamilies families;
  private final boolean withExemplars;

  /**
   * Those of a moment.
   *
   * @param withExemplars whether histograms name a job for each bucket
   */
  Metrics(Snapshot now, boolean withExemplars) {
    this.now = now;
    this.withExemplars = withExemplars;
    this.spending = now.spending().get();
    this.families = new MetricFamilies(now.life().startedAt());
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
    return families.all();
  }

  private void info() {
    String type = now.who().instanceType();
    families.gauge(
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
    families.gauge(
        "start_time_seconds", "When the worker started, since 1970", point(startedSeconds()));
    families.gauge(
        "live",
        "1 while the worker's loops turn, as /livez has it",
        point(Health.whyNotLive(now) == null ? 1 : 0));
    families.gauge(
        "polling",
        "1 while the worker polls its backlog, as /healthz has it",
        point(Health.whyNotReady(now) == null ? 1 : 0));
    families.gauge(
        "draining", "1 while the worker stops", point(now.life().drainLeft() == null ? 0 : 1));
    families.gauge(
        "executor_available",
        "0 while the executor says that it cannot run jobs on this box",
        point(now.trouble().executorUnavailable() == null ? 1 : 0));
    families.gauge(
        "problems",
        "What works against the worker, as its page has it",
        point(now.trouble().count()));
  }

  private double startedSeconds() {
    return now.life().startedAt().toEpochMilli() / 1000.0;
  }

  private void jobs() {
    Counts counts = now.counts();
    families.counter(
        "jobs",
        "Jobs by outcome: retried is an attempt that failed and that another follows",
        families.count(counts.of(Count.SUCCEEDED), "outcome", "succeeded"),
        families.count(counts.of(Count.RETRIED), "outcome", "retried"),
        families.count(counts.of(Count.DEAD_LETTERED), "outcome", "dead_lettered"),
        families.count(counts.of(Count.GIVEN_BACK), "outcome", "given_back"));
    families.counter(
        "dead_letters_refused",
        "Dead letters that their queue refused; the jobs come again",
        families.count(counts.of(Count.LETTERS_REFUSED)));
    families.histogram(
        "job_duration_seconds",
        "How long attempts took, however they ended",
        now.jobs().runs().all(),
        exemplars(now.jobs().runs()));
    families.histogram(
        "job_wait_seconds",
        "From a message's being sent to the beginning of its job's first attempt",
        now.jobs().waits().all(),
        exemplars(now.jobs().waits()));
    families.counter(
        "leases",
        "Leases that were renewed, and those that were over before the job was settled",
        families.count(counts.of(Count.LEASES_RENEWED), "event", "renewed"),
        families.count(counts.of(Count.LEASES_LOST), "event", "lost"));
    families.counter(
        "messages_received",
        "Messages received, copies included",
        families.count(counts.of(Count.RECEIVED)));
    families.counter(
        "poll_rate_held_seconds",
        "For how long poll_rate_per_min held back receives",
        families.count(counts.of(Count.POLL_RATE_NANOS) / 1e9));
  }

  private List<Exemplar> exemplars(Snapshot.Measured measured) {
    return withExemplars ? measured.exemplars().get() : List.of();
  }

  private void slots() {
    families.gauge("slots", "How many jobs can run at the same time", point(now.slots().count()));
    Snapshot.Load load = now.load();
    families.gauge("slots_busy", "How many jobs run", point(load == null ? 0 : load.running()));
    families.counter(
        "slots_busy_seconds",
        "For how long slots had jobs, all slots together",
        families.count(seconds(now.slots().busyTime())));
    families.gauge(
        "jobs_stuck",
        "Jobs that have run for far longer than jobs do",
        point(load == null ? 0 : load.jobs().stream().filter(Snapshot.Running::stuck).count()));
    families.gauge(
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
    families.gauge(
        "queue_messages", "About how many messages a queue holds, as SQS says", messages);
    families.gauge("queue_messages_age_seconds", "How long ago SQS said so", ages);
    families.gauge(
        "jobs_per_message",
        "Mean number of jobs per message, of the messages received lately",
        point(now.queues().meanJobs()));
    Snapshot.Oldest oldest = now.queues().oldest();
    families.gauge(
        "oldest_message_age_seconds",
        "How old the oldest message was of those received in the last minute or two; 0 if the last"
            + " receive brought none",
        point(oldest == null ? 0 : seconds(oldest.age())));
  }

  /** Nothing while nobody looks at the page: EC2 is not asked, and an old number is none. */
  private void boxes() {
    ListedBoxes boxes = now.queues().boxes();
    List<GaugeDataPointSnapshot> up = new ArrayList<>();
    List<GaugeDataPointSnapshot> ages = new ArrayList<>();
    if (boxes.listed() != null && boxes.age().compareTo(BOXES_COUNT_FOR) < 0) {
      String queue = now.queues().backlog().name();
      for (String state : List.of("running", "pending")) {
        up.add(point(boxes.count(state), "queue", queue, "state", state));
      }
      ages.add(point(seconds(boxes.age()), "queue", queue));
    }
    families.gauge("boxes", "Instances with the backlog's tag, as EC2 says", up);
    families.gauge("boxes_age_seconds", "How long ago EC2 said so", ages);
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
      Requests.Sums sums = calls.byKind().getOrDefault(kind, Requests.Sums.NONE);
      String action = action(kind);
      made.add(families.count(sums.answered(), "action", action, "result", "ok"));
      made.add(families.count(sums.failed(), "action", action, "result", "failed"));
      billed.add(families.count(sums.billed(), "action", action));
    }
    made.add(families.count(calls.othersAnswered(), "action", "other", "result", "ok"));
    made.add(families.count(calls.othersFailed(), "action", "other", "result", "failed"));
    billed.add(families.count(calls.others(), "action", "other"));
    families.counter("sqs_requests", "Requests to SQS", made);
    families.counter(
        "sqs_billed_requests", "Requests that SQS bills: one for each begun 64 KiB", billed);
    families.counter(
        "empty_receives",
        "Receives that brought nothing",
        families.count(spending.waste().emptyReceives()));
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
      dollars.add(families.count(line.cost().amount().doubleValue(), "item", line.item().key()));
    }
    families.counter("cost_dollars", "What the worker has used so far, by the price list", dollars);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
