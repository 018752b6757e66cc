package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** One attempt of one job by a worker in this process. */
final class OneAttempt {
  private final Configuration configuration;
  private final LoadedExecutor executor;
  private final LocalBacklog backlog = new LocalBacklog();
  private final AtomicReference<Outcome> outcome = new AtomicReference<>();
  private volatile Duration took = Duration.ZERO;
  private volatile Throwable thrown;

  /** What came of it. */
  sealed interface Outcome {
    /** It has a result. */
    record Result(String text, Duration took) implements Outcome {}

    /**
     * It failed.
     *
     * @param cause what the executor threw; null for a failure that the worker found
     */
    record Failure(String type, String message, Throwable cause, Duration took)
        implements Outcome {}

    /** The executor says that it cannot run jobs on this machine. */
    record Unavailable(String why) implements Outcome {}
  }

  OneAttempt(Configuration configuration, LoadedExecutor executor) {
    this.configuration = configuration;
    this.executor = executor;
  }

  /**
   * Makes the attempt.
   *
   * @throws Stop.Asked if it was stopped
   * @throws UserError if the worker could not go on
   */
  Outcome run(ReplayedJob job, Stop stop) throws InterruptedException {
    Settings.Work work = configuration.settings().work();
    // This attempt is the last one, whatever its number is.
    Settings.Work once =
        new Settings.Work(
            work.expectedTime(), job.attempt() - 1, 1, work.retryDelay(), work.timeout());
    LocalWorker worker =
        new LocalWorker(
            once,
            configuration.secrets(),
            executor,
            backlog,
            new LocalWorker.Readers(this::result, _ -> {}, this::event, this::trace));
    backlog.put(
        new LocalBacklog.LocalJob(
            1, job.messageId(), job.body(), job.attributes(), job.attempt() - 1));
    backlog.complete();
    LocalRun.End end = LocalRun.run(worker, backlog, stop, () -> endIfUnavailable(worker));
    Outcome came = outcome.get();
    if (came != null) {
      return came;
    }
    if (end == LocalRun.End.FAILED) {
      throw new UserError(worker.failure());
    }
    throw new Stop.Asked();
  }

  private void endIfUnavailable(LocalWorker worker) {
    if (outcome.get() instanceof Outcome.Unavailable no) {
      worker.fail(no.why());
    }
  }

  private void result(List<Delivery> messages) {
    JobResult result = JobResult.in(messages.getFirst()).readable().getFirst();
    outcome.compareAndSet(null, new Outcome.Result(result.body(), took));
  }

  /** There is one job: what it threw may be kept. */
  private StackText trace(Throwable cause) {
    thrown = cause;
    return new StackText(List.of());
  }

  private void event(WorkEvent event) {
    switch (event) {
      case WorkEvent.Ran ran -> took = ran.took();
      case WorkEvent.DeadLettered dead ->
          outcome.compareAndSet(
              null,
              new Outcome.Failure(
                  dead.failure().type(),
                  dead.failure().message(),
                  dead.failure().trace() == null ? null : thrown,
                  took));
      case WorkEvent.ExecutorUnavailable no ->
          outcome.compareAndSet(null, new Outcome.Unavailable(no.why()));
      default -> {}
    }
  }

  /** All of it, as a JSON object. */
  static String json(ReplayedJob job, Outcome outcome, UnaryOperator<String> redact) {
    JsonLine line =
        new JsonLine().text(MessageFormat.JOB_ID, job.id()).number("attempt", job.attempt());
    switch (outcome) {
      case Outcome.Result result ->
          line.text("outcome", "result")
              .number("seconds", LocalSummary.number(result.took().toNanos() / 1e9, 6))
              .text("result", result.text());
      case Outcome.Failure failure -> {
        line.text("outcome", "failure")
            .number("seconds", LocalSummary.number(failure.took().toNanos() / 1e9, 6))
            .text(MessageFormat.ERROR_TYPE, failure.type())
            .text(MessageFormat.ERROR_MESSAGE, failure.message());
        if (failure.cause() != null) {
          line.text("stack_trace", LocalTeller.trace(failure.cause(), redact));
        }
      }
      case Outcome.Unavailable no ->
          line.text("outcome", "unavailable").text(MessageFormat.ERROR_MESSAGE, no.why());
    }
    return line.end();
  }
}
