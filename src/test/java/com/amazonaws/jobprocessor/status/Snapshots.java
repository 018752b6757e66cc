package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.cost.Usd;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.Count;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.Exemplar;
import com.amazonaws.jobprocessor.stats.Histogram;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.stats.Limit;
import com.amazonaws.jobprocessor.stats.ListedBox;
import com.amazonaws.jobprocessor.stats.ListedBoxes;
import com.amazonaws.jobprocessor.stats.Requests;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Spending;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots for tests: in each, everything that can be known is, unless it is said otherwise. */
public final class Snapshots {
  static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  Snapshot.@Nullable Load load =
      new Snapshot.Load(
          List.of(
              new Snapshot.Running("job-1", 1, Duration.ofSeconds(90), 4, true),
              new Snapshot.Running("job-2", 2, Duration.ofMillis(1_500), 0, false)),
          5,
          2,
          Duration.ofMillis(3));
  Snapshot.@Nullable Oldest oldest =
      new Snapshot.Oldest(Duration.ofSeconds(42), Duration.ofSeconds(1));
  double meanJobs = 1;
  long lettersRefused = 7;
  boolean told = true;
  Duration depthAge = Duration.ofSeconds(8);
  @Nullable Duration drainLeft;
  @Nullable String drainReason;
  @Nullable String drained;
  List<Outage.Failing> failing = List.of();
  @Nullable String executorUnavailable;
  Limit.Kind limit = Limit.Kind.SLOTS;
  List<Snapshot.Stuck> stuck = List.of();
  List<FailureKind> failures =
      List.of(
          new FailureKind(
              "java.io.IOException",
              "disk full",
              3,
              1,
              0,
              List.of(new FailedJob("job-0", 2, After.DEAD_LETTERED, AT.minusSeconds(60)))));
  List<Snapshot.Problem> problems =
      List.of(new Snapshot.Problem("the dead-letter queue keeps messages too short", "queue=dead"));

  List<Exemplar> exemplars = List.of(new Exemplar("job-7", 0.3, AT));

  ListedBoxes boxes =
      new ListedBoxes(
          List.of(
              box("i-0123456789abcdef0", 3_600, "running"),
              box("i-2", 90, "running"),
              box("i-3", 20, "pending"),
              box("i-4", 7_200, "stopped")),
          Duration.ofSeconds(20),
          null);

  static ListedBox box(String id, int secsUp, String state) {
    return new ListedBox(
        id, "c7g.large", "us-east-1a", true, "workers", AT.minusSeconds(20 + secsUp), state);
  }

  /** A worker of which nothing is known yet but that it is there. */
  static Snapshots starting() {
    Snapshots starting = new Snapshots();
    starting.load = null;
    starting.failures = List.of();
    starting.problems = List.of();
    starting.boxes = new ListedBoxes(null, Duration.ZERO, null);
    return starting;
  }

  static Outage.Failing failing(Service service, String action) {
    return new Outage.Failing(service, action, "todo", "ConnectException");
  }

  /** The snapshot. */
  public Snapshot now() {
    return new Snapshot(
        AT,
        new Snapshot.Who(
            "i-0123456789abcdef0",
            "0.1.0",
            "us-east-1",
            "c7g.large",
            true,
            Duration.ofSeconds(40),
            () -> List.of(new Snapshot.InForce("concurrency", "2", "user data", "two slots"))),
        new Snapshot.Life(
            AT.minusSeconds(3_600), Duration.ofHours(1), drainLeft, drainReason, drained),
        new Snapshot.Slots(2, load, 0.97, Duration.ofMinutes(80)),
        new Snapshot.Queues(
            depth("todo", 1_200),
            depth("done", 7),
            depth("dead", 1),
            oldest,
            told
                ? List.of(
                    new Snapshot.Sample(Duration.ofSeconds(90), 2_000),
                    new Snapshot.Sample(Duration.ofSeconds(10), 1_205))
                : List.of(),
            meanJobs,
            boxes),
        jobs(),
        new Snapshot.Trouble(
            failing, executorUnavailable, new Limit(limit, 0.97, 0.02), failures, problems, stuck),
        Snapshots::spending);
  }

  private Snapshot.Depth depth(String name, long waiting) {
    return new Snapshot.Depth(name, told ? new QueueGauge.Reading(waiting, 4, 1) : null, depthAge);
  }

  private Snapshot.Jobs jobs() {
    Histogram runs = new Histogram();
    Histogram waits = new Histogram();
    for (int i = 1; i <= 100; i++) {
      runs.add(Duration.ofMillis(40L * i));
      waits.add(Duration.ofSeconds(i));
    }
    return new Snapshot.Jobs(
        new Counts(
            Map.of(
                Count.RECEIVED, 130L,
                Count.SUCCEEDED, 98L,
                Count.RETRIED, 5L,
                Count.DEAD_LETTERED, 2L,
                Count.LETTERS_REFUSED, lettersRefused,
                Count.GIVEN_BACK, 6L,
                Count.LEASES_LOST, 3L,
                Count.LEASES_RENEWED, 44L,
                Count.RAN_MICROS, 200_000_000L,
                Count.POLL_RATE_NANOS, 1_500_000_000L)),
        new Snapshot.Measured(runs.now(), runs.now().times(), () -> exemplars),
        new Snapshot.Measured(waits.now(), waits.now().times()),
        new Snapshot.History(Duration.ofSeconds(10), List.of(3L, 4L, 5L), List.of(0L, 1L, 0L)));
  }

  private static Spending spending() {
    Usage usage =
        Usage.NONE
            .plus(Item.RECEIVE, 40)
            .plus(Item.SEND, 30)
            .plus(Item.DELETE, 25)
            .plus(Item.INSTANCE, BigDecimal.ONE);
    BigDecimal hour = new BigDecimal("0.0725");
    Bill bill = Bill.of(usage, new Tariff(prices(), false, new Tariff.Box(hour, 0, false)));
    return new Spending(
        bill,
        new Spending.Calls(
            5,
            1,
            Map.of(
                Request.RECEIVE,
                new Requests.Sums(40, 1, 41, 30, 130, 17),
                Request.SEND,
                new Requests.Sums(30, 0, 30, 30, 100, 20),
                Request.DELETE,
                new Requests.Sums(25, 0, 25, 25, 100, 15),
                Request.CHANGE_VISIBILITY,
                new Requests.Sums(9, 1, 9, 8, 44, 3))),
        new Spending.Waste(
            0.33, new Usd(new BigDecimal("0.024")), 9, Usd.of("0.0000036"), Usd.of("0.00001")),
        hour,
        null,
        "2026-11-01");
  }

  private static Prices prices() {
    try (InputStream in = Prices.class.getResourceAsStream(Prices.RESOURCE)) {
      if (in == null) {
        throw new AssertionError("no prices");
      }
      return Prices.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)).prices();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
