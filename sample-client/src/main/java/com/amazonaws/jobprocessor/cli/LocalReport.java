package com.amazonaws.jobprocessor.cli;

import java.io.IOException;

/** What is said of a run in this process beside its results, and the status that it ends with. */
final class LocalReport {
  private final Subcommand command;
  private final String file;
  private final LocalTally tally;
  private final boolean json;
  private final Complaints complaints;

  /**
   * Nothing is said yet.
   *
   * @param file of jobs
   * @param json true for a summary in JSON
   */
  LocalReport(Subcommand command, String file, LocalTally tally, boolean json) {
    this.command = command;
    this.file = file;
    this.tally = tally;
    this.json = json;
    this.complaints = new Complaints(command);
  }

  LocalTally tally() {
    return tally;
  }

  /** Says a line, whoever else does at the same time. */
  synchronized void say(String what) {
    command.say(what);
  }

  /** A line can be no job. */
  synchronized void badLine(long number, String problem) {
    tally.badLine();
    complaints.say(Input.line(number, file) + " " + problem);
  }

  /** Says how it went. */
  void summarize(LocalSummary summary) {
    if (json) {
      command.err().println(summary.json());
      command.err().flush();
    } else {
      summary.lines().forEach(this::say);
    }
  }

  /** The status of the command, once it is said why it is none of success. */
  int status(
      LocalRun.End end, LocalWorker worker, LocalBacklog backlog, LinePump pump, boolean skipBad) {
    if (end == LocalRun.End.STOPPED) {
      return stopped(worker, backlog.doneUpTo());
    }
    if (end == LocalRun.End.FAILED) {
      throw new UserError(worker.failure());
    }
    if (pump.failure() instanceof IOException e) {
      throw Input.unreadable(file, e);
    }
    if (pump.failure() != null) {
      throw new UserError("cannot go on: " + Failures.messageOf(pump.failure()));
    }
    if (tally.bad() > 0 && !skipBad) {
      say("nothing after that line was run; --skip-bad leaves such lines out");
      return Subcommand.FAILED;
    }
    if (tally.bad() > 0) {
      return Subcommand.INCOMPLETE;
    }
    return tally.failed() > 0 ? Subcommand.ENDED_WITHOUT_RESULT : Subcommand.DONE;
  }

  private int stopped(LocalWorker worker, long upTo) {
    worker
        .exiting()
        .ifPresent(
            job -> {
              say(
                  "job "
                      + job
                      + " has called System.exit, which ends this process; a worker dead-letters such"
                      + " a job as WorkerDied");
              command.out().flush();
              // The job's own status would mean something else.
              Runtime.getRuntime().halt(Subcommand.FAILED);
            });
    say(
        "interrupted: of the lines up to "
            + upTo
            + " every job has ended, "
            + Text.count(tally.ended(), "job")
            + " in all; what was running was interrupted");
    return Subcommand.FAILED;
  }
}
