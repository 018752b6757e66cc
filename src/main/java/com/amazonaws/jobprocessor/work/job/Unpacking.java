package com.amazonaws.jobprocessor.work.job;

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
import org.jspecify.annotations.Nullable;

/** Finds the jobs that a message carries. */
final class Unpacking {
  /** Memory that a job takes beside its definition, with what is sent of it. */
  private static final long JOB_BYTES = 1024;

  private static final Outcome.Failed BAD_ID =
      Outcome.Failed.forGood("InvalidJobId", "job_id is a String of 1 to 256 printable characters");

  private Unpacking() {}

  /** The jobs of the message, at least one, in their order. */
  static List<Job> jobsOf(Message message, Delivery delivery) {
    if (!PackFormat.isPack(delivery.attributes())) {
      Outcome.Failed flaw = hasGoodJobId(delivery) ? null : BAD_ID;
      return List.of(whole(message, delivery, flaw));
    }
    List<PackLine> lines = PackLine.split(delivery.body());
    String refusal = refusal(delivery, lines.size());
    if (refusal != null) {
      Outcome.Failed flaw = Outcome.Failed.forGood(PackFormat.REFUSED, refusal);
      return List.of(whole(message, delivery, flaw));
    }
    List<Job> jobs = new ArrayList<>(lines.size());
    for (PackLine line : lines) {
      jobs.add(new Job(message, content(message.id(), line), line, jobs.size()));
    }
    return List.copyOf(jobs);
  }

  private static Job whole(Message message, Delivery delivery, Outcome.@Nullable Failed flaw) {
    Attribute given = delivery.attributes().get(MessageFormat.JOB_ID);
    String id =
        given != null && given.text() != null && hasGoodJobId(delivery)
            ? given.text()
            : delivery.messageId();
    return new Job(message, id, delivery.body(), flaw, message.receives());
  }

  private static boolean hasGoodJobId(Delivery delivery) {
    Attribute given = delivery.attributes().get(MessageFormat.JOB_ID);
    return given == null
        || (given.isString() && given.text() != null && MessageFormat.isJobId(given.text()));
  }

  /** Why the pack is none that is unpacked, or null. */
  private static @Nullable String refusal(Delivery delivery, int jobs) {
    if (!PackFormat.isKnownPack(delivery.attributes())) {
      return "job_pack is not the String 1, the only known version";
    }
    if (delivery.group() != null) {
      return "packs are for standard queues only: jobs of a FIFO queue run one after the other";
    }
    if (PayloadPointer.isPointer(delivery.attributes())) {
      return "a pack must be the body of its message, not an object in S3";
    }
    return jobs >= 1 && jobs <= PackFormat.MAX_JOBS
        ? null
        : "a pack has 1 to " + PackFormat.MAX_JOBS + " jobs, this one " + jobs;
  }

  private static Job.Content content(String messageId, PackLine line) {
    String id = JobLine.defaultId(messageId, line.number());
    String text = line.text();
    try {
      JobLine job = JobLine.read(text);
      boolean good = job.jobId() == null || MessageFormat.isJobId(job.jobId());
      // A worker that has sent it back keeps a bad id on the line, and says what ours was.
      String ours = good || job.origin() == null ? id : job.origin();
      return new Job.Content(
          job.jobId() != null && good ? job.jobId() : ours,
          job.body(),
          job.attempts(),
          good ? null : BAD_ID,
          line,
          job.origin());
    } catch (UnreadableLine e) {
      String why = "line " + line.number() + ": " + e.getMessage();
      String said = JobLine.idOf(text);
      return new Job.Content(
          said == null ? id : said,
          text,
          0,
          Outcome.Failed.forGood(PackFormat.LINE_UNREADABLE, why),
          line,
          null);
    }
  }

  /** Memory that the jobs hold beside their message, roughly. */
  static long heapBytes(List<Job> jobs) {
    long bytes = 0;
    for (Job job : jobs) {
      if (job.line() != null) {
        bytes += JOB_BYTES + 2L * job.body().length();
      }
    }
    return bytes;
  }
}
