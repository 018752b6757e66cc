package com.amazonaws.jobprocessor.status.button;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs what asks AWS, and waits for it no longer than the server lets an answer take. What is
 * ordered twice under one name is done once, and whoever asks again gets the same answer. Safe for
 * use by several threads.
 */
final class BoundedCalls {
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final int MAX_REMEMBERED = 32;

  private final Duration longest;
  private final Map<String, FutureTask<String>> orders = new LinkedHashMap<>();

  BoundedCalls() {
    this(LONGEST);
  }

  BoundedCalls(Duration longest) {
    this.longest = longest;
  }

  /**
   * Runs something on a thread of its own.
   *
   * @return null if it takes longer than that; it goes on
   * @throws ExecutionException with what it has thrown
   */
  <T> @Nullable T run(Callable<T> what) throws ExecutionException, InterruptedException {
    return await(started(what));
  }

  /** Does what was ordered, once for each name; an order that fails may be given again. */
  @Nullable String order(String name, Callable<String> what)
      throws ExecutionException, InterruptedException {
    FutureTask<String> task;
    synchronized (orders) {
      FutureTask<String> before = orders.get(name);
      if (before != null && !hasFailed(before)) {
        task = before;
      } else {
        task = started(what);
        orders.put(name, task);
        forgetOld();
      }
    }
    return await(task);
  }

  private void forgetOld() {
    Iterator<FutureTask<String>> oldest = orders.values().iterator();
    while (orders.size() > MAX_REMEMBERED && oldest.hasNext()) {
      if (oldest.next().isDone()) {
        oldest.remove();
      }
    }
  }

  private static boolean hasFailed(FutureTask<String> task) {
    return task.state() == FutureTask.State.FAILED;
  }

  private static <T> FutureTask<T> started(Callable<T> what) {
    FutureTask<T> task = new FutureTask<>(what);
    Thread.ofVirtual().name("button").start(task);
    return task;
  }

  private <T> @Nullable T await(FutureTask<T> task)
      throws ExecutionException, InterruptedException {
    try {
      return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }
}
