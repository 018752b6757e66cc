package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What all commands share: where they print, and how they are stopped. */
abstract class Subcommand implements Callable<Integer> {
  /** Everything was done. */
  static final int DONE = 0;

  /** Something went wrong. */
  static final int FAILED = 1;

  /** Not all that was asked for is there. */
  static final int INCOMPLETE = 3;

  /** Every job has ended, but not all with a result. */
  static final int ENDED_WITHOUT_RESULT = 4;

  /** Some jobs have not ended within the time that was given. */
  static final int TIMED_OUT = 5;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** For results: standard output. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** For everything else: standard error. */
  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Says a line on standard error, whatever is in it. */
  final void say(String message) {
    err().println("sample-client: " + Text.oneLine(message));
    err().flush();
  }

  /** The whole command line, of which this is a command. */
  final CommandLine root() {
    return spec.root().commandLine();
  }

  final Stop stop() {
    return ((SampleClient) spec.root().userObject()).stop();
  }

  final Retry retry() {
    return new Retry(stop());
  }

  /**
   * Makes a call that changes nothing, again if it fails for a reason that may pass; it is not
   * waited for when the command is stopped.
   *
   * @throws Stop.Asked if the stop is asked for first
   */
  final <T> T read(Retry.Call<T> call) throws CallFailed, InterruptedException {
    return stop().reading(() -> retry().call(call));
  }

  /** Has another command do it; returns its exit status. */
  final int another(String command, List<String> arguments) {
    CommandLine line = spec.root().commandLine().getSubcommands().get(command);
    return line.execute(arguments.toArray(String[]::new));
  }

  /** A command line that is invalid. */
  final CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  /**
   * Refuses a number that is out of its range.
   *
   * @param unit with a blank before it, such as {@code " seconds"}; or empty
   */
  final void checkRange(String option, long value, long min, long max, String unit) {
    if (value < min || value > max) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "%s: %d is out of range; allowed: %,d to %,d%s",
              option,
              value,
              min,
              max,
              unit));
    }
  }

  /** True if the option was given, rather than left at its default. */
  final boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }
}
