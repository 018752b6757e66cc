package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.QueueGauge;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The loop that sends tasks: what is in the outbox first, so that what a boss has left there when
 * it died goes out at once; then what is planned.
 */
public final class Dispatcher implements Runnable {
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final Duration MEASURE = Duration.ofSeconds(1);
  private static final Duration GAUGE = Duration.ofSeconds(30);
  private static final int MAX_MESSAGES = 50;
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  private final Outbox outbox;
  private final Settings settings;
  private final Results results;
  private final QueueGauge gauge;
  private final InstantSource clock;
  private final Pace pace;
  private final Sender sender;
  private final Outage sends;
  private final Loop loop = new Loop("the dispatch", () -> step() > 0, IDLE);
  private Results.Measured measured = new Results.Measured(0, null, 0);
  private Instant measuredAt = Instant.MIN;
  private Instant gaugedAt = Instant.MIN;
  private int outstanding;

  /** The loop; it runs until it is stopped. */
  public Dispatcher(
      Outbox outbox,
      Settings settings,
      Results results,
      OutputQueue backlog,
      QueueGauge gauge,
      InstantSource clock) {
    this.outbox = outbox;
    this.settings = settings;
    this.results = results;
    this.gauge = gauge;
    this.clock = clock;
    this.pace = new Pace(clock::instant, this::measured);
    this.sender = new Sender(backlog);
    this.sends = new Outage("sending to the queue " + backlog.name());
  }

  /** There may be something to do: it looks at once. */
  public void wake() {
    loop.wake();
  }

  /** Ends after the send that it is at. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void run() {
    loop.run();
  }

  /** Sends what is in the outbox, or fills it; returns how many tasks it has moved. */
  int step() throws InterruptedException {
    if (!settings.dispatch().maySend(clock.instant())) {
      return 0;
    }
    int jobs = Packing.jobs(measured());
    int sent =
        outbox.send(
            jobs * MAX_MESSAGES,
            MAX_BYTES,
            (parcels, maySend) -> sender.send(parcels, jobs, maySend));
    String failure = sender.failure();
    if (failure != null) {
      sends.failed(failure);
      return sent;
    }
    if (sent > 0) {
      sends.worked();
      return sent;
    }
    int planned =
        outbox.plan(
            (now, out, recent) -> {
              outstanding = out;
              return pace.allowed(now, out, recent);
            });
    if (planned == 0 && pace.isFull()) {
      gauge();
    }
    return planned;
  }

  private Results.Measured measured() {
    Instant now = clock.instant();
    if (measuredAt.isAfter(now) || measuredAt.isBefore(now.minus(MEASURE))) {
      measured = results.measure(now.minus(Pace.MEMORY), now);
      measuredAt = now;
    }
    return measured;
  }

  /** Asks SQS rarely: the answer lags by up to a minute, and costs a request. */
  private void gauge() throws InterruptedException {
    Instant now = clock.instant();
    if (gaugedAt.isAfter(now.minus(GAUGE)) && !gaugedAt.isAfter(now)) {
      return;
    }
    gaugedAt = now;
    try {
      pace.queueHas(gauge.read().waiting(), outstanding);
    } catch (CallFailed e) {
      // It is asked again; until then what was measured holds.
    }
  }
}
