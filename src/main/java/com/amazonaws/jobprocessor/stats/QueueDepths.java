package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Snapshot.Depth;
import com.amazonaws.jobprocessor.stats.Snapshot.Sample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What SQS has told of the queues' depths, and when. Safe for use by several threads. */
public final class QueueDepths {
  private static final long STEP = Duration.ofSeconds(55).toNanos();
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final Map<Queue, String> names;
  private final MonotonicClock clock;
  private final long started;
  private final Map<Queue, Known> known = new EnumMap<>(Queue.class);
  private final Deque<Point> trend = new ArrayDeque<>();

  /** A worker's queues. */
  public enum Queue {
    BACKLOG,
    RESULTS,
    DEAD_LETTERS
  }

  private record Known(QueueGauge.Reading reading, long at) {}

  private record Point(long at, long messages) {}

  /** Queues of these names, of which nothing is known yet. */
  public QueueDepths(Map<Queue, String> names, MonotonicClock clock) {
    this.names = new EnumMap<>(names);
    this.clock = clock;
    this.started = clock.nanoTime();
  }

  /** SQS has just told. */
  synchronized void read(Queue queue, QueueGauge.Reading reading) {
    long now = clock.nanoTime();
    known.put(queue, new Known(reading, now));
    if (queue == Queue.BACKLOG && (trend.isEmpty() || now - trend.getLast().at() >= STEP)) {
      trend.add(new Point(now, reading.waiting() + reading.inFlight() + reading.delayed()));
      while (now - trend.getFirst().at() > HOUR) {
        trend.removeFirst();
      }
    }
  }

  /** What is known at this moment. */
  synchronized Snapshot.Queues now(
      Snapshot.@Nullable Oldest oldest, double meanJobs, ListedBoxes boxes) {
    long now = clock.nanoTime();
    List<Sample> samples =
        trend.stream()
            .map(point -> new Sample(Duration.ofNanos(now - point.at()), point.messages()))
            .toList();
    return new Snapshot.Queues(
        depth(Queue.BACKLOG, now),
        depth(Queue.RESULTS, now),
        depth(Queue.DEAD_LETTERS, now),
        oldest,
        samples,
        meanJobs,
        boxes);
  }

  private Depth depth(Queue queue, long now) {
    Known last = known.get(queue);
    long at = last == null ? started : last.at();
    return new Depth(
        names.getOrDefault(queue, ""),
        last == null ? null : last.reading(),
        Duration.ofNanos(now - at));
  }
}
