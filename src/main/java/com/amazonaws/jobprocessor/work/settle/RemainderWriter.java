package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the smaller packs in which jobs of a pack go back to the backlog. */
final class RemainderWriter {
  /**
   * A job that goes back.
   *
   * @param attempts how many it has had
   * @param hasEnded true if only its dead letter is missing: its line says where it first stood, so
   *     that the worker which remembers its failure does not run it again
   */
  record Back(Job job, int attempts, boolean hasEnded) {}

  private final boolean origins;

  /**
   * Writes packs.
   *
   * @param origins true if their lines say where each job first stood, for the job table
   */
  RemainderWriter(boolean origins) {
    this.origins = origins;
  }

  /**
   * True if a line with the number of the job's attempts fits a message, so that it can be retried.
   */
  static boolean mayComeAgain(Job job) {
    PackLine line = job.line();
    if (line == null || 3 * (line.end() - line.start()) < MessageFormat.MAX_BYTES / 2) {
      return true;
    }
    return job.flaw() != null
        || MessageFormat.utf8Length(rewritten(job, job.attempt(), true)) <= room(job.message());
  }

  /** A pack, and the jobs that are in it. */
  record Part(OutgoingMessage message, List<Back> jobs) {}

  /** The packs, as few as it takes, or one for each job; their jobs are in the order given. */
  List<Part> write(Message pack, List<Back> jobs, boolean apart, int delaySecs) {
    return write(pack, jobs, apart ? 1 : PackFormat.MAX_JOBS, room(pack), delaySecs);
  }

  private List<Part> write(
      Message pack, List<Back> jobs, int maxJobs, int maxBytes, int delaySecs) {
    List<Part> parts = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    int first = 0;
    int bytes = 0;
    for (int i = 0; i < jobs.size(); i++) {
      String line = line(jobs.get(i), maxBytes);
      int size = MessageFormat.utf8Length(line) + 1;
      if (i > first && (i - first == maxJobs || bytes + size - 1 > maxBytes)) {
        parts.add(new Part(pack(pack, lines, delaySecs), jobs.subList(first, i)));
        lines.clear();
        first = i;
        bytes = 0;
      }
      lines.add(line);
      bytes += size;
    }
    parts.add(new Part(pack(pack, lines, delaySecs), jobs.subList(first, jobs.size())));
    return parts;
  }

  /**
   * As it came, if there is no room for more, or if it is no job: then it is its dead letter's
   * body.
   */
  private String line(Back back, int maxBytes) {
    Job job = back.job();
    PackLine line = Objects.requireNonNull(job.line());
    if (isNoJob(job)) {
      return line.text();
    }
    // A bad id stays on the line: the job is known by where it first stood.
    boolean saysOrigin = origins || back.hasEnded() || job.flaw() != null;
    String full = rewritten(job, back.attempts(), saysOrigin);
    return MessageFormat.utf8Length(full) <= maxBytes ? full : line.text();
  }

  private static boolean isNoJob(Job job) {
    return job.flaw() != null && job.flaw().type().equals(PackFormat.LINE_UNREADABLE);
  }

  /**
   * A pack of one whose line is as it came; null if the line has to say more, since a job that was
   * tried, or has a record, would begin anew.
   */
  @Nullable OutgoingMessage asItCame(Message pack, Back back, int delaySecs) {
    boolean saysMore = origins || back.hasEnded() || back.attempts() >= back.job().attempt();
    String line = Objects.requireNonNull(back.job().line()).text();
    return saysMore ? null : pack(pack, List.of(line), delaySecs);
  }

  private static String rewritten(Job job, int attempts, boolean origins) {
    String line = Objects.requireNonNull(job.line()).text();
    int sayable = Math.min(attempts, PackFormat.MAX_ATTEMPTS);
    return JobLine.rewrite(line, job.id(), sayable, origins ? job.origin() : null);
  }

  /** Bytes for the lines of a pack with the attributes of this one. */
  private static int room(Message pack) {
    return MessageFormat.MAX_BYTES - MessageFormat.size("", attributes(pack, PackFormat.MAX_JOBS));
  }

  private static OutgoingMessage pack(Message pack, List<String> lines, int delaySecs) {
    Map<String, Attribute> attributes = attributes(pack, lines.size());
    return new OutgoingMessage(String.join("\n", lines), attributes).delayed(delaySecs);
  }

  private static Map<String, Attribute> attributes(Message pack, int jobs) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(pack.delivery().attributes());
    attributes.values().removeIf(Attribute::isEmpty);
    attributes.computeIfPresent(PackFormat.JOB_COUNT, (_, _) -> PackFormat.count(jobs));
    return attributes;
  }
}
