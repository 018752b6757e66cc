package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The boxes of the backlog as EC2 has told, and when. Safe for use by several threads. */
public final class SeenBoxes {
  private final MonotonicClock clock;
  private @Nullable List<ListedBox> listed;
  private @Nullable String unknown;
  private long at;

  /** Nothing is known yet. */
  public SeenBoxes(MonotonicClock clock) {
    this.clock = clock;
    this.at = clock.nanoTime();
  }

  /** EC2 has just told. */
  public synchronized void seen(List<ListedBox> boxes) {
    listed = List.copyOf(boxes);
    unknown = null;
    at = clock.nanoTime();
  }

  /** EC2 does not tell, or is not asked; what it told before stays, and gets older. */
  public synchronized void unknown(String why) {
    unknown = why;
  }

  /** What is known at this moment. */
  synchronized ListedBoxes now() {
    return new ListedBoxes(listed, Duration.ofNanos(clock.nanoTime() - at), unknown);
  }
}
