package com.amazonaws.jobprocessor.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds systemd's watchdog while nothing of ours hangs, tells it what the worker does, and asks it
 * for time while the worker drains.
 */
final class Heartbeat {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Each time; several beats may be late. */
  private static final Duration EXTENSION = Duration.ofSeconds(40);

  /** Who listens: systemd. */
  interface Manager {
    /** True if somebody listens. */
    boolean listens();

    /** The time within which the watchdog has to be fed; null if there is none. */
    @Nullable Duration watchdog();

    /** Sends assignments such as {@code READY=1}. */
    void send(String... assignments);
  }

  /** What the heart belongs to. */
  interface Body {
    /** What hangs: empty if all is well. Hangs itself if what all loops need cannot be had. */
    List<String> stuck();

    /** What it does or waits for, in a line. */
    String status();

    /** How much longer its stop may take; null while it does not stop. */
    @Nullable Duration stopTime();
  }

  private final Manager manager;
  private final Semaphore now = new Semaphore(0);
  private final long pauseNanos;
  private final Body body;
  private String status = "";
  private boolean stopping;
  private boolean complained;

  /** Beats for the body; whoever asked for a watchdog is told so often that a beat may be late. */
  Heartbeat(Manager manager, Body body) {
    this.manager = manager;
    this.body = body;
    Duration watchdog = manager.watchdog();
    Duration third = watchdog == null ? LONGEST_PAUSE : watchdog.dividedBy(3);
    pauseNanos = (third.compareTo(LONGEST_PAUSE) < 0 ? third : LONGEST_PAUSE).toNanos();
  }

  /** The body has begun to work: systemd may go on with what waits for it. */
  void start() {
    if (manager.listens()) {
      manager.send("READY=1");
      Thread.ofPlatform().name("systemd").daemon().start(this::run);
    }
  }

  /** Beats at once: something has changed that systemd should know. */
  void beatNow() {
    now.release();
  }

  private void run() {
    try {
      while (true) {
        beat();
        boolean _ = now.tryAcquire(pauseNanos, TimeUnit.NANOSECONDS);
        now.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void beat() {
    List<String> stuck = body.stuck();
    List<String> assignments = new ArrayList<>();
    if (stuck.isEmpty()) {
      assignments.add("WATCHDOG=1");
    } else if (!complained) {
      complained = true;
      log.atError()
          .addKeyValue("stuck", String.join(", ", stuck))
          .log("the worker hangs; systemd will end it and start it again");
    }
    addStop(assignments);
    String newStatus = stuck.isEmpty() ? body.status() : "hangs: " + String.join(", ", stuck);
    if (!newStatus.equals(status)) {
      status = newStatus;
      assignments.add("STATUS=" + newStatus);
    }
    if (!assignments.isEmpty()) {
      manager.send(assignments.toArray(String[]::new));
    }
  }

  private void addStop(List<String> assignments) {
    Duration left = body.stopTime();
    if (left == null) {
      return;
    }
    if (!stopping) {
      stopping = true;
      assignments.add("STOPPING=1");
    }
    if (left.isPositive()) {
      Duration more = left.compareTo(EXTENSION) < 0 ? left : EXTENSION;
      assignments.add("EXTEND_TIMEOUT_USEC=" + more.toNanos() / 1_000);
    }
  }
}
