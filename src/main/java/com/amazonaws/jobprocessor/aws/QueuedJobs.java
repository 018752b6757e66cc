package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Records of jobs on their way into a queue: written before the job is sent, so that one whose
 * sender died in between can be sent from its record. Each write is conditional and says the same
 * when it is made again.
 */
public final class QueuedJobs {
  private static final String DEFINITION = "definition";
  private static final String POINTER = "definition_pointer";
  private static final String SHA256 = "payload_sha256";
  private static final String BYTES = "payload_bytes";
  private static final String QUEUED_AT = "queued_at";
  private static final String GROUP = "message_group";
  private static final String DEDUPLICATION_ID = "deduplication_id";

  /** Nobody has claimed it: for all that the table knows, it may not be in the queue. */
  private static final String UNCLAIMED =
      "#state = :queued AND attribute_not_exists(claim_token) AND queued_at = :seen";

  private final DynamoDbClient dynamo;
  private final SqsCalls calls;
  private final String table;
  private final String queue;
  private final InstantSource wallClock;

  QueuedJobs(
      DynamoDbClient dynamo, SqsCalls calls, String table, String queue, InstantSource wallClock) {
    this.dynamo = dynamo;
    this.calls = calls;
    this.table = table;
    this.queue = queue;
    this.wallClock = wallClock;
  }

  /**
   * A job as its record has it.
   *
   * @param body of its message: the definition, or the pointer to it
   * @param isPointer true if the body is a pointer
   * @param sha256 of the definition, in hexadecimal digits
   * @param bytes of the definition
   * @param group in a FIFO queue, else null
   * @param deduplicationId in a FIFO queue, else null
   * @param queuedAt when it was recorded, or sent again
   */
  public record Entry(
      String jobId,
      String body,
      boolean isPointer,
      String sha256,
      long bytes,
      @Nullable String group,
      @Nullable String deduplicationId,
      String queuedAt) {
    /** When it was recorded or sent again, to be compared. */
    public Instant queued() {
      return Instant.parse(queuedAt);
    }

    /** The same, but that it takes little memory. */
    public Entry withoutBody() {
      return new Entry(jobId, "", isPointer, sha256, bytes, group, deduplicationId, queuedAt);
    }
  }

  /** What a record is to a job that is to be sent. */
  public enum Standing {
    /** There was none: it is written. */
    RECORDED,
    /** It is of the same job, which no worker has met yet: it may never have been sent. */
    WAITING,
    /** It is of the same job, which a worker has met, or somebody has cancelled. */
    MET,
    /** It is of a job with another definition. */
    OTHER
  }

  /** The time as records have it. */
  public String now() {
    return wallClock.instant().toString();
  }

