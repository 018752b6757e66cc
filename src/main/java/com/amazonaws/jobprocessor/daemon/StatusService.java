package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.status.StatusPages;
import com.amazonaws.jobprocessor.status.StatusServer;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.io.IOException;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the status page, if it can: a worker without it is a worker. */
final class StatusService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusService.class);

  private final Settings.Listen listen;
  private final StatusPages pages;
  private final WorkThreads threads;
  private @Nullable StatusServer server;
  private boolean closed;

  /** Does not serve yet. */
  StatusService(Settings.Listen listen, StatusPages pages, WorkThreads threads) {
    this.listen = listen;
    this.pages = pages;
    this.threads = threads;
  }

  /** Starts to serve, and says where; a port that is taken is said once. */
  synchronized void start() {
    if (closed) {
      return;
    }
    try {
      server =
          pages.serve(
              listen.address(),
              listen.port(),
              (name, loop) -> threads.startVirtual(name, loop::run),
              System::nanoTime);
      log.atInfo().addKeyValue("url", url()).log("status page");
    } catch (IOException | RuntimeException | LinkageError | ServiceConfigurationError e) {
      log.atWarn()
          .addKeyValue("status_address", listen.address())
          .addKeyValue("status_port", listen.port())
          .addKeyValue("error", e.getMessage())
          .log("no status page: cannot listen there; the worker goes on without");
    }
  }

  private String url() {
    String host = listen.address().contains(":") ? "[" + listen.address() + "]" : listen.address();
    return "http://" + host + ":" + listen.port() + "/";
  }

  /** Ends it at once. */
  @Override
  public synchronized void close() {
    closed = true;
    if (server != null) {
      server.close();
    }
  }
}
