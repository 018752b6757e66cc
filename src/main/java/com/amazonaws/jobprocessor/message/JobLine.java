package com.amazonaws.jobprocessor.message;

import com.fasterxml.jackson.core.JsonToken;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as a line of a pack has it: {@code {"job_id":"…","body":"…","attempts":n}}.
 *
 * @param jobId the job's id, which may be one that {@link MessageFormat#isJobId no job may have};
 *     null if the line says none: then it is {@link #defaultId}
 * @param body the job definition: never empty, only characters that SQS takes
 * @param attempts how many it has had, 0 to {@link PackFormat#MAX_ATTEMPTS}
 * @param origin where the job first stood, as {@link #defaultId} has it: on a line that a worker
 *     has sent back, so that the job is known again; else null
 */
public record JobLine(@Nullable String jobId, String body, int attempts, @Nullable String origin) {
  private static final String ATTEMPTS = MessageFormat.ATTEMPTS;
  private static final String BODY = "body";
  private static final String ORIGIN = "job_origin";
  private static final Set<String> NAMES = Set.of(MessageFormat.JOB_ID, BODY, ATTEMPTS, ORIGIN);

  /** A job as its sender writes it. */
  public JobLine(@Nullable String jobId, String body, int attempts) {
    this(jobId, body, attempts, null);
  }

  /** The id of a job whose line says none: where it first stood. */
  public static String defaultId(String messageId, int number) {
    return messageId + "/" + number;
  }

  /**
   * Reads a line.
   *
   * @throws UnreadableLine if it is no job, or none that a message of its own could carry
   */
  public static JobLine read(String line) throws UnreadableLine {
    JsonLine json = JsonLine.read(line, NAMES);
    String body = json.needText(BODY);
    if (body.isEmpty()) {
      throw new UnreadableLine("body is empty");
    }
    if (!MessageFormat.isSendable(body)) {
      throw new UnreadableLine("body has characters that SQS does not accept");
    }
    int attempts = (int) json.number(ATTEMPTS, PackFormat.MAX_ATTEMPTS);
    return new JobLine(json.text(MessageFormat.JOB_ID), body, attempts, origin(json));
  }

  /** The id of a line that is no job, if it says one that a job may have; else null. */
  public static @Nullable String idOf(String line) {
    try {
      String id = JsonLine.read(line, NAMES).text(MessageFormat.JOB_ID);
      return id != null && MessageFormat.isJobId(id) ? id : null;
    } catch (UnreadableLine e) {
      return null;
    }
  }

  /** Whatever a sender may mean by it, it is no reason to refuse the job. */
  private static @Nullable String origin(JsonLine json) {
    JsonLine.Value origin = json.value(ORIGIN);
    return origin != null
            && origin.token() == JsonToken.VALUE_STRING
            && MessageFormat.isJobId(origin.text())
        ? origin.text()
        : null;
  }

  /** The line, without a line feed. */
  public String write() {
    StringBuilder line = new StringBuilder(body.length() + 64).append('{');
    if (jobId != null) {
      JsonLine.write(line, MessageFormat.JOB_ID, jobId);
    }
    JsonLine.write(line, BODY, body);
    if (attempts > 0) {
      JsonLine.write(line, ATTEMPTS, attempts);
    }
    if (origin != null) {
      JsonLine.write(line, ORIGIN, origin);
    }
    return line.append('}').toString();
  }

  /**
   * A line that says what it said, and the job's id and attempts: it is not written anew, so that
   * what we do not know of it stays as it is.
   *
   * @param line one that was read
   * @param origin to be added unless it has one; null for none
   */
  public static String rewrite(String line, String jobId, int attempts, @Nullable String origin) {
    try {
      return rewritten(line, jobId, attempts, origin);
    } catch (UnreadableLine e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String rewritten(String line, String jobId, int attempts, @Nullable String origin)
      throws UnreadableLine {
    JsonLine json = JsonLine.read(line, NAMES);
    NavigableMap<Integer, Edit> edits = new TreeMap<>();
    StringBuilder added = new StringBuilder("{");
    if (json.value(MessageFormat.JOB_ID) == null
        && !replaced(json, MessageFormat.JOB_ID, JsonLine.quoted(jobId), edits)) {
      JsonLine.write(added, MessageFormat.JOB_ID, jobId);
    }
    if (!replaced(json, ATTEMPTS, Integer.toString(attempts), edits) && attempts > 0) {
      JsonLine.write(added, ATTEMPTS, attempts);
    }
    if (origin != null
        && json.value(ORIGIN) == null
        && !replaced(json, ORIGIN, JsonLine.quoted(origin), edits)) {
      JsonLine.write(added, ORIGIN, origin);
    }
    // The object has a body at least.
    String comma = added.length() > 1 ? "," : "";
    edits.put(line.indexOf('{'), new Edit(1, added + comma));
    StringBuilder text = new StringBuilder(line);
    edits
        .descendingMap()
        .forEach((start, edit) -> text.replace(start, start + edit.length(), edit.text()));
    return text.toString();
  }

  /** So many characters of a line, and what comes in their place. */
  private record Edit(int length, String text) {}

  /** Replaces the value of a field, which may be {@code null}; false if the line has no such. */
  private static boolean replaced(
      JsonLine json, String name, String value, NavigableMap<Integer, Edit> edits) {
    JsonLine.Value said = json.named(name);
    if (said != null) {
      edits.put(said.start(), new Edit(said.text().length(), value));
    }
    return said != null;
  }
}
