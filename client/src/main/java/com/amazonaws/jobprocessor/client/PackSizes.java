package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.send.PackSize;
import com.amazonaws.jobprocessor.client.send.RunTimes;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How large packs become: as the application says, or by the results that wait in a queue, which
 * are looked at in the beginning, and again while jobs come. To be asked by one thread.
 */
final class PackSizes implements Supplier<PackSize>, AutoCloseable {
  private static final long AGAIN = Duration.ofMinutes(5).toNanos();

  /** A look at some results. */
  interface Look {
    RunTimes look() throws InterruptedException;
  }

  private final @Nullable Look results;
  private final LongSupplier nanoTime;
  private final OnDemandThread thread = new OnDemandThread("enqueuer-learning");
  private volatile PackSize size;
  private long lookedAt;

  private PackSizes(PackSize size, @Nullable Look results, LongSupplier nanoTime) {
    this.size = size;
    this.results = results;
    this.nanoTime = nanoTime;
    this.lookedAt = nanoTime.getAsLong();
  }

  /** Always the same. */
  static PackSizes of(PackSize size) {
    return new PackSizes(size, null, () -> 0);
  }

  /** By results, at which this looks now. */
  static PackSizes learned(Look results, LongSupplier nanoTime) throws InterruptedException {
    PackSizes sizes = new PackSizes(PackSize.cautious(0), results, nanoTime);
    sizes.learn(results);
    return sizes;
  }

  private void learn(Look look) throws InterruptedException {
    RunTimes times = look.look();
    if (times.jobs() > 0) {
      size = PackSize.lasting(times.meanMillis(), 0);
    }
  }

  /** The size of the next pack; waits for nothing. */
  @Override
  public PackSize get() {
    long now = nanoTime.getAsLong();
    if (results != null && now - lookedAt >= AGAIN) {
      lookedAt = now;
      Look look = results;
      try {
        thread.execute(() -> learnAgain(look));
      } catch (RejectedExecutionException e) {
        // closed: the last packs are as those before
      }
    }
    return size;
  }

  private void learnAgain(Look look) {
    try {
      learn(look);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // What was known before is still the best that is known.
    }
  }

  /** Ends a look that is under way. */
  @Override
  public void close() {
    thread.cut();
  }
}
