package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** Prints what becomes of submitted jobs, and says at the end how far it went. */
final class SubmitReport implements Submission.Teller {

  /** What stands on standard output. */
  enum Says {
    /** A summary at the end. */
    SUMMARY,
    /** The same as a JSON object. */
    JSON,
    /** The id of each job that was taken. */
    IDS,
    /** Nothing: the command has something else to say there. */
    NOTHING
  }

  private final Subcommand command;
  private final String prefix;
  private final Says says;
  private final Bucket bucket;
  private final Complaints complaints;
  private final Terminal.Progress progress;
  private long taken;
  private long messages;
  private boolean tellsMessages = true;
  private long notTaken;
  private long perhaps;
  private long unusable;
  private final BitSet linesTaken = new BitSet();

  /** The first line whose job was not, or perhaps not, taken. */
  private long gap = Long.MAX_VALUE;

  /**
   * A report.
   *
   * @param prefix of the jobs' ids
   */
  SubmitReport(
      Subcommand command, String prefix, Says says, Bucket bucket, Terminal.Progress progress) {
    this.command = command;
    this.complaints = new Complaints(command);
    this.prefix = prefix;
    this.says = says;
    this.bucket = bucket;
    this.progress = progress;
  }

  @Override
  public void told(Parcel parcel, Sender.Outcome outcome) throws InterruptedException {
    int jobs = parcel.jobs().size();
    switch (outcome) {
      case Sender.Outcome.Taken _ -> taken(parcel);
      case Sender.Outcome.NotTaken no -> {
        gap = Math.min(gap, parcel.first().line());
        notTaken += jobs;
        complaints.say(ids(parcel) + " not taken: " + no.reason());
        Job first = parcel.first();
        bucket
            .delete(first.isPointer() ? List.of(first.message().body()) : List.of())
            .ifPresent(command::say);
      }
      case Sender.Outcome.PerhapsTaken no -> {
        gap = Math.min(gap, parcel.first().line());
        perhaps += jobs;
        complaints.say(ids(parcel) + " perhaps taken: " + no.reason());
      }
    }
  }

  /**
   * Jobs that are told of one by one were sent in so many messages.
   *
   * @param inPacks false if there are fewer only since some jobs had been there before
   */
  void sentIn(long count, boolean inPacks) {
    messages = count;
    tellsMessages = inPacks;
  }

  private static String ids(Parcel parcel) {
    return parcel.jobs().size() == 1
        ? "job " + parcel.first().id() + " was"
        : "jobs " + parcel.first().id() + " to " + parcel.last().id() + " (a pack) were";
  }

  private void taken(Parcel parcel) {
    taken += parcel.jobs().size();
    messages++;
    parcel.jobs().forEach(job -> linesTaken.set((int) job.line()));
    if (says == Says.IDS) {
      parcel.jobs().forEach(job -> command.out().println(job.id()));
    }
  }

  @Override
  public void told(int jobs) {
    if (says == Says.IDS && command.out().checkError()) {
      throw new UserError("cannot write the ids to standard output");
    }
    progress.step(jobs);
  }

  /** A line that cannot be a job, in the words of {@link Input#line}. */
  void unusable(String line, String problem) {
    unusable++;
    refused(line, problem);
  }

  /** A job whose payload the bucket does not take; its line in the words of {@link Input#line}. */
  void notStored(Job job, String line, String problem) {
    gap = Math.min(gap, job.line());
    refused(line, problem);
  }

  private void refused(String line, String problem) {
    notTaken++;
    complaints.say(line + " " + problem);
  }

  /** True if nobody knows of some jobs whether they were taken. */
  boolean isUncertain() {
    return perhaps > 0;
  }

  /** Says what was submitted before it came to an early end. */
  void sayHowFar() {
    progress.finish();
    printJson();
    command.out().flush();
    command.say(
        (command.stop().isAsked() ? "interrupted: " : "")
            + summary()
            + (upTo() <= 0 ? "" : "; of the lines up to " + upTo() + " every job was taken")
            + (linesTaken.length() - 1 > upTo() ? "; taken were " + takenIds() : ids()));
  }

  /** The last line of those before the first gap whose job was taken; -1 if there is none. */
  private int upTo() {
    return linesTaken.previousSetBit((int) Math.min(gap, linesTaken.length()) - 1);
  }

  /**
   * Says how it went; returns the exit status.
   *
   * @param failure what ended it early, or null
   * @param readFailure why the lines could not be read to their end, or null
   */
  int end(CallFailed failure, Throwable readFailure, String file)
      throws CallFailed, InterruptedException {
    progress.finish();
    command.out().flush();
    if (failure != null || readFailure != null || command.stop().isAsked()) {
      sayHowFar();
      if (failure != null) {
        throw failure;
      }
      if (readFailure instanceof IOException e) {
        throw Input.unreadable(file, e);
      }
      if (readFailure != null) {
        throw new UserError("cannot go on: " + Failures.messageOf(readFailure));
      }
      return Subcommand.FAILED;
    }
    printJson();
    if (says == Says.SUMMARY) {
      command.out().println(summary() + ids());
      command.out().flush();
    } else if (says == Says.NOTHING || notTaken + perhaps > 0) {
      command.say(summary() + (says == Says.NOTHING ? ids() : ""));
    }
    if (notTaken + perhaps > unusable) {
      return Subcommand.FAILED;
    }
    return unusable == 0 ? Subcommand.DONE : Subcommand.INCOMPLETE;
  }

  private void printJson() {
    if (says == Says.JSON) {
      command
          .out()
          .println(
              new JsonLine()
                  .number("submitted", taken)
                  .number("messages", messages)
                  .number("not_submitted", notTaken)
                  .number("perhaps_submitted", perhaps)
                  .text("id_prefix", prefix)
                  .end());
      command.out().flush();
    }
  }

  private String takenIds() {
    return Ranges.ids(prefix, linesTaken);
  }

  private String summary() {
    return "submitted "
        + Text.count(taken, "job")
        + (messages == taken || !tellsMessages ? "" : " in " + Text.count(messages, "message"))
        + (notTaken == 0 ? "" : ", " + notTaken + " could not be submitted")
        + (perhaps == 0 ? "" : ", " + perhaps + " were perhaps taken");
  }

  private String ids() {
    return taken == 0 ? "" : (taken == 1 ? "; its id is " : "; their ids are ") + takenIds();
  }
}
