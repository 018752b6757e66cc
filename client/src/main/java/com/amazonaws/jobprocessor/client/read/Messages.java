package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import java.util.ArrayList;
import java.util.List;

/** What results and dead letters say in their attributes. */
public final class Messages {
  private Messages() {}

  /** The attribute's text, or an empty one. */
  public static String text(Delivery message, String name) {
    Attribute attribute = message.attributes().get(name);
    return attribute == null || attribute.text() == null ? "" : attribute.text();
  }

  /** The job's id; a message that names none is its own. */
  public static String jobId(Delivery message) {
    String id = text(message, MessageFormat.JOB_ID);
    return id.isEmpty() ? message.messageId() : id;
  }

  /**
   * The ids of the jobs that a dead letter stands for: of a pack that was refused as a whole, those
   * of its lines as well, as far as they can be read.
   */
  public static List<String> jobIds(Delivery letter) {
    List<String> ids = new ArrayList<>(List.of(jobId(letter)));
    packedJobs(letter).forEach(job -> ids.add(job.id()));
    return ids;
  }

  /** A job of a pack that was refused as a whole. */
  public record PackedJob(String id, JobLine line) {}

  /** The jobs of a pack that was refused as a whole, as far as its lines can be read. */
  public static List<PackedJob> packedJobs(Delivery letter) {
    List<PackedJob> jobs = new ArrayList<>();
    if (PackFormat.isPack(letter.attributes())) {
      for (PackLine line : PackLine.split(letter.body())) {
        try {
          JobLine job = JobLine.read(line.text());
          String id = job.jobId();
          String first = text(letter, MessageFormat.JOB_MESSAGE_ID);
          jobs.add(new PackedJob(id != null ? id : JobLine.defaultId(first, line.number()), job));
        } catch (UnreadableLine e) {
          // Nobody knows whose it is.
        }
      }
    }
    return jobs;
  }

  /** What a message that says it is a pack is, by its lines, e.g. {@code a pack of 12 jobs}. */
  public static String packInWords(Delivery letter) {
    int jobs = PackLine.split(letter.body()).size();
    return "a pack of " + (jobs == 1 ? "1 job" : jobs + " jobs");
  }

  /** True if the message says what a job failed with, or which backlog it came from. */
  static boolean isDeadLetter(Delivery message) {
    return message.attributes().containsKey(MessageFormat.ERROR_TYPE)
        || message.attributes().containsKey(MessageFormat.BACKLOG);
  }

  /** True if the body is a pointer to the payload. */
  public static boolean isPointer(Delivery message) {
    return PayloadPointer.isPointer(message.attributes());
  }

  /** True if the body is a space that stands for an empty result. */
  public static boolean isEmptyResult(Delivery message) {
    return text(message, MessageFormat.EMPTY_RESULT).equals("true");
  }
}
