package com.amazonaws.jobprocessor.plugin;

import com.amazonaws.jobprocessor.JobExecutor;
import java.io.IOException;
import java.net.URLClassLoader;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An executor that is ready for jobs, with the class loader that its threads need. */
public final class LoadedExecutor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LoadedExecutor.class);

  /** Longer than a flush takes; a stop has 20 s to spare in the unit. */
  private static final Duration MAX_CLOSE = Duration.ofSeconds(10);

  private final JobExecutor executor;
  private final URLClassLoader classLoader;

  LoadedExecutor(JobExecutor executor, URLClassLoader classLoader) {
    this.executor = executor;
    this.classLoader = classLoader;
  }

  /** The executor. */
  public JobExecutor executor() {
    return executor;
  }

  /** To be the context class loader of the threads that run the executor. */
  public ClassLoader classLoader() {
    return classLoader;
  }

  /**
   * Closes an executor that wants to be closed, and its jars; what they throw is logged. One whose
   * {@code close} does not return within ten seconds ends with the process.
   */
  @Override
  public void close() {
    close(MAX_CLOSE);
  }

  void close(Duration maxClose) {
    if (executor instanceof AutoCloseable closeable && !closed(closeable, maxClose)) {
      return; // it may still need its classes
    }
    try {
      classLoader.close();
    } catch (IOException e) {
      log.atWarn().addKeyValue("error", e).log("cannot close the executor's jars");
    }
  }

  /** False if it takes too long. */
  private boolean closed(AutoCloseable closeable, Duration maxClose) {
    Thread closer =
        Thread.ofPlatform().name("executor-close").daemon().unstarted(() -> close(closeable));
    closer.setContextClassLoader(classLoader);
    closer.start();
    try {
      if (closer.join(maxClose)) {
        return true;
      }
      log.atWarn()
          .addKeyValue("secs", maxClose.toSeconds())
          .log("the executor's close() has not returned; it ends with the process");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Throwable t) { // Errors as well: the worker must end all the same
      log.atWarn()
          .addKeyValue("error", ExecutorErrorText.line(ExecutorErrorText.of(t)))
          .log("the executor cannot be closed");
    }
  }
}
