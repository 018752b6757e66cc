package com.amazonaws.jobprocessor.work.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Starts the worker's own threads; what any of them cannot handle is fatal, so that no part dies in
 * silence.
 */
public class WorkThreads {
  /** What a thread does. */
  @FunctionalInterface
  public interface Task {
    void run() throws InterruptedException;
  }

  private final Consumer<Throwable> fatal;

  /**
   * Reports what a thread of ours could not handle, OutOfMemoryError included; the process cannot
   * go on.
   */
  public WorkThreads(Consumer<Throwable> fatal) {
    this.fatal = fatal;
  }

  /** Starts a thread for work that only waits. */
  public Thread startVirtual(String name, Task task) {
    return Thread.ofVirtual().name(name).start(() -> guard(task));
  }

  /** Starts a thread that must get its share of a core whatever the jobs do. */
  public Thread startPlatform(String name, Task task) {
    return Thread.ofPlatform().name(name).daemon().start(() -> guard(task));
  }

  /** Work on one of several items. */
  @FunctionalInterface
  public interface Work<T, R> {
    R on(T item) throws InterruptedException;
  }

  /**
   * Works on all items, so many side by side, the only one of a single item on the calling thread,
   * and waits for all.
   *
   * @return the outcomes, in the order of the items
   */
  public <T, R> List<R> forAll(String name, List<T> items, int sideBySide, Work<T, R> work)
      throws InterruptedException {
    if (items.size() == 1) {
      return List.of(work.on(items.getFirst()));
    }
    List<CompletableFuture<R>> outcomes = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(new CompletableFuture<>());
    }
    AtomicInteger next = new AtomicInteger();
    Task some =
        () -> {
          for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            outcomes.get(i).complete(work.on(items.get(i)));
          }
        };
    for (int i = 0; i < Math.min(sideBySide, items.size()); i++) {
      startVirtual(name, some);
    }
    List<R> all = new ArrayList<>(items.size());
    for (CompletableFuture<R> outcome : outcomes) {
      try {
        all.add(outcome.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e); // what a thread cannot handle is fatal instead
      }
    }
    return all;
  }

  private void guard(Task task) {
    try {
      task.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // cut by a stop: the end of this thread
    } catch (Throwable t) {
      fatal.accept(t);
    }
  }
}
