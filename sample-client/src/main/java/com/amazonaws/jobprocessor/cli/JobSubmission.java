package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.client.send.Submission;
import java.io.InputStream;

/** Submits a file's jobs for a command, and says how it went. */
final class JobSubmission {
  private final Subcommand command;
  private final JobFile file;
  private final AwsSession aws;
  private final Bucket bucket;
  private final Job.Maker jobs;
  private final Submitting.Watcher watcher;
  private SubmitReport report;

  /**
   * A submission that has not begun.
   *
   * @param watcher hears of the jobs, and of those that were not taken
   */
  JobSubmission(
      Subcommand command,
      JobFile file,
      AwsSession aws,
      Bucket bucket,
      Job.Maker jobs,
      Submitting.Watcher watcher) {
    this.command = command;
    this.file = file;
    this.aws = aws;
    this.bucket = bucket;
    this.jobs = jobs;
    this.watcher = watcher;
  }

  /**
   * Checks the lines, if they are in a file, and submits them.
   *
   * @param stop ends it early
   * @return the exit status
   */
  int run(Stop stop, SubmitReport.Says says) throws Exception {
    long count = file.checkLines(command, bucket, jobs, watcher);
    try (InputStream in = Input.open(file.name);
        Terminal.Progress progress =
            says == SubmitReport.Says.NOTHING
                ? Terminal.noProgress()
                : Terminal.progress("submitting", count)) {
      Sender sender =
          new Sender(
              aws.output(file.queue(aws, command.retry())),
              stop,
              new Once(this::sayThatItIsThrottled));
      Packer packer = file.packs.packer(command, aws, Math.max(0, count));
      if (Input.isStandardInput(file.name) && Terminal.isTerminal(0)) {
        command.say("reading jobs from standard input, a line each; Ctrl-D ends them");
      }
      report = new SubmitReport(command, jobs.prefix(), says, bucket, progress);
      try (Submission submission =
          new Submission(sender, packer, file.isInOrder(), new Telling(report, watcher))) {
        Submitting submitting =
            new Submitting(
                submission,
                jobs,
                bucket,
                report,
                stop,
                new Submitting.Lines(file.name, file.skipBad, watcher));
        submitting.run(file.feed(in, bucket));
        if (submitting.hasRefused()) {
          report.sayHowFar();
          command.say("nothing after that line was submitted; --skip-bad leaves such lines out");
          return Subcommand.FAILED;
        }
        return report.end(submission.failure(), submitting.readFailure(), file.name);
      }
    }
  }

  private void sayThatItIsThrottled() {
    command.say("SQS asks for patience (throttling); waiting and trying again");
  }

  /** Tells the report, and the watcher of what was not taken. */
  private record Telling(SubmitReport report, Submitting.Watcher watcher)
      implements Submission.Teller {
    @Override
    public void told(Parcel parcel, Sender.Outcome outcome) throws InterruptedException {
      report.told(parcel, outcome);
      if (outcome instanceof Sender.Outcome.NotTaken) {
        parcel.jobs().forEach(job -> watcher.refused(job.line()));
      }
    }

    @Override
    public void told(int jobs) {
      report.told(jobs);
    }
  }
}
