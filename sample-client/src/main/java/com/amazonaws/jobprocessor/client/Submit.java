package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@code submit}: lines become jobs. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    description = {
      "Submits each line of a file, or of standard input, as a job. Blank lines are skipped.",
      "Every job gets an id (the attribute job_id): a prefix and its line's number."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every job is in the queue",
      "1:some are not; standard error says which",
      "2:the command line makes no sense"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client submit jobs.txt",
      "  seq 1000 | sample-client submit --ids > ids.txt && sample-client results --ids ids.txt"
    })
final class Submit implements Callable<Integer> {
  private static final int MOST_COMPLAINTS = 20;
  private static final String PREFIX_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

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
      description = "prefix of the jobs' ids (default: six random letters)")
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

  @Mixin private Queues.Backlog backlog;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Bucket bucket;
  private long taken;
  private long notTaken;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String prefix = idPrefix == null ? randomPrefix() : checked(idPrefix);
    checkGroup();
    try (SqsClient sqs = connection.open();
        Bucket opened = payloadBucket.open(connection);
        InputStream in = input();
        ProgressBar progress = progressBar()) {
      bucket = opened;
      JobSender sender = new JobSender(new SqsTransport(sqs, queueUrl(sqs)));
      submitAll(new JobLines(in, bucket), prefix, sender, progress);
    }
    out().flush();
    String summary =
        "submitted "
            + taken
            + " jobs"
            + (notTaken == 0 ? "" : ", " + notTaken + " could not be submitted");
    if (!printIds) {
      out().println(summary + (taken == 0 ? "" : "; their ids are " + prefix + "-LINE"));
      out().flush();
    } else if (notTaken > 0) {
      err().println("sample-client: " + summary);
    }
    return notTaken == 0 ? 0 : SampleClient.FAILED;
  }

  private void checkGroup() {
    if (group != null && !Fifo.isFifo(backlog.name)) {
      throw new UserError("--group: \"" + backlog.name + "\" is no FIFO queue (NAME.fifo)");
    }
    if (group != null && !Fifo.isToken(group)) {
      throw new UserError("--group: allowed are 1 to 128 letters, digits and punctuation marks");
    }
  }

  private static String randomPrefix() {
    SecureRandom random = new SecureRandom();
    StringBuilder prefix = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      prefix.append(PREFIX_LETTERS.charAt(random.nextInt(PREFIX_LETTERS.length())));
    }
    return prefix.toString();
  }

  private static String checked(String prefix) {
    if (!MessageFormat.isJobId(prefix) || prefix.length() > 200) {
      throw new UserError("--id-prefix: allowed are 1 to 200 printable characters");
    }
    return prefix;
  }

  private String queueUrl(SqsClient sqs) {
    if (createQueue) {
      Map<QueueAttributeName, String> attributes =
          Fifo.isFifo(backlog.name) ? Map.of(QueueAttributeName.FIFO_QUEUE, "true") : Map.of();
      return sqs.createQueue(r -> r.queueName(backlog.name).attributes(attributes)).queueUrl();
    }
    return Connection.urlOf(sqs, backlog.name, "--backlog-queue (--create-queue makes it)");
  }

  private InputStream input() throws IOException {
    if (file.equals("-")) {
      return System.in;
    }
    try {
      return Files.newInputStream(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new UserError("there is no file \"" + file + "\"");
    } catch (IOException e) {
      throw new UserError("cannot read \"" + file + "\": " + e.getMessage());
    }
  }

  private ProgressBar progressBar() throws IOException {
    if (!Text.isErrATerminal()) {
      return null;
    }
    long lines = -1;
    if (!file.equals("-") && Files.isRegularFile(Path.of(file))) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        lines = countLines(in);
      }
    }
    return new ProgressBarBuilder()
        .setTaskName("submitting")
        .setInitialMax(lines)
        .setUnit(" jobs", 1)
        .showSpeed()
        .build();
  }

  private static long countLines(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long lines = 0;
    for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
      for (int i = 0; i < n; i++) {
        lines += buffer[i] == '\n' ? 1 : 0;
      }
    }
    return lines;
  }

  private void submitAll(JobLines lines, String prefix, JobSender sender, ProgressBar progress)
      throws IOException, InterruptedException {
    long read = 0;
    try (Submission submission = new Submission(sender, group != null, new Told(progress))) {
      try {
        for (Optional<JobLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
          read = line.get().number();
          Optional<Job> job = job(line.get(), prefix);
          if (job.isPresent()) {
            submission.add(job.get());
          }
        }
        submission.finish();
      } catch (IOException | RuntimeException e) {
        submission.abandon();
        out().flush();
        err()
            .println(
                "sample-client: submitted "
                    + taken
                    + " jobs before it failed; nothing was read after line "
                    + read);
        throw e;
      }
    }
  }

  private Optional<Job> job(JobLines.Line line, String prefix) throws InterruptedException {
    String id = prefix + "-" + line.number();
    Job job = Job.of(id, line.text());
    if (Fifo.isFifo(backlog.name)) {
      job = job.in(Fifo.of(group, id));
    }
    try {
      if (line.problem() != null) {
        throw new Bucket.Unusable(line.problem());
      }
      return Optional.of(job.bytes() > MessageFormat.MAX_BYTES ? bucket.store(job) : job);
    } catch (Bucket.Unusable e) {
      complain("line " + line.number() + " " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Prints what becomes of the jobs. */
  private final class Told implements Submission.Teller {
    private final ProgressBar progress;

    Told(ProgressBar progress) {
      this.progress = progress;
    }

    @Override
    public void taken(Job job) {
      taken++;
      if (printIds) {
        out().println(job.id());
      }
    }

    @Override
    public void refused(Job job, String reason) throws InterruptedException {
      complain("job " + job.id() + " was not taken: " + reason);
      bucket.delete(job.isPointer() ? List.of(job.body()) : List.of(), err());
    }

    @Override
    public void perhapsTaken(Job job, Exception failure) {
      complain("job " + job.id() + " was perhaps not taken: " + SampleClient.messageOf(failure));
    }

    @Override
    public void told(int jobs) {
      if (printIds && out().checkError()) {
        throw new UserError("cannot write the ids to standard output");
      }
      if (progress != null) {
        progress.stepBy(jobs);
      }
    }
  }

  private void complain(String what) {
    notTaken++;
    if (notTaken <= MOST_COMPLAINTS) {
      err().println("sample-client: " + Text.oneLine(what));
    } else if (notTaken == MOST_COMPLAINTS + 1) {
      err().println("sample-client: ... more of the same are counted only");
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
