package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.QueueDepths.Queue;
import com.amazonaws.jobprocessor.stats.Snapshot.Problem;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks SQS how many messages the queues hold, on a thread of its own and never in answer to whoever
 * wants to know. Each queue once in three minutes, which is a request a minute, when nobody looks;
 * once a minute while numbers are fetched, as a collector of metrics does; and the backlog once in
 * ten seconds while somebody looks at the page. A request that fails is made again when the next is
 * due.
 */
public final class QueueWatch {
  private static final String ACTION = "GetQueueAttributes";
  private static final Duration UNSEEN = Duration.ofMinutes(3);
  private static final Duration FETCHED = Duration.ofMinutes(1);
  private static final Duration LOOKED_AT = Duration.ofSeconds(10);
  private static final long FETCHES_COUNT_FOR = Duration.ofMinutes(2).toNanos();
  private static final long LOOKS_COUNT_FOR = Duration.ofSeconds(30).toNanos();

  private final QueueDepths depths;
  private final Problems problems;
  private final MonotonicClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sooner = lock.newCondition();
  private final Map<Queue, Long> askedAt = new EnumMap<>(Queue.class);
  private long fetchedAt;
  private long lookedAt;

  /** Nobody has looked yet. */
  public QueueWatch(QueueDepths depths, Problems problems, MonotonicClock clock) {
    this.depths = depths;
    this.problems = problems;
    this.clock = clock;
    this.fetchedAt = clock.nanoTime() - FETCHES_COUNT_FOR;
    this.lookedAt = clock.nanoTime() - LOOKS_COUNT_FOR;
  }

  /** Somebody looks at the numbers now. */
  public void lookedAt() {
    lock.lock();
    try {
      lookedAt = clock.nanoTime();
      fetchedAt = lookedAt;
      sooner.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Somebody, or a program, fetches the numbers now. */
  public void fetched() {
    lock.lock();
    try {
      fetchedAt = clock.nanoTime();
      sooner.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asks, at once and then again and again; for a thread of its own, until it is interrupted. */
  public void run(Map<Queue, QueueGauge> gauges) throws InterruptedException {
    while (true) {
      for (Queue queue : awaitDue()) {
        QueueGauge gauge = gauges.get(queue);
        if (gauge != null) {
          ask(queue, gauge);
        }
      }
    }
  }

  private void ask(Queue queue, QueueGauge gauge) throws InterruptedException {
    String source = "depth of " + queue;
    try {
      QueueGauge.Reading reading = gauge.read();
      depths.read(queue, reading);
      problems.set(
          source,
          queue == Queue.BACKLOG && reading.hasManyInFlight()
              ? List.of(manyInFlight(gauge, reading))
              : List.of());
    } catch (CallFailed e) {
      problems.set(source, List.of(failed(gauge, e)));
    } catch (RuntimeException e) { // of an answer that makes no sense
      problems.set(source, List.of(failed(gauge, e.getClass().getSimpleName())));
    }
  }

  private static Problem manyInFlight(QueueGauge gauge, QueueGauge.Reading reading) {
    return new Problem(
        "nearly as many messages of the backlog are in flight as SQS allows; beyond that it gives"
            + " out no more",
        "queue="
            + gauge.name()
            + " in_flight="
            + reading.inFlight()
            + " at_most_about="
            + QueueGauge.MAX_IN_FLIGHT);
  }

  private static Problem failed(QueueGauge gauge, CallFailed e) {
    String right = new Outage.Failing(e.service(), ACTION, gauge.name(), e.code()).missingRight();
    return right == null
        ? failed(gauge, e.code())
        : new Problem(
            "a right is missing: how many messages a queue holds is not known",
            "queue=" + gauge.name() + " right=" + right);
  }

  private static Problem failed(QueueGauge gauge, String code) {
    return new Problem(
        "cannot ask SQS how many messages a queue holds; the numbers shown are old",
        "queue=" + gauge.name() + " action=" + ACTION + " error=" + code);
  }

  private List<Queue> awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = clock.nanoTime();
        List<Queue> due = new ArrayList<>();
        long left = Long.MAX_VALUE;
        for (Queue queue : Queue.values()) {
          long nanos = nanosLeft(queue, now);
          if (nanos <= 0) {
            due.add(queue);
            askedAt.put(queue, now);
          }
          left = Math.min(left, nanos);
        }
        if (!due.isEmpty()) {
          return due;
        }
        clock.await(sooner, left);
      }
    } finally {
      lock.unlock();
    }
  }

  private long nanosLeft(Queue queue, long now) {
    Long asked = askedAt.get(queue);
    return asked == null ? 0 : asked + interval(queue, now).toNanos() - now;
  }

  private Duration interval(Queue queue, long now) {
    if (queue == Queue.BACKLOG && now - lookedAt < LOOKS_COUNT_FOR) {
      return LOOKED_AT;
    }
    return now - fetchedAt < FETCHES_COUNT_FOR ? FETCHED : UNSEEN;
  }
}
