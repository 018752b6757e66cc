package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for the ends of jobs on a thread of its own: takes or looks at their results, and looks for
 * their dead letters.
 */
final class Awaiting implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(100);

  /** Longer than anybody waits. */
  private static final Duration FOREVER = Duration.ofDays(3_650);

  /**
   * Where ends are found.
   *
   * @param deadLetters null if there is no such queue
   */
  record Places(Backlog results, Backlog deadLetters) {}

  private final Places places;
  private final Awaited jobs;
  private final Collector collector;
  private final Inbox inbox;
  private final Subcommand command;
  private final JobLog log;
  private final Stop stop;
  private final Thread thread;
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

  /**
   * Begins to wait.
   *
   * @param sink gets the results
   * @param keep true if they stay in the queue, hidden until the end
   * @param log gets the dead letters
   */
  Awaiting(
      Subcommand command,
      Places places,
      Awaited jobs,
      Collector.Sink sink,
      boolean keep,
      JobLog log) {
    this.command = command;
    this.places = places;
    this.jobs = jobs;
    this.log = log;
    this.stop = command.stop().part();
    this.inbox = new Inbox(places.results(), stop);
    Collector.Goal all = new Collector.Goal(jobs, Integer.MAX_VALUE, keep);
    this.collector = new Collector(inbox, all, sink, stop);
    this.thread = Thread.ofPlatform().name("collector").start(this::collect);
  }

  private void collect() {
    try (inbox;
        DeadLetterWatch watch =
            new DeadLetterWatch(
                places.deadLetters(),
                jobs,
                stop,
                command::say,
                (id, error, letter) -> {
                  if (jobs.hasDeadLetter(id, error)) {
                    log.failure(id, letter);
                  }
                })) {
      collector.collect(FOREVER, watch, TableEnds.NONE);
    } catch (CallFailed | InterruptedException | RuntimeException | Error e) {
      failed.complete(e);
    }
  }

  /** Runs an action when it fails, at once if it has. */
  void onFailure(Runnable action) {
    CompletableFuture<Void> _ = failed.thenRun(action);
  }

  /**
   * Waits until every job has ended, the time is over, or the command is stopped.
   *
   * @param ends knows of jobs that have ended, though nothing comes of them
   * @return true if every job has ended
   */
  boolean await(Duration time, TableEnds ends) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (!command.stop().isAsked() && !failed.isDone()) {
      long left = deadline - System.nanoTime();
      if (jobs.awaitEnd(left < LOOK.toNanos() ? Duration.ofNanos(Math.max(0, left)) : LOOK)) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
      ends.lookIfQuiet(jobs, collector.lastCame());
    }
    return false;
  }

  /**
   * Ends the wait, and shows again what it holds.
   *
   * @return what was collected
   * @throws Exception what it has failed with
   */
  Collector end() throws Exception {
    close();
    if (failed.isDone()) {
      throw failed.join() instanceof Exception e
          ? e
          : new UserError("cannot go on: " + Failures.messageOf(failed.join()));
    }
    return collector;
  }

  @Override
  public void close() {
    stop.ask();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
