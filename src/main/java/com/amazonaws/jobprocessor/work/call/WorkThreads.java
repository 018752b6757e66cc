package com.amazonaws.jobprocessor.work.call;

import java.util.function.Consumer;

/**
 * Starts the worker's own threads; what any of them cannot handle is fatal, so that no part dies in
 * silence.
 */
public final class WorkThreads {
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
