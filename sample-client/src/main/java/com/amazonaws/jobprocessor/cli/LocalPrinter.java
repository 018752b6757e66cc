package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.message.Delivery;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;

/** Prints what a worker in this process sends. Safe for use by several threads. */
final class LocalPrinter {
  /** What is printed of each job that has a result. */
  enum What {
    RESULTS,
    LINES,
    IDS,
    NONE
  }

  private final PrintWriter out;
  private final What what;
  private final boolean json;
  private final Printer printer;
  private final Consumer<String> onFailure;

  /**
   * A printer.
   *
   * @param onFailure is told, perhaps many times, that nothing more can be printed
   */
  LocalPrinter(PrintWriter out, What what, boolean json, Consumer<String> onFailure) {
    this.out = out;
    this.what = what;
    this.json = json;
    this.printer = new Printer(out, json);
    this.onFailure = onFailure;
  }

  synchronized void results(List<Delivery> messages) {
    if (what == What.NONE && !json) {
      return;
    }
    messages.forEach(
        message ->
            JobResult.in(message).readable().forEach(result -> print(result, result.body())));
    check();
  }

  private void print(JobResult result, String body) {
    if (json || what == What.RESULTS) {
      printer.result(result, body);
    } else {
      out.println(what == What.IDS ? result.jobId() : body);
    }
  }

  /** Dead letters are for standard output only if it takes objects of several kinds. */
  synchronized void deadLetters(List<Delivery> messages) {
    if (json) {
      messages.forEach(printer::deadLetter);
      check();
    }
  }

  private void check() {
    if (out.checkError()) {
      onFailure.accept("cannot write to standard output");
    }
  }
}
