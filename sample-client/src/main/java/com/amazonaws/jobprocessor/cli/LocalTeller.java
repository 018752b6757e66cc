package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Says on standard error what goes wrong with jobs: the first of them, since there may be millions.
 * Safe for use by several threads.
 */
final class LocalTeller implements Consumer<WorkEvent>, Traces {
  private static final int MAX_TOLD = 10;

  /** What calls the executor. */
  private static final Pattern OURS =
      Pattern.compile(
          "(?m)^\\tat (?:com\\.amazonaws\\.jobprocessor\\.(?:plugin|work)\\.|java\\.base/java\\.lang\\.Thread\\.run\\().*\\R?");

  private final Consumer<String> say;
  private final PrintWriter err;
  private final boolean traces;
  private final UnaryOperator<String> redact;
  private int told;

  /**
   * A teller.
   *
   * @param say takes a line
   * @param err takes stack traces
   * @param traces true for every failed attempt with its stack trace
   * @param redact takes the secrets out of a text
   */
  LocalTeller(Consumer<String> say, PrintWriter err, boolean traces, UnaryOperator<String> redact) {
    this.say = say;
    this.err = err;
    this.traces = traces;
    this.redact = redact;
  }

  @Override
  public void accept(WorkEvent event) {
    switch (event) {
      case WorkEvent.DeadLettered dead -> failed(dead.failure(), " failed for good, attempt ");
      case WorkEvent.Retried retried when traces ->
          failed(retried.failure(), " is tried again, attempt ");
      case WorkEvent.ExecutorUnavailable no ->
          say.accept(
              "the executor cannot run jobs on this machine now: "
                  + redact.apply(no.why())
                  + "; trying again until it can");
      case WorkEvent.ExecutorAvailable again ->
          say.accept("the executor runs jobs again, after " + again.after().toSeconds() + " s");
      default -> {}
    }
  }

  private synchronized void failed(WorkEvent.FailedAttempt failure, String what) {
    if (!traces && told >= MAX_TOLD) {
      if (told == MAX_TOLD) {
        told++;
        say.accept("... more failures are counted only; --trace or --json shows all");
      }
      return;
    }
    told++;
    String message = failure.message().isEmpty() ? "" : ": " + failure.message();
    say.accept(
        "job " + failure.jobId() + what + failure.attempt() + ": " + failure.type() + message);
    if (failure.trace() != null) {
      err.println(Text.lines(failure.trace().toString()));
      err.flush();
    }
  }

  @Override
  public StackText of(Throwable thrown) {
    return traces ? new StackText(trace(thrown, redact).lines().toList()) : null;
  }

  /** The stack trace of what an executor threw, as far as it is the executor's, without secrets. */
  static String trace(Throwable cause, UnaryOperator<String> redact) {
    StringWriter text = new StringWriter();
    try {
      cause.printStackTrace(new PrintWriter(text));
    } catch (Throwable t) { // a class of the user's
      text.write("its stack trace cannot be had: " + t.getClass().getName());
    }
    String mine = OURS.matcher(text.toString()).replaceAll("").stripTrailing();
    return redact.apply(mine);
  }
}
