package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.Printable;
import java.util.List;

/** Prints results on standard output, and shows how many there are. */
class ResultPrinting implements Collector.Sink {
  private static final int MAX_RAW = 4_000;

  private final Subcommand command;
  private final Printer printer;
  private final Bucket bucket;
  private final Terminal.Progress progress;
  private final JobLog log;

  /**
   * For one run of a command.
   *
   * @param printer null to print nothing
   * @param log gets a line for each result
   */
  ResultPrinting(
      Subcommand command, Printer printer, Bucket bucket, Terminal.Progress progress, JobLog log) {
    this.command = command;
    this.printer = printer;
    this.bucket = bucket;
    this.progress = progress;
    this.log = log;
  }

  @Override
  public void print(Delivery message, JobResult result)
      throws Bucket.Unusable, InterruptedException {
    if (printer != null) {
      String body = Messages.isPointer(message) ? bucket.fetch(message) : result.body();
      printer.result(result, body);
      log.result(result, body, message);
    }
  }

  @Override
  public void unreadable(String jobId, String problem) {
    command.say("the result of " + jobId + " " + problem);
  }

  @Override
  public void unreadable(Delivery pack, JobResult.Unreadable part) {
    String what = part.line() == 0 ? "message " : "line " + part.line() + " of message ";
    command.say(
        what
            + pack.messageId()
            + " is no result, and stays in the queue ("
            + part.why()
            + "): "
            + Printable.cutMiddle(part.raw(), MAX_RAW));
  }

  @Override
  public void flush() {
    log.flush();
    if (printer != null) {
      printer.flush();
    }
  }

  @Override
  public void deleted(List<Delivery> results) throws InterruptedException {
    List<String> pointers =
        results.stream().filter(Messages::isPointer).map(Delivery::body).toList();
    bucket.delete(pointers).ifPresent(command::say);
  }

  @Override
  public void found(int results) {
    progress.step(results);
  }
}
