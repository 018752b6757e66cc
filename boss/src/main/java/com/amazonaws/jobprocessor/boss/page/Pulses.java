package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.SingleFlight;
import com.amazonaws.jobprocessor.boss.store.Throughput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the pulse once for all who watch it, and only while somebody does. Safe for use by several
 * threads.
 */
final class Pulses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pulses.class);

  /** From the begin of one to the begin of the next: a pulse is shown for so long. */
  static final Duration EVERY = Duration.ofMillis(1_200);

  /** Older counts are counted again if that is cheap, whoever else has counted them. */
  private static final Duration FRESH = Duration.ofMillis(300);

  /** However long one takes, there is a rest after it. */
  private static final Duration REST = Duration.ofMillis(300);

  private static final int BATCHES = 8;

  /**
   * A page does not wait longer for the numbers, which a million tasks take an embedded database
   * seconds: they come with the next pulse.
   */
  private static final Duration SOON = Duration.ofMillis(500);

  private final Work work;
  private final Throughput throughput;
  private final InstantSource clock;
  private final SingleFlight<Pulse.Numbers> soon = new SingleFlight<>(this::numbers);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Beat latest;
  private long beats;
  private int watchers;
  private boolean closed;
  private @Nullable Thread thread;

  /** A pulse and its number: each is one more than the one before. */
  record Beat(long number, Pulse pulse) {}

  Pulses(Work work, Throughput throughput, InstantSource clock) {
    this.work = work;
    this.throughput = throughput;
    this.clock = clock;
  }

  /** How it stands now, with the numbers if they are there soon. */
  Pulse take() {
    return pulse(soon.get(SOON).orElse(null));
  }

  private Pulse.Numbers numbers() {
    return new Pulse.Numbers(
        work.census().counts(FRESH), work.costs().outlooks().get(), throughput.minutes());
  }

  private Pulse pulse(Pulse.@Nullable Numbers known) {
    return new Pulse(
        clock.instant(),
        known,
        work.settings().dispatch(),
        work.census().batches(Long.MAX_VALUE, BATCHES));
  }

  /** From here on somebody watches, until {@link #leave}. */
  void join() {
    lock.lock();
    try {
      watchers++;
      if (thread == null && !closed) {
        thread = Thread.ofVirtual().name("pulse").start(this::run);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One watches less. */
  void leave() {
    lock.lock();
    try {
      watchers--;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a pulse that is newer than one with a number.
   *
   * @return null if there is none in time, or there will be none any more
   */
  @Nullable Beat await(long seen, Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (!closed && left > 0) {
        Beat beat = latest;
        if (beat != null && beat.number() > seen) {
          return beat;
        }
        left = changed.awaitNanos(left);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** True if there will be no pulse any more. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean failed = false;
    try {
      while (awaitWatchers()) {
        long began = System.nanoTime();
        try {
          publish(pulse(numbers()));
          failed = false;
        } catch (RuntimeException e) {
          // The database is away, say: who watches sees the age of what is shown.
          if (!failed) {
            LOG.warn("the pages cannot count the tasks: {}; trying again", e.toString());
          }
          failed = true;
        }
        pause(EVERY.toNanos() - (System.nanoTime() - began));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitWatchers() throws InterruptedException {
    lock.lock();
    try {
      while (watchers == 0 && !closed) {
        latest = null; // it would be old when somebody comes
        changed.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void publish(Pulse pulse) {
    lock.lock();
    try {
      latest = new Beat(++beats, pulse);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = Math.max(nanos, REST.toNanos());
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
