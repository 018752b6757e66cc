package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that may take long to find out: done once at a time for all who ask, none of whom waits
 * for longer than he likes. Safe for use by several threads.
 */
public final class SingleFlight<T> {
  private final Supplier<T> work;
  private final Executor executor;
  private final Object guard = new Object();
  private @Nullable CompletableFuture<T> flight;

  /**
   * Of some work.
   *
   * @param work whose exceptions are those of {@link #get}
   */
  public SingleFlight(Supplier<T> work) {
    this(work, Thread::startVirtualThread);
  }

  SingleFlight(Supplier<T> work, Executor executor) {
    this.work = work;
    this.executor = executor;
  }

  /**
   * What comes out, if it does in time. Work that takes longer goes on, and what comes out is there
   * for whoever asks while it does. Empty also if the thread is interrupted, which it then still
   * is.
   */
  public Optional<T> get(Duration longest) {
    CompletableFuture<T> mine;
    synchronized (guard) {
      mine = flight;
      if (mine == null || mine.isDone()) {
        mine = CompletableFuture.supplyAsync(work, executor);
        flight = mine;
      }
    }
    try {
      return Optional.of(mine.get(longest.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
