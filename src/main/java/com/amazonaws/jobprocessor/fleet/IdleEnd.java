package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a box that has had no job for too long. Receiving pauses first; a job that comes with the
 * last receive is run, and the box stays.
 */
public final class IdleEnd {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);
  private static final long LOOK = Duration.ofSeconds(1).toNanos();

  /** How a box ends whose worker has paused. */
  public interface Way {
    /**
     * Ends it.
     *
     * @return how long to stay for at least if it cannot be ended; null if it ends
     */
    @Nullable Duration end() throws InterruptedException;
  }

  private final IdleWatch idle;
  private final BoxWorker worker;
  private final Way way;
  private final MonotonicClock clock;

  /** Not to be used before the worker takes jobs. */
  public IdleEnd(IdleWatch idle, BoxWorker worker, Way way, MonotonicClock clock) {
    this.idle = idle;
    this.worker = worker;
    this.way = way;
    this.clock = clock;
  }

  /**
   * Looks again and again, until interrupted: Auto Scaling may put a box that ends into a warm
   * pool, from which it comes back.
   */
  public void run() throws InterruptedException {
    while (true) {
      if (look()) {
        idle.busy();
      }
      clock.sleep(Math.clamp(idle.nanosLeft(), LOOK / 10, LOOK));
    }
  }

  /** Looks once; true if the box ends. */
  boolean look() throws InterruptedException {
    if (worker.isBusy() || !idle.isKnown()) {
      idle.busy();
    }
    if (idle.nanosLeft() > 0) {
      return false;
    }
    if (!worker.pauseIfIdle()) {
      idle.busy();
      return false;
    }
    Duration stays = way.end();
    if (stays == null) {
      return true;
    }
    log.atDebug().addKeyValue("secs", stays.toSeconds()).log("idle, but the box stays");
    idle.stays(stays);
    worker.resume();
    return false;
  }
}
