package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.send.Halt;
import java.io.PrintStream;
import java.time.Duration;

/** A worker in this process, from its start to the end of its last job, or to a stop. */
final class LocalRun {
  private static final Duration LOOK = Duration.ofMillis(100);

  private LocalRun() {}

  /** What ended a run. */
  enum End {
    DONE,
    STOPPED,
    FAILED
  }

  /**
   * Runs until every job has ended, a stop is asked for, or the worker cannot go on; then the
   * worker is stopped. What executors print goes to standard error meanwhile.
   *
   * @param next is called ten times a second
   */
  static End run(LocalWorker worker, LocalBacklog backlog, Stop stop, Runnable next)
      throws InterruptedException {
    PrintStream out = System.out;
    System.setOut(System.err); // standard output is for results
    try (Halt.UnderWay _ = stop.callUnderWay()) {
      worker.start();
      boolean done = false;
      while (!done && worker.failure() == null && !stop.isAsked()) {
        done = backlog.awaitEmpty(LOOK);
        next.run();
      }
      worker.stop();
      if (worker.failure() != null) {
        return End.FAILED;
      }
      return done ? End.DONE : End.STOPPED;
    } finally {
      System.setOut(out);
    }
  }
}
