package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.logging.JobOutput;
import com.amazonaws.jobprocessor.logging.Journal;
import com.amazonaws.jobprocessor.machine.Instance;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.daemon.Daemon;
import org.apache.commons.daemon.DaemonContext;
import org.apache.commons.daemon.DaemonController;
import org.apache.commons.daemon.DaemonInitException;
import org.jspecify.annotations.Nullable;

/** The same daemon under commons-daemon's {@code jsvc}, which handles signals itself. */
public final class JobProcessorDaemon implements Daemon {
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private volatile @Nullable JobProcessor processor;
  private @Nullable DaemonController controller;

  @Override
  public void init(DaemonContext context) throws Exception {
    AwsAccess.forbidImdsV1();
    controller = context.getController();
    JobOutput.install();
    try (Instance instance = Wiring.instance(System.getenv(), stopRequested)) {
      processor = Main.prepare(CommandLine.parse(context.getArguments()), instance);
    } catch (StartRefused e) {
      Journal.ours().printRefusal(e.lines());
      throw new DaemonInitException(e.getMessage());
    }
  }

  @Override
  public void start() {
    JobProcessor started = processor;
    if (started != null) {
      started.start();
      Thread.ofVirtual().name("stop-watch").start(() -> stopJsvcWith(started));
    }
  }

  /** A worker that ends by itself takes its jsvc with it. */
  private void stopJsvcWith(JobProcessor started) {
    try {
      started.awaitStopRequest();
      if (stopRequested.getCount() > 0 && controller != null) {
        controller.shutdown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() throws Exception {
    stopRequested.countDown();
    JobProcessor started = processor;
    if (started != null) {
      started.stop();
    }
  }

  @Override
  public void destroy() {
    JobOutput.endAllLines();
  }
}
