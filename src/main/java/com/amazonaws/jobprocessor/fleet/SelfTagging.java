package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tags this instance with its queue, at its start and where it may: by that tag the boxes of a
 * queue are counted. Boxes that start together do not call together, and none waits for it.
 */
public final class SelfTagging {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);
  private static final Duration SPREAD = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String STAYS = "this box is not counted among those of its queue";

  private final String backlog;
  private final OwnTag tag;
  private final MonotonicClock clock;

  /** Makes no call yet. */
  public SelfTagging(String backlog, OwnTag tag, MonotonicClock clock) {
    this.backlog = backlog;
    this.tag = tag;
    this.clock = clock;
  }

  /** Sets the tag, unless it is there or may not be set; tries for ten minutes. */
  public void run() throws InterruptedException {
    clock.sleep(ThreadLocalRandom.current().nextLong(SPREAD.toNanos()));
    if (isThere()) {
      return;
    }
    Backoff backoff = new Backoff();
    long until = clock.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        tag.set(backlog);
        log.atDebug().addKeyValue("tag", Boxes.TAG).log("this box is tagged with its queue");
        return;
      } catch (CallFailed e) {
        if (Said.isDenied(e)) {
          log.atInfo()
              .addKeyValue("right", Refusals.right("CreateTags", e.service()))
              .log("a right is missing: " + STAYS + ", unless it was tagged when it was launched");
          return;
        }
        if (until - clock.nanoTime() < 0) {
          log.atInfo()
              .addKeyValue("error", e.code())
              .addKeyValue("message", e.getMessage())
              .log("cannot tag this box: " + STAYS);
          return;
        }
      }
      backoff.pause(clock);
    }
  }

  private boolean isThere() {
    try {
      return backlog.equals(tag.read());
    } catch (IOException e) {
      return false;
    }
  }
}
