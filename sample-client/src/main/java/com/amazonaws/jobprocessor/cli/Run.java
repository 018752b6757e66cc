package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Delivery;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code run}: lines become jobs, and their results are printed as they come. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Submits jobs, prints their results as they come, and ends when every job has ended.",
      "Each line of a file, or of standard input, is a job, as with submit, and results "
          + "are printed as the command results prints them. A job has ended when it has a "
          + "result or a dead letter. A summary is on standard error.",
      "A result is deleted from its queue after it was printed. Dead letters stay: "
          + "dead-letters looks after them.",
      "With --joblog each job that has ended gets a line in a file, in the columns of GNU "
          + "parallel:",
      "Seq (the line's number) Host (the worker) Starttime JobRuntime Send Receive (bytes) "
          + "Exitval Signal Command.",
      "--resume goes on from that file: jobs that it says have succeeded (Exitval 0) are "
          + "not submitted again.",
      "Ctrl-C says what was submitted and which jobs have not ended; their results stay in "
          + "the queue."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every job has a result",
      "1:something went wrong, or some lines were not taken",
      "2:the command line is invalid",
      "3:every job has ended, but some lines cannot be jobs (--skip-bad), or some jobs had ended before",
      "4:every job has ended, but some failed for good or were cancelled; standard error says which and why",
      "5:some have not ended within --timeout",
      "130, 143:stopped by Ctrl-C or SIGTERM; standard error says what was submitted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client run jobs.txt > results.txt",
      "  seq 1000 | sample-client run --format csv --timeout 600",
      "  sample-client run --joblog log.txt jobs.txt; sample-client run --joblog log.txt --resume jobs.txt"
    })
final class Run extends Subcommand {
  @Option(
      names = "--joblog",
      paramLabel = "FILE",
      description = "write a line for each job that has ended, in the columns of GNU parallel")
  private String logName;

  @Option(
      names = "--resume",
      description = "with --joblog: leave out the jobs that have succeeded, and go on with the log")
  private boolean resume;

  @Mixin private JobFile file;
  @Mixin private WaitOptions waiting;
  @Mixin private Format.Options format;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    file.check(this);
    waiting.check(this, file, true);
    Printer printer = new Printer(out(), format.chosen(this));
    if (resume && logName == null) {
      throw wrong("--resume: it is for --joblog; give that as well");
    }
    JobLogDone done = resume ? JobLogDone.read(logName) : JobLogDone.none();
    if (done.count() > 0) {
      say(Text.count(done.count(), "job") + " of the log succeeded before, and will be left out");
    }
    Job.Maker jobs = file.maker();
    Awaited awaited = new Awaited(jobs.prefix());
    try (AwsSession aws = connection.open();
        JobLog log = log(awaited);
        Terminal.Progress progress = Terminal.progress("results", -1)) {
      Bucket bucket = file.bucket(aws, retry());
      JobSubmission submission =
          new JobSubmission(this, file, aws, bucket, jobs, new RunLines(awaited, log, done));
      file.recordIn(submission, connection);
      Awaiting.Places places = waiting.places(this, aws, file);
      printer.begin();
      Printing printing =
          new Printing(awaited, new ResultPrinting(this, printer, bucket, progress, log));
      return new Following(this, file, waiting, awaited, log, file.ends(this, aws))
          .run(places, submission, SubmitReport.Says.NOTHING, printing, false);
    }
  }

  private JobLog log(Awaited awaited) {
    if (logName == null) {
      return JobLog.NONE;
    }
    return resume ? JobLog.append(logName, awaited::line) : JobLog.create(logName, awaited::line);
  }

  /** Prints results; a job has ended when its result is written and deleted. */
  private static final class Printing implements Collector.Sink {
    private final Awaited awaited;
    private final ResultPrinting printing;
    private final List<String> printed = new ArrayList<>();

    Printing(Awaited awaited, ResultPrinting printing) {
      this.awaited = awaited;
      this.printing = printing;
    }

    @Override
    public void print(Delivery message, JobResult result)
        throws Bucket.Unusable, InterruptedException {
      printing.print(message, result);
      printed.add(result.jobId());
    }

    @Override
    public void unreadable(String jobId, String problem) {
      printing.unreadable(jobId, problem);
      printed.add(jobId);
    }

    @Override
    public void unreadable(Delivery pack, JobResult.Unreadable part) {
      printing.unreadable(pack, part);
    }

    @Override
    public void flush() {
      printing.flush();
    }

    @Override
    public void deleted(List<Delivery> results) throws InterruptedException {
      printing.deleted(results);
    }

    @Override
    public void found(int results) {
      printed.forEach(awaited::hasResult);
      printed.clear();
      printing.found(results);
    }
  }
}
