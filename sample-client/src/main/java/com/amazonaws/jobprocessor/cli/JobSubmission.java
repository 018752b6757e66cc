package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.Enqueuer;
import com.amazonaws.jobprocessor.client.EnqueuerBuilder;
import com.amazonaws.jobprocessor.client.Packing;
import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.client.send.Submission;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;

/** Submits a file's jobs for a command, and says how it went. */
final class JobSubmission {
  /** What was read is sent within a second. */
  private static final Duration LINGER = Duration.ofMillis(500);

  private final Subcommand command;
  private final JobFile file;
  private final AwsSession aws;
  private final Bucket bucket;
  private final Job.Maker jobs;
  private final Submitting.Watcher watcher;
  private Recording recording;
  private long maxJobs = Long.MAX_VALUE;
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
   * How jobs are recorded before they are sent.
   *
   * @param table the workers' job table
   * @param region of table and queue
   */
  record Recording(String table, String region) {
    private Outlet outlet(JobFile file, Packing packing, Submission.Teller teller, Stop stop)
        throws InterruptedException {
      EnqueuerBuilder enqueuer =
          Enqueuer.builder(file.backlog.name)
              .region(region)
              .jobTable(table)
              .linger(LINGER)
              .stopAtFailure()
              .packing(packing);
      if (file.payloadBucket.name != null) {
        enqueuer.payloadBucket(file.payloadBucket.name);
      }
      return new RecordedOutlet(enqueuer.build(), file.isInOrder(), teller, stop);
    }
  }

  /** Records the jobs in a job table before they are sent; to be said before it runs. */
  void record(Recording how) {
    recording = how;
  }

  /**
   * Refuses a file of more jobs than there can be results in flight; to be said before it runs. Of
   * a pipe nobody knows how many jobs will come.
   */
  void holdsResults() {
    maxJobs = file.packs.packsResults() ? Long.MAX_VALUE : Inbox.MAX_HELD;
  }

  /**
   * Checks the lines, if they are in a file, and submits them.
   *
   * @param stop ends it early
   * @return the exit status
   */
  int run(Stop stop, SubmitReport.Says says) throws Exception {
    long count = file.checkLines(command, bucket, jobs, watcher);
    if (count > maxJobs) {
      throw new UserError(
          String.format(
              Locale.ROOT,
              "--wait holds the results of all jobs in their queue, and SQS lets %,d messages of a"
                  + " queue be in flight: for %,d jobs use run, which deletes what it has printed",
              maxJobs,
              count));
    }
    try (InputStream in = Input.open(file.name);
        Terminal.Progress progress =
            says == SubmitReport.Says.NOTHING
                ? Terminal.noProgress()
                : Terminal.progress("submitting", count)) {
      SqsQueue queue = file.queue(aws, command);
      long total = Math.max(0, count);
      Packer packer = recording == null ? file.packs.packer(command, aws, total) : null;
      Packing packing = recording == null ? null : file.packs.packing(command, aws, total);
      if (Input.isStandardInput(file.name) && Terminal.isTerminal(0)) {
        command.say("reading jobs from standard input, a line each; Ctrl-D ends them");
      }
      report = new SubmitReport(command, jobs.prefix(), says, bucket, progress);
      Submission.Teller teller = new Telling(report, watcher);
      try (Outlet outlet =
          recording == null
              ? direct(queue, packer, teller, stop)
              : recording.outlet(file, packing, teller, stop)) {
        Submitting submitting =
            new Submitting(
                outlet,
                jobs,
                bucket,
                report,
                stop,
                new Submitting.Lines(file.name, file.skipBad, watcher));
        submitting.run(file.feed(in, bucket));
        if (outlet instanceof RecordedOutlet recorded) {
          report.sentIn(recorded.messages(), file.packs.isGiven());
        }
        if (submitting.hasRefused()) {
          report.sayHowFar();
          command.say("nothing after that line was submitted; --skip-bad leaves such lines out");
          return Subcommand.FAILED;
        }
        return report.end(outlet.failure(), submitting.readFailure(), file.name);
      } finally {
        if (recording != null && report.isUncertain()) {
          command.say(
              "what is recorded and was perhaps not sent, sample-client repair --job-table "
                  + recording.table()
                  + Queues.asGiven(command, Queues.BACKLOG, file.backlog.name)
                  + " sends in 15 minutes, with --older-than 0 now");
        }
      }
    }
  }

  private Outlet direct(SqsQueue queue, Packer packer, Submission.Teller teller, Stop stop)
      throws InvalidEnvironment {
    Sender sender = new Sender(aws.output(queue), stop, new Once(this::sayThatItIsThrottled));
    return new Outlet.Direct(
        new Submission(
            sender,
            packer,
            file.isInOrder(),
            teller,
            Thread.ofVirtual().name("sender-", 1).factory()));
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
