package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Delivery;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit}: lines become jobs. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = {
      "Submits each line of a file, or of standard input, as a job. Blank lines are skipped.",
      "Every job gets an id (the attribute job_id): a prefix, a dash and its line's number, as in k3f9x2-17.",
      "Lines of a pipe are sent in batches of ten, or within a second after they came.",
      "The lines of a file are all checked before the first is sent.",
      "Short jobs can share messages (--pack), which saves requests: docs/packs.md says when.",
      "With --wait it ends when every job has a result or a dead letter; both stay in their queues.",
      "Ctrl-C waits for the calls under way, then says up to which line all jobs were taken."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every job is in the queue; with --wait: every job has a result",
      "1:some are not, or perhaps not; standard error says which",
      "2:the command line is invalid",
      "3:all but lines that cannot be jobs (--skip-bad)",
      "4:--wait: every job has ended, but some failed for good; standard error says which and why",
      "5:--wait: some have not ended within --timeout",
      "130, 143:stopped by Ctrl-C or SIGTERM; standard error says what was submitted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client submit jobs.txt",
      "  seq 1000 | sample-client submit --ids > ids.txt && sample-client results --ids ids.txt",
      "  seq 100000 > jobs.txt; sample-client submit --pack auto --result-pack jobs.txt"
    })
final class Submit extends Subcommand {
  @Option(
      names = "--ids",
      description = "print the id of each job that was taken, a line each, instead of a summary")
  private boolean printIds;

  @Option(names = "--json", description = "the summary as a JSON object")
  private boolean json;

  @Option(
      names = "--wait",
      description =
          "wait until every job has ended; the results are looked at meanwhile, which hides them from"
              + " other readers, and stay in the results queue")
  private boolean wait;

  @Mixin private JobFile file;
  @Mixin private WaitOptions waiting;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    file.check(this);
    waiting.check(this, file, wait);
    if (printIds && json) {
      throw wrong("--ids and --json: give one of them, not both");
    }
    SubmitReport.Says says =
        json
            ? SubmitReport.Says.JSON
            : printIds ? SubmitReport.Says.IDS : SubmitReport.Says.SUMMARY;
    Job.Maker jobs = file.maker();
    try (AwsSession aws = connection.open()) {
      Bucket bucket = file.bucket(aws, retry());
      if (!wait) {
        JobSubmission submission =
            new JobSubmission(this, file, aws, bucket, jobs, Submitting.Watcher.NONE);
        file.recordIn(submission, connection);
        return submission.run(stop(), says);
      }
      Awaited awaited = new Awaited(jobs.prefix());
      Following follow =
          new Following(this, file, waiting, awaited, JobLog.NONE, file.ends(this, aws));
      JobSubmission submission =
          new JobSubmission(
              this, file, aws, bucket, jobs, new RunLines(awaited, JobLog.NONE, JobLogDone.none()));
      file.recordIn(submission, connection);
      submission.holdsResults();
      return follow.run(
          waiting.places(this, aws, file), submission, says, new Looking(awaited), true);
    }
  }

  /** Takes note of results without printing them. */
  private static final class Looking implements Collector.Sink {
    private final Awaited awaited;

    Looking(Awaited awaited) {
      this.awaited = awaited;
    }

    @Override
    public void print(Delivery message, JobResult result) {
      awaited.hasResult(result.jobId());
    }

    @Override
    public void unreadable(String jobId, String problem) {}

    @Override
    public void unreadable(Delivery pack, JobResult.Unreadable part) {}

    @Override
    public void flush() {}

    @Override
    public void deleted(List<Delivery> results) {}

    @Override
    public void found(int results) {}
  }
}
