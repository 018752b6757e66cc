package com.amazonaws.jobprocessor.plugin;

import com.amazonaws.jobprocessor.JobExecutor;
import java.io.IOException;
import java.net.URLClassLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An executor that is ready for jobs, with the class loader that its threads need. */
public final class LoadedExecutor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LoadedExecutor.class);

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

  /** Closes an executor that wants to be closed, and its jars; what they throw is logged. */
  @Override
  public void close() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(classLoader);
    try {
      closeExecutor();
    } finally {
      thread.setContextClassLoader(before);
    }
    try {
      classLoader.close();
    } catch (IOException e) {
      log.atWarn().addKeyValue("error", e).log("cannot close the executor's jars");
    }
  }

  private void closeExecutor() {
    if (executor instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Throwable t) { // Errors as well: the worker must end all the same
        log.atWarn()
            .addKeyValue("error", t.getClass().getName())
            .log("the executor cannot be closed");
      }
    }
  }
}
