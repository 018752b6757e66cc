package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What {@code submit} and {@code run} are told of the jobs: where they are, and where to put them.
 */
final class JobFile {
  private static final String PREFIX_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "file of jobs, a line each; - (default) is standard input")
  String name;

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
      description =
          "group of the jobs in a FIFO queue: they run one after the other, in the order of "
              + "their lines (default: each job is a group of its own)")
  private String group;

  @Option(names = "--create-queue", description = "make the queues that are missing")
  boolean createQueue;

  @Option(
      names = "--skip-bad",
      description =
          "leave out lines that cannot be jobs, and submit the others (exit status 3). Without "
              + "it no line of a file with such lines is submitted, and of a pipe none from the "
              + "first one on")
  boolean skipBad;

  @Option(
      names = "--charset",
      paramLabel = "NAME",
      defaultValue = "UTF-8",
      description = "the file's encoding, e.g. ISO-8859-1 or UTF-16 (default: ${DEFAULT-VALUE})")
  private String charsetName;

  @Option(
      names = "--job-table",
      paramLabel = "NAME",
      description =
          "the workers' job_table_name: record each job before it is sent, a write each, so "
              + "that the same id twice is one job, and repair sends what a submit that was killed "
              + "has not sent")
  private String table;

  @Mixin PackOptions packs;
  @Mixin Queues.Backlog backlog;
  @Mixin PayloadBucket payloadBucket;

  private Charset charset = StandardCharsets.UTF_8;

  /** Refuses what is invalid, before anything is sent. */
  void check(Subcommand command) {
    if (group != null && !SqsQueue.isFifo(backlog.name)) {
      throw command.wrong("--group: \"" + backlog.name + "\" is no FIFO queue (NAME.fifo)");
    }
    if (group != null && !Job.isToken(group)) {
      throw command.wrong(
          "--group: allowed are 1 to 128 letters, digits and punctuation marks, not \""
              + Text.oneLine(group)
              + '"');
    }
    if (idPrefix != null
        && (!MessageFormat.isJobId(idPrefix)
            || idPrefix.length() > 200
            || !idPrefix.equals(idPrefix.strip()))) {
      throw command.wrong(
          "--id-prefix: allowed are 1 to 200 printable characters, the first and last no blanks, not \""
              + Text.oneLine(idPrefix)
              + '"');
    }
    try {
      charset = Charset.forName(charsetName);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw command.wrong("--charset: \"" + charsetName + "\" is no encoding that Java knows");
    }
    packs.check(command, backlog.name);
  }

  /** Makes jobs of the lines. */
  Job.Maker maker() {
    String prefix = idPrefix == null ? randomPrefix() : idPrefix;
    return new Job.Maker(backlog.name, prefix, group, UUID.randomUUID().toString(), true);
  }

  private static String randomPrefix() {
    SecureRandom random = new SecureRandom();
    StringBuilder prefix = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      prefix.append(PREFIX_CHARACTERS.charAt(random.nextInt(PREFIX_CHARACTERS.length())));
    }
    return prefix.toString();
  }

  /** True if one message is to be sent after the other. */
  boolean isInOrder() {
    return group != null;
  }

  Bucket bucket(AwsSession aws, Retry retry) throws Exception {
    Bucket bucket = payloadBucket.open(aws, retry);
    return table == null ? bucket : bucket.ofRecorded();
  }

  /** Lets the jobs be recorded before they are sent, if a job table was named. */
  void recordIn(JobSubmission submission, Connection connection) throws Exception {
    if (table != null) {
      submission.record(new JobSubmission.Recording(table, connection.region()));
    }
  }

  /** What the job table, if one was named, knows of the ends of jobs. */
  TableEnds ends(Subcommand command, AwsSession aws) throws Exception {
    if (table == null) {
      return TableEnds.NONE;
    }
    return TableEnds.of(new Records(aws.jobTable(table, backlog.name), command.retry()), command);
  }

  /** The queue that takes the jobs. */
  SqsQueue queue(AwsSession aws, Subcommand command) throws Exception {
    return queue(aws, command, backlog.name, Queues.BACKLOG);
  }

  /** A queue that there has to be. */
  SqsQueue queue(AwsSession aws, Subcommand command, String queue, String option) throws Exception {
    if (createQueue) {
      var queues = aws.queues();
      return command.retry().call(() -> queues.create(queue, Optional.empty()));
    }
    return Connection.queue(aws, command.stop(), queue, option + " (--create-queue makes it)");
  }

  /** Begins to read the lines. */
  LineFeed feed(InputStream in, Bucket bucket) {
    return new LineFeed(Transcoding.of(in, charset), new JobLines(bucket, charset));
  }

  /**
   * Reads the lines of a file before any of them is sent.
   *
   * @return how many are jobs; -1 if the lines come from a pipe, which can be read only once
   * @throws UserError if some cannot be jobs, after each was named, unless they are to be left out
   */
  long checkLines(Subcommand command, Bucket bucket, Job.Maker jobs, Submitting.Watcher watcher)
      throws IOException {
    if (Input.isStandardInput(name) || !Files.isRegularFile(FileName.path(name))) {
      return -1;
    }
    JobLines lines = new JobLines(bucket, charset);
    Complaints complaints = new Complaints(command);
    long[] counts = new long[2];
    try (InputStream in = Transcoding.of(Input.open(name), charset)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0 && !command.stop().isAsked(); n = in.read(buffer)) {
        lines
            .add(buffer, n)
            .forEach(line -> check(complaints, bucket, jobs, watcher, line, counts));
      }
      lines.end().forEach(line -> check(complaints, bucket, jobs, watcher, line, counts));
    } catch (IOException e) {
      throw Input.unreadable(name, e);
    }
    if (counts[1] > 0 && !skipBad) {
      throw new UserError(
          Text.count(counts[1], "line")
              + " of \""
              + name
              + "\" cannot be "
              + (counts[1] == 1 ? "a job" : "jobs")
              + ": nothing was submitted; --skip-bad submits the others");
    }
    return counts[0];
  }

  private void check(
      Complaints complaints,
      Bucket bucket,
      Job.Maker jobs,
      Submitting.Watcher watcher,
      JobLines.Line line,
      long[] counts) {
    String problem = line.problem();
    if (problem == null
        && line.text().length() > bucket.longestWithout()
        && !bucket.takes(jobs.job(line.number(), line.text()))) {
      problem = bucket.tooLarge();
    }
    if (problem == null) {
      problem = watcher.problem(line);
    }
    counts[problem == null ? 0 : 1]++;
    if (problem != null && !skipBad) {
      complaints.say(Input.line(line.number(), name) + " " + problem);
    }
  }
}
