package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A record of the job table, perhaps one that does not exist, and how its parts are written. */
final class JobItem {
  /** The key: the job's id, and the queue that it came from. */
  static final String JOB_ID = "job_id";

  static final String QUEUE = "queue";

  /** Only there, and true, while the job is claimed and no slot is at hand for it. */
  static final String AHEAD = "claimed_ahead";

  /** Where the definition is that the one who submitted it could not put into the record. */
  static final String DEFINITION_POINTER = "definition_pointer";

  static final String QUEUED = "QUEUED";
  static final String RUNNING = "RUNNING";
  static final String SUCCEEDED = "SUCCEEDED";
  static final String FAILED = "FAILED";
  static final String DEAD = "DEAD";
  static final String CANCELLED = "CANCELLED";
  private static final Set<String> STATES =
      Set.of(QUEUED, RUNNING, SUCCEEDED, FAILED, DEAD, CANCELLED);

  private final Map<String, AttributeValue> attributes;

  JobItem(@Nullable Map<String, AttributeValue> attributes) {
    this.attributes = attributes == null ? Map.of() : attributes;
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /** Writes a success. */
  static void set(Update update, JobTable.End.Succeeded end) {
    update
        .set("attempts", ":attempts", number(end.attempts()))
        .set("duration_millis", ":duration", number(end.took().toMillis()));
    if (end.result() instanceof JobTable.Result.Text result) {
      update
          .name("#result", "result")
          .set("#result", ":result", text(result.text() == null ? "" : result.text()));
    } else if (end.result() instanceof JobTable.Result.Stored result) {
      update.set("result_pointer", ":result", text(result.pointer()));
    } else {
      update.set("result_sent", ":result", AttributeValue.fromBool(true));
    }
  }

  /** Writes a failure. */
  static void setError(Update update, String type, String message) {
    update
        .set("error_type", ":error_type", text(type))
        .set("error_message", ":error_message", text(message));
  }

  String jobId() {
    return string(JOB_ID);
  }

  boolean exists() {
    return !attributes.isEmpty();
  }

  String state() {
    return string("state");
  }

  /** False if another version, or somebody else, has written the state. */
  boolean isKnown() {
    return STATES.contains(state());
  }

  String token() {
    return string("claim_token");
  }

  boolean isOf(String token) {
    return token().equals(token);
  }

  boolean isMessage(String messageId) {
    return string("message_id").equals(messageId);
  }

  /**
   * True if the claim is on the job that has ended, rather than on its dead letter that was sent
   * back: by the same message, or by one that SQS took before the last attempt began.
   *
   * @param skew by which the clocks of SQS and of workers may differ
   */
  boolean isCopy(ClaimRequest claim, Duration skew) {
    Long enqueued = claim.enqueuedAtMillis();
    Instant started = instant("started_at");
    return isMessage(claim.messageId())
        || (enqueued != null
            && started != null
            && Instant.ofEpochMilli(enqueued).plus(skew).isBefore(started));
  }

  int attempts() {
    return count("attempts");
  }

  int deaths() {
    return count("deaths");
  }

  JobTableReader.Definition definition() {
    String pointer = string(DEFINITION_POINTER);
    String text = pointer.isEmpty() ? string("definition") : pointer;
    return new JobTableReader.Definition(text, !pointer.isEmpty(), attempts());
  }

  /** True if DynamoDB is to delete the item, which may take it days (TTL, developer guide). */
  boolean isExpired(Instant now) {
    AttributeValue moment = attributes.get("expires_at");
    return moment != null && moment.n() != null && number("expires_at") < now.getEpochSecond();
  }

  /** Whether the claim is on a stranger of the same id; null if it is on this job. */
  JobTable.@Nullable Standing compare(ClaimRequest claim) {
    String known = string("payload_sha256");
    if (known.isEmpty() || isMessage(claim.messageId())) {
      return null;
    }
    String sha256 = claim.payload().sha256();
    if (sha256 == null) {
      return string(DEFINITION_POINTER).equals(claim.payload().pointer())
              || state().equals(RUNNING)
              || state().equals(CANCELLED)
          ? null
          : new JobTable.Standing.PayloadNeeded();
    }
    return known.equals(sha256) ? null : new JobTable.Standing.Reused();
  }

  JobTable.Standing held(Instant now) {
    long end = number("lease_end");
    return new JobTable.Standing.Held(
        token() + "/" + end,
        Duration.ofMillis(number("lease_millis")),
        Duration.ofMillis(end - now.toEpochMilli()),
        attributes.containsKey(AHEAD));
  }

  JobTable.Standing succeeded() {
    JobTable.End.Succeeded end =
        new JobTable.End.Succeeded(
            result(), attempts(), Duration.ofMillis(number("duration_millis")));
    return new JobTable.Standing.Succeeded(end, string("worker_id"), token());
  }

  JobTable.Standing dead() {
    return new JobTable.Standing.Dead(
        new JobTable.End.Dead(string("error_type"), string("error_message")), attempts());
  }

  /**
   * Until when nobody takes the job: from the worker that runs it, or after an attempt that failed;
   * null if neither holds.
   */
  @Nullable Instant heldUntil() {
    if (attributes.containsKey("lease_end")) {
      return Instant.ofEpochMilli(number("lease_end"));
    }
    return state().equals(FAILED) ? instant("retry_at") : null;
  }

  /** Everything that others may want to know. */
  JobRecord record() {
    return new JobRecord(
        jobId(),
        state(),
        attempts(),
        deaths(),
        string("worker_id"),
        instant("started_at"),
        instant("finished_at"),
        attributes.containsKey("duration_millis")
            ? Duration.ofMillis(number("duration_millis"))
            : null,
        state().equals(SUCCEEDED) ? result() : null,
        string("error_type"),
        string("error_message"),
        new JobRecord.Origin(
            string("message_id"),
            string("payload_sha256"),
            instant("queued_at"),
            instant("enqueued_at")));
  }

  /** True if neither a worker nor who submitted the job has ever written it. */
  boolean isOfNobody() {
    return token().isEmpty()
        && !attributes.containsKey("queued_at")
        && !attributes.containsKey("payload_sha256");
  }

  @Nullable Instant instant(String name) {
    try {
      return attributes.containsKey(name) ? Instant.parse(string(name)) : null;
    } catch (DateTimeParseException e) {
      return null; // whatever somebody else has written there
    }
  }

  private JobTable.Result result() {
    return attributes.containsKey("result")
        ? new JobTable.Result.Text(string("result"))
        : attributes.containsKey("result_pointer")
            ? new JobTable.Result.Stored(string("result_pointer"))
            : new JobTable.Result.Sent();
  }

  private String string(String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }

  /** Somebody else may have written a fraction, or up to 126 digits (DynamoDB, data types). */
  private static long whole(BigDecimal number) {
    return number
        .max(BigDecimal.valueOf(Long.MIN_VALUE))
        .min(BigDecimal.valueOf(Long.MAX_VALUE))
        .longValue();
  }

  private int count(String name) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, number(name)));
  }

  private long number(String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.n() == null ? 0 : whole(new BigDecimal(value.n()));
  }
}
