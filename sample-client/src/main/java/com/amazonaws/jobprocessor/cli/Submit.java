package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code submit}: lines become jobs. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = {
      "Submits each line of a file, or of standard input, as a job. Blank lines are skipped.",
      "Every job gets an id (the attribute job_id): a prefix, a dash and its line's number, as in k3f9x2-17.",
      "Lines of a pipe are sent in batches of ten, or a second after the last one came.",
      "Short jobs can share messages (--pack), which saves requests: docs/packs.md says when.",
      "Ctrl-C waits for the calls under way, then says up to which line all jobs were taken."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every job is in the queue",
      "1:some are not, or perhaps not; standard error says which",
      "2:the command line makes no sense",
      "130, 143:stopped by Ctrl-C or SIGTERM; standard error says what was submitted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client submit jobs.txt",
      "  seq 1000 | sample-client submit --ids > ids.txt && sample-client results --ids ids.txt",
      "  seq 100000 > jobs.txt; sample-client submit --pack auto --result-pack jobs.txt"
    })
final class Submit extends Subcommand {
  private static final String PREFIX_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "file of jobs, a line each; - (default) is standard input")
  private String file;

  @Option(
      names = "--ids",
      description = "print the id of each job that was taken, a line each, instead of a summary")
  private boolean printIds;

  @Option(
      names = "--id-prefix",
      paramLabel = "PREFIX",
      description = {
        "beginning of the jobs' ids; a dash, unless it ends in one, and the line's number follow:",
        "both my and my- make my-1 (default: six random letters and digits)"
      })
  private String idPrefix;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = {
        "group of the jobs in a FIFO queue: they run one after the other, in the order of their lines",
        "(default: each job is a group of its own)"
      })
  private String group;

  @Option(names = "--create-queue", description = "make the backlog queue if it is missing")
  private boolean createQueue;

  @Mixin private PackOptions packs;
  @Mixin private Queues.Backlog backlog;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    String prefix = idPrefix == null ? randomPrefix() : checked(idPrefix);
    checkGroup();
    packs.check(this, backlog.name);
    Job.Maker jobs = new Job.Maker(backlog.name, prefix, group, UUID.randomUUID().toString());
    try (AwsSession aws = connection.open();
        InputStream in = Input.open(file);
        Terminal.Progress progress = Terminal.progress("submitting", lines())) {
      Bucket bucket = payloadBucket.open(aws, retry());
      Sender sender =
          new Sender(aws.output(queue(aws)), stop(), new Once(this::sayThatItIsThrottled));
      Packer packer = packs.packer(this, aws, Math.max(0, packs.isAuto() ? count() : 0));
      sayThatItReads();
      SubmitReport report = new SubmitReport(this, jobs.prefix(), printIds, bucket, progress);
      try (Submission submission = new Submission(sender, packer, group != null, report)) {
        Submitting submitting = new Submitting(submission, jobs, bucket, report, stop());
        submitting.run(new LineFeed(in, new JobLines(bucket)));
        return report.end(submission.failure(), submitting.readFailure(), file);
      }
    }
  }

  private void sayThatItReads() {
    if (Input.isStandardInput(file) && Terminal.isTerminal(0)) {
      say("reading jobs from standard input, a line each; Ctrl-D ends them");
    }
  }

  private void sayThatItIsThrottled() {
    say("SQS asks for patience (throttling); waiting and trying again");
  }

  private void checkGroup() {
    if (group != null && !SqsQueue.isFifo(backlog.name)) {
      throw new UserError("--group: \"" + backlog.name + "\" is no FIFO queue (NAME.fifo)");
    }
    if (group != null && !Job.isToken(group)) {
      throw new UserError("--group: allowed are 1 to 128 letters, digits and punctuation marks");
    }
  }

  private static String randomPrefix() {
    SecureRandom random = new SecureRandom();
    StringBuilder prefix = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      prefix.append(PREFIX_CHARACTERS.charAt(random.nextInt(PREFIX_CHARACTERS.length())));
    }
    return prefix.toString();
  }

  private static String checked(String prefix) {
    if (!MessageFormat.isJobId(prefix) || prefix.length() > 200 || !prefix.equals(prefix.strip())) {
      throw new UserError(
          "--id-prefix: allowed are 1 to 200 printable characters, the first and last no blanks");
    }
    return prefix;
  }

  private SqsQueue queue(AwsSession aws) throws Exception {
    if (createQueue) {
      var queues = aws.queues();
      return retry().call(() -> queues.create(backlog.name, Optional.empty()));
    }
    return Connection.queue(
        aws, retry(), backlog.name, Queues.BACKLOG + " (--create-queue makes it)");
  }

  /** How many lines the file has, for a terminal's bar; -1 if that is not to be known. */
  private long lines() throws IOException {
    return Terminal.isTerminal(2) ? count() : -1;
  }

  /** How many lines the file has; -1 if that is not to be known. */
  private long count() throws IOException {
    if (Input.isStandardInput(file) || !Files.isRegularFile(Path.of(file))) {
      return -1;
    }
    long lines = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        lines += b == '\n' ? 1 : 0;
      }
    }
    return lines;
  }

  /** Runs the first time only. */
  private record Once(Runnable action, AtomicBoolean done) implements Runnable {
    Once(Runnable action) {
      this(action, new AtomicBoolean());
    }

    @Override
    public void run() {
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    }
  }
}
