package com.amazonaws.jobprocessor.systemd;

import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd again and again what the worker does and, as long as nothing of it is stuck, that
 * it is alive.
 */
public final class Heartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  /** Often enough for a status that people look at. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final Duration EXTENSION = Duration.ofSeconds(30);

  /** What a drain takes beyond its time: 5 s to give back, 10 s to settle, and to close. */
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(20);

  private static final int LONGEST_STATUS = 200;

  private final Consumer<String> systemd;
  private final boolean watched;
  private final Duration every;
  private final Semaphore wake = new Semaphore(0);
  private volatile Supplier<Status> status;
  private volatile UnaryOperator<String> toOneLine = UnaryOperator.identity();
  private volatile boolean over;
  private String told = "";
  private boolean stuckSaid;

  /**
   * A heartbeat that has not begun.
   *
   * @param systemd takes assignments, one a line
   * @param watchdog how long systemd waits for a sign of life, if it does
   * @param starting asked for the status until the worker is there
   */
  public Heartbeat(
      Consumer<String> systemd, Optional<Duration> watchdog, Supplier<Status> starting) {
    this.systemd = systemd;
    this.watched = watchdog.isPresent();
    this.every =
        watchdog
            .map(time -> Durations.part(time, 3))
            .filter(third -> third.compareTo(LONGEST) < 0)
            .orElse(LONGEST);
    this.status = starting;
  }

  /** The time between two heartbeats. */
  Duration every() {
    return every;
  }

  /** Begins to send heartbeats, on a thread of its own. */
  public void start() {
    Thread.ofPlatform().name("systemd").daemon().start(this::run);
  }

  private void run() {
    try {
      while (!over) {
        beatIfThereIsMemory();
        if (wake.tryAcquire(every.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      log.error("systemd hears no more of this worker, and will end it if it is to watch it", t);
    }
  }

  /** A job may take all of the heap for a moment: the next heartbeat is in time, too. */
  private void beatIfThereIsMemory() {
    try {
      beat();
    } catch (OutOfMemoryError e) {
      told = "";
    }
  }

  /**
   * Sends one heartbeat. The status takes the worker's locks: if one of them hangs, so does this.
   */
  void beat() {
    Status now = status.get();
    List<String> state = new ArrayList<>();
    String text = line(now.text());
    if (!text.equals(told)) {
      told = text;
      state.add("STATUS=" + text);
    }
    if (isAlive(now.stuck()) && watched) {
      state.add("WATCHDOG=1");
    }
    long extension = extension(now).toNanos() / 1_000;
    if (extension > 0) {
      state.add("EXTEND_TIMEOUT_USEC=" + extension);
    }
    if (!state.isEmpty() && !over) {
      systemd.accept(String.join("\n", state));
    }
  }

  private static Duration extension(Status status) {
    if (status.drainLeft() == null) {
      return status.waiting() ? EXTENSION : Duration.ZERO;
    }
    Duration left = status.drainLeft().plus(AFTER_DRAIN);
    return left.compareTo(EXTENSION) < 0 ? left : EXTENSION;
  }

  private String line(String text) {
    String line = toOneLine.apply(text);
    return line.length() <= LONGEST_STATUS ? line : line.substring(0, LONGEST_STATUS - 3) + "...";
  }

  /**
   * Logs the change for the worse with the threads' stacks: no dump of the JVM has virtual ones.
   */
  private boolean isAlive(List<StuckWatch.Stuck> stuck) {
    boolean alive = stuck.isEmpty();
    if (!alive && !stuckSaid) {
      stuck.forEach(this::tell);
    } else if (alive && stuckSaid) {
      log.info("nothing is stuck any more");
    }
    stuckSaid = !alive;
    return alive;
  }

  private void tell(StuckWatch.Stuck stuck) {
    Exception where = new Exception("where it is");
    where.setStackTrace(stuck.thread().getStackTrace());
    log.atError()
        .addKeyValue("what", stuck.what())
        .addKeyValue("for_secs", stuck.lasts().toSeconds())
        .addKeyValue("thread", stuck.thread().getName())
        .setCause(where)
        .log(watched ? "stuck: systemd is no longer told that the worker is alive" : "stuck");
  }

  /**
   * The worker has been started: from now on its status counts.
   *
   * @param line takes secrets and control characters out of a text
   */
  public void ready(Supplier<Status> worker, UnaryOperator<String> line) {
    toOneLine = line;
    status = worker;
    systemd.accept("READY=1");
    wake.release();
  }

  /** A drain begins. */
  public void stopping() {
    systemd.accept("STOPPING=1");
    wake.release();
  }

  /** Sends no more heartbeats: the process is about to end. */
  @Override
  public void close() {
    over = true;
    wake.release();
  }
}