  /** Writes a job's record unless there is one. */
  public Standing record(Entry entry) throws CallFailed, InterruptedException {
    Map<String, AttributeValue> now =
        Map.of(":now", JobItem.number(wallClock.instant().getEpochSecond()));
    return call(
        () -> {
          try {
            dynamo.putItem(
                r ->
                    r.tableName(table)
                        .item(item(entry))
                        .conditionExpression("attribute_not_exists(job_id) OR expires_at < :now")
                        .expressionAttributeValues(now)
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Standing.RECORDED;
          } catch (ConditionalCheckFailedException e) {
            return standing(e.item(), entry);
          }
        });
  }

  private Map<String, AttributeValue> item(Entry entry) {
    Map<String, AttributeValue> item = new HashMap<>(key(entry.jobId()));
    item.put("state", JobItem.text(JobItem.QUEUED));
    item.put(entry.isPointer() ? POINTER : DEFINITION, JobItem.text(entry.body()));
    item.put(SHA256, JobItem.text(entry.sha256()));
    item.put(BYTES, JobItem.number(entry.bytes()));
    item.put(QUEUED_AT, JobItem.text(entry.queuedAt()));
    if (entry.group() != null) {
      item.put(GROUP, JobItem.text(entry.group()));
    }
    if (entry.deduplicationId() != null) {
      item.put(DEDUPLICATION_ID, JobItem.text(entry.deduplicationId()));
    }
    return item;
  }

  private static Standing standing(Map<String, AttributeValue> item, Entry entry) {
    String sha256 = text(item, SHA256);
    if (!sha256.isEmpty() && !sha256.equals(entry.sha256())) {
      return Standing.OTHER;
    }
    boolean waits = text(item, "state").equals(JobItem.QUEUED) && !item.containsKey("claim_token");
    return waits ? Standing.WAITING : Standing.MET;
  }

  /** Deletes the record of a job that was certainly not sent, unless it has changed since. */
  public void forget(Entry entry) throws CallFailed, InterruptedException {
    call(
        () -> {
          try {
            return dynamo.deleteItem(
                r ->
                    r.tableName(table)
                        .key(key(entry.jobId()))
                        .conditionExpression(UNCLAIMED)
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(seen(entry)));
          } catch (ConditionalCheckFailedException e) {
            return e; // another has sent it since
          }
        });
  }

  /**
   * Takes a job to be sent again: its record says from now on that it was sent now.
   *
   * @param entry of which the body is not needed
   * @return the record as it is now; null if it is not what was seen any more, since somebody else
   *     has taken it or a worker has met the job
   */
  public @Nullable Entry takeAgain(Entry entry) throws CallFailed, InterruptedException {
    String now = now();
    Map<String, AttributeValue> values = new HashMap<>(seen(entry));
    values.put(":now", JobItem.text(now));
    Map<String, AttributeValue> taken =
        call(
            () -> {
              try {
                return dynamo
                    .updateItem(
                        r ->
                            r.tableName(table)
                                .key(key(entry.jobId()))
                                .updateExpression("SET queued_at = :now")
                                .conditionExpression(UNCLAIMED)
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(values)
                                .returnValues(ReturnValue.ALL_NEW))
                    .attributes();
              } catch (ConditionalCheckFailedException e) {
                return Map.of();
              }
            });
    return taken.isEmpty() ? null : entry(taken);
  }

  private <T> T call(Supplier<T> request) throws CallFailed, InterruptedException {
    try {
      return calls.call(request);
    } catch (CallFailed e) {
      throw JobTableReader.inWords(e, table);
    }
  }

  /** A place in the table. */
  public record Place(Map<String, AttributeValue> key) {}

  /**
   * A part of the table.
   *
   * @param younger how many others no worker has met
   * @param next where the part behind it begins; null if there is none
   */
  public record Part(List<Entry> jobs, long younger, @Nullable Place next) {}

  /**
   * Reads the records of a part of the table, 1 MiB, that no worker has met and that are older than
   * a moment.
   *
   * @param from null for the first part
   */
  public Part read(@Nullable Place from, Instant olderThan)
      throws CallFailed, InterruptedException {
    ScanResponse answer =
        call(
            () ->
                dynamo.scan(
                    r ->
                        r.tableName(table)
                            .exclusiveStartKey(from == null ? null : from.key())
                            .consistentRead(true)
                            .filterExpression(
                                "#queue = :queue AND #state = :queued"
                                    + " AND attribute_not_exists(claim_token)")
                            .expressionAttributeNames(
                                Map.of("#state", "state", "#queue", JobItem.QUEUE))
                            .expressionAttributeValues(
                                Map.of(
                                    ":queued",
                                    JobItem.text(JobItem.QUEUED),
                                    ":queue",
                                    JobItem.text(queue)))));
    List<Entry> jobs = new ArrayList<>();
    long younger = 0;
    for (Map<String, AttributeValue> item : answer.items()) {
      Entry entry = entry(item);
      Instant queued = new JobItem(item).instant(QUEUED_AT);
      if (entry.body().isEmpty() || queued == null) {
        continue; // a worker's, or nobody's that we know
      }
      if (queued.isBefore(olderThan)) {
        jobs.add(entry);
      } else {
        younger++;
      }
    }
    return new Part(
        jobs, younger, answer.hasLastEvaluatedKey() ? new Place(answer.lastEvaluatedKey()) : null);
  }

  private static Entry entry(Map<String, AttributeValue> item) {
    boolean isPointer = item.containsKey(POINTER);
    AttributeValue bytes = item.get(BYTES);
    return new Entry(
        text(item, JobItem.JOB_ID),
        text(item, isPointer ? POINTER : DEFINITION),
        isPointer,
        text(item, SHA256),
        bytes == null || bytes.n() == null ? 0 : Long.parseLong(bytes.n()),
        item.containsKey(GROUP) ? text(item, GROUP) : null,
        item.containsKey(DEDUPLICATION_ID) ? text(item, DEDUPLICATION_ID) : null,
        text(item, QUEUED_AT));
  }

  private static Map<String, AttributeValue> seen(Entry entry) {
    return Map.of(":queued", JobItem.text(JobItem.QUEUED), ":seen", JobItem.text(entry.queuedAt()));
  }

  private Map<String, AttributeValue> key(String jobId) {
    return Map.of(JobItem.JOB_ID, JobItem.text(jobId), JobItem.QUEUE, JobItem.text(queue));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    return value == null || value.s() == null ? "" : value.s();
  }
}
