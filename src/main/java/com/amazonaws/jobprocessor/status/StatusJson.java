package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Count;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.stats.Limit;
import com.amazonaws.jobprocessor.stats.ListedBox;
import com.amazonaws.jobprocessor.stats.ListedBoxes;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import com.amazonaws.jobprocessor.stats.Times;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** {@code /status.json}: all that is known, under names that stay ({@code docs/status.md}). */
final class StatusJson implements Resource {
  /** Changes when a name goes or means something else; not when one is added. */
  private static final int FORMAT = 1;

  private static final int DOLLAR_DIGITS = 6;

  private final Supplier<Snapshot> snapshots;

  StatusJson(Supplier<Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public Reply get(String accept) {
    return new Reply(200, Reply.JSON, text(snapshots.get()));
  }

  static String text(Snapshot now) {
    JsonText json = new JsonText();
    json.number("format", FORMAT).time("at", now.at());
    who(json, now);
    limit(json, now.trouble().limit());
    queues(json, now.queues());
    boxes(json, now.queues().boxes());
    slots(json, now.slots());
    jobs(json, now);
    cost(json, now);
    trouble(json, now.trouble());
    json.list(
        "settings",
        now.who().settings().get(),
        setting ->
            json.text("key", setting.key())
                .text("value", setting.value())
                .text("origin", setting.origin())
                .text("note", setting.note()));
    return json.end();
  }

  private static void who(JsonText json, Snapshot now) {
    json.text("worker_id", now.who().workerId())
        .text("version", now.who().version())
        .text("region", now.who().region())
        .text("instance_type", now.who().instanceType())
        .flag("spot", now.who().spot())
        .time("started_at", now.life().startedAt())
        .seconds("uptime_seconds", now.life().uptime())
        .flag("draining", now.life().drainLeft() != null)
        .seconds("drain_seconds_left", now.life().drainLeft())
        .text("drain_reason", now.life().drainReason())
        .text("drained", now.life().drained());
  }

  private static void limit(JsonText json, Limit limit) {
    json.object(
        "limit",
        () ->
            json.text("kind", name(limit.kind()))
                .text("text", limit.text())
                .share("slots_busy_share", limit.busyShare())
                .share("poll_rate_share", limit.pollRateShare()));
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void queues(JsonText json, Snapshot.Queues queues) {
    json.object(
        "queues",
        () -> {
          depth(json, "backlog", queues.backlog());
          depth(json, "results", queues.results());
          depth(json, "dead_letters", queues.deadLetters());
          Snapshot.Oldest oldest = queues.oldest();
          json.seconds("oldest_message_age_seconds", oldest == null ? null : oldest.age())
              .seconds("oldest_message_seen_seconds_ago", oldest == null ? null : oldest.ago())
              .share("jobs_per_message", queues.meanJobs())
              .list(
                  "backlog_trend",
                  queues.trend(),
                  sample ->
                      json.seconds("seconds_ago", sample.ago())
                          .number("messages", sample.messages()));
        });
  }

  private static void boxes(JsonText json, ListedBoxes boxes) {
    List<ListedBox> listed = boxes.listed();
    json.object(
        "boxes",
        () ->
            json.number("up", boxes.up())
                .seconds("age_seconds", listed == null ? null : boxes.age())
                .text("unknown", boxes.unknown())
                .list(
                    "list",
                    listed == null ? List.of() : listed,
                    box ->
                        json.text("instance_id", box.id())
                            .text("instance_type", box.type())
                            .text("zone", box.zone())
                            .flag("spot", box.spot())
                            .text("group", box.group())
                            .time("launched_at", box.launchedAt())
                            .text("state", box.state())));
  }

  private static void depth(JsonText json, String field, Snapshot.Depth depth) {
    QueueGauge.Reading reading = depth.reading();
    json.object(
        field,
        () ->
            json.text("name", depth.name())
                .number("waiting", reading == null ? null : reading.waiting())
                .number("in_flight", reading == null ? null : reading.inFlight())
                .number("delayed", reading == null ? null : reading.delayed())
                .seconds("age_seconds", reading == null ? null : depth.age()));
  }

  private static void slots(JsonText json, Snapshot.Slots slots) {
    Snapshot.Load load = slots.load();
    json.object(
        "slots",
        () ->
            json.number("count", slots.count())
                .number("busy", load == null ? null : load.running())
                .share("busy_share", slots.busyShare())
                .seconds("busy_seconds", slots.busyTime())
                .number("messages_in_flight", load == null ? null : load.inFlight())
                .number("calls_waiting", load == null ? null : load.waitingCalls())
                .seconds("age_seconds", load == null ? null : load.age())
                .list(
                    "running",
                    load == null ? List.of() : load.jobs(),
                    job ->
                        json.text("job_id", job.id())
                            .number("attempt", job.attempt())
                            .seconds("age_seconds", job.age())
                            .number("lease_renewals", job.renewals())
                            .flag("stuck", job.stuck())));
  }

  private static void jobs(JsonText json, Snapshot now) {
    Counts counts = now.counts();
    Snapshot.Jobs jobs = now.jobs();
    json.object(
        "jobs",
        () -> {
          json.number("messages_received", counts.of(Count.RECEIVED))
              .number("succeeded", counts.of(Count.SUCCEEDED))
              .number("retried", counts.of(Count.RETRIED))
              .number("dead_lettered", counts.of(Count.DEAD_LETTERED))
              .number("letters_refused", counts.of(Count.LETTERS_REFUSED))
              .number("given_back", counts.of(Count.GIVEN_BACK))
              .number("leases_lost", counts.of(Count.LEASES_LOST))
              .number("leases_renewed", counts.of(Count.LEASES_RENEWED))
              .share("per_second", jobs.history().jobsPerSecond());
          times(json, "run_seconds", jobs.runs().lastHour());
          times(json, "wait_seconds", jobs.waits().lastHour());
          json.object(
              "last_hour",
              () ->
                  json.seconds("step_seconds", jobs.history().step())
                      .numbers("ended", jobs.history().ended())
                      .numbers("failed", jobs.history().failed()));
        });
  }

  private static void times(JsonText json, String field, Times times) {
    json.object(
        field,
        () ->
            json.number("count", times.count())
                .seconds("mean", times.mean())
                .seconds("p50", times.p50())
                .seconds("p95", times.p95())
                .seconds("p99", times.p99()));
  }

  private static void cost(JsonText json, Snapshot now) {
    Spending spending = now.spending().get();
    long jobs = now.counts().jobs();
    json.object(
        "cost",
        () -> {
          json.number("dollars", dollars(spending.bill().total()))
              .number(
                  "dollars_per_million_jobs",
                  spending.perMillionJobs(jobs).map(StatusJson::dollars).orElse(null))
              .number("requests", spending.calls().all())
              .share("requests_per_job", spending.requestsAJob(jobs))
              .list("items", spending.bill().lines(), line -> item(json, line))
              .text("without_compute", spending.withoutCompute())
              .text("prices_as_of", spending.pricesAsOf());
          waste(json, spending);
        });
  }

  private static void item(JsonText json, Bill.Line line) {
    json.text("item", line.item().key())
        .number("quantity", line.quantity())
        .text("unit", line.item().unit())
        .number("dollars", dollars(line.cost()));
  }

  private static void waste(JsonText json, Spending spending) {
    Spending.Waste waste = spending.waste();
    json.object(
        "waste",
        () ->
            json.share("idle_share", waste.idleShare())
                .number("idle_dollars", dollars(waste.idle()))
                .number("empty_receives", waste.emptyReceives())
                .number("empty_receives_dollars", dollars(waste.empty()))
                .share("messages_per_receive", spending.calls().fill(Request.RECEIVE))
                .share("messages_per_send", spending.calls().fill(Request.SEND))
                .share("messages_per_delete", spending.calls().fill(Request.DELETE))
                .number("part_full_batches_dollars", dollars(waste.partFull())));
  }

  private static BigDecimal dollars(Usd usd) {
    return new BigDecimal(usd.significant(DOLLAR_DIGITS));
  }

  private static void trouble(JsonText json, Snapshot.Trouble trouble) {
    json.list("failing_calls", trouble.failingCalls(), call -> failing(json, call))
        .text("executor_unavailable", trouble.executorUnavailable())
        .list("failures", trouble.failures(), kind -> failure(json, kind))
        .list(
            "problems",
            trouble.problems(),
            problem -> json.text("text", problem.text()).text("facts", problem.facts()))
        .list(
            "stuck",
            trouble.stuck(),
            step -> json.text("what", step.what()).seconds("seconds", step.lasts()));
  }

  private static void failing(JsonText json, Outage.Failing call) {
    json.text("service", call.service().toString())
        .text("action", call.action())
        .text("at", call.at())
        .text("error", call.code())
        .text("missing_right", call.missingRight());
  }

  private static void failure(JsonText json, FailureKind kind) {
    json.text("error_type", kind.type())
        .text("message", kind.message())
        .number("retried", kind.retried())
        .number("dead_lettered", kind.deadLettered())
        .number("letters_refused", kind.lettersRefused())
        .list("last_jobs", kind.jobs(), job -> failedJob(json, job));
  }

  private static void failedJob(JsonText json, FailedJob job) {
    json.text("job_id", job.id())
        .number("attempt", job.attempt())
        .flag("for_good", job.after() == After.DEAD_LETTERED)
        .flag("letter_refused", job.after() == After.LETTER_REFUSED)
        .time("at", job.at());
  }
}
