package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.Payloads;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where a job is that is to be run once more. */
final class ReplaySource {
  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "take the job definition from a file (- is standard input), all of it but a line end at its"
              + " end; makes no call")
  private String file;

  @Option(
      names = "--job-table",
      paramLabel = "NAME",
      description =
          "take it from the job table, which has it of jobs that submit --job-table or the library's"
              + " Enqueuer has recorded")
  private String table;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Queues.DeadLetterQueue letters;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;

  /** The job is not where it was looked for; the message says what was found. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  boolean isFile() {
    return file != null;
  }

  boolean readsStandardInput() {
    return file != null && Input.isStandardInput(file);
  }

  /**
   * Finds the job.
   *
   * @param id of the job; null if there is a file
   */
  ReplayedJob find(String id, Subcommand command) throws Exception {
    if (file != null && table != null) {
      throw command.wrong("--file and --job-table: give one of them, not both");
    }
    if (file != null) {
      String name = id == null ? "local-1" : id;
      return new ReplayedJob(name, name, text(command.stop()), idOf(name), 1);
    }
    if (id == null) {
      throw command.wrong("which job? give its id, or --file FILE");
    }
    try (AwsSession aws = connection.open()) {
      Bucket bucket = payloadBucket.open(aws, command.retry());
      return table == null
          ? letter(id, aws, bucket, command.stop())
          : record(id, aws, bucket, command);
    } catch (Bucket.Unusable e) {
      throw new UserError("the definition of job " + id + " " + e.getMessage());
    }
  }

  private static Map<String, Attribute> idOf(String id) {
    return Map.of(MessageFormat.JOB_ID, Attribute.of(id));
  }

  private String text(Stop stop) throws Exception {
    byte[] bytes;
    try (InputStream in = Input.open(file)) {
      bytes = stop.unless(() -> in.readNBytes(Payloads.MAX_BYTES + 1));
    } catch (IOException e) {
      throw Input.unreadable(file, e);
    }
    if (bytes.length > Payloads.MAX_BYTES) {
      throw new UserError("\"" + file + "\" has more than 64 MiB, the largest payload");
    }
    String text = Input.text(file, bytes, "job definitions");
    return text.endsWith("\n")
        ? text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1))
        : text;
  }

  private ReplayedJob letter(String id, AwsSession aws, Bucket bucket, Stop stop) throws Exception {
    Delivery found =
        new LetterQueue(aws, letters.name, stop)
            .find(letter -> Messages.jobIds(letter).contains(id))
            .orElseThrow(
                () ->
                    new Missing("there is no dead letter of a job " + id + " that can be had now"));
    return ReplayedJob.ofLetter(id, found, bucket.fetch(found));
  }

  private ReplayedJob record(String id, AwsSession aws, Bucket bucket, Subcommand command)
      throws Exception {
    JobTableReader reader = aws.jobTable(table, backlog.name);
    JobTableReader.Definition definition =
        command
            .read(() -> reader.definition(id))
            .orElseThrow(() -> new Missing("not in the table: " + id));
    if (definition.text().isEmpty()) {
      throw new Missing(
          "the record of job "
              + id
              + " has no definition: only submit --job-table and the library's Enqueuer record it; a dead"
              + " letter, or --file, has one");
    }
    String text =
        definition.isPointer() ? bucket.fetch(pointer(id, definition.text())) : definition.text();
    return new ReplayedJob(id, id, text, idOf(id), Math.max(1, definition.attempts()));
  }

  private static Delivery pointer(String id, String pointer) {
    return new Delivery(
        id, "", pointer, Map.of(PayloadPointer.SIZE, new Attribute("Number", "1", null)), 1);
  }
}
