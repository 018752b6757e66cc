package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Reads the job table's records of one queue's jobs. */
public final class JobTableReader {
  /** Keys of one BatchGetItem (API reference). */
  public static final int MAX_KEYS = 100;

  private final DynamoDbClient dynamo;
  private final SqsCalls calls;
  private final String table;
  private final String queue;

  JobTableReader(DynamoDbClient dynamo, SqsCalls calls, String table, String queue) {
    this.dynamo = dynamo;
    this.calls = calls;
    this.table = table;
    this.queue = queue;
  }

  /**
   * What a read has brought: DynamoDB may leave some for another read, but never all.
   *
   * @param heldUntil of the jobs that run, until when nobody else takes them; of those whose last
   *     attempt failed, until when they are not tried again; by the worker's clock
   */
  public record Page(
      Map<String, JobRecord> records, List<String> unread, Map<String, Instant> heldUntil) {}

  /** True if a call has failed as there is no such table. */
  public static boolean isMissing(CallFailed failure) {
    return failure.code().equals("ResourceNotFoundException");
  }

  /** The failure in words that name the table, if that is what is missing. */
  static CallFailed inWords(CallFailed failure, String table) {
    return isMissing(failure)
        ? new CallFailed(
            Service.DYNAMODB,
            failure.code(),
            "there is no table \"" + table + "\" in this region",
            failure.kind(),
            failure.sent(),
            failure)
        : failure;
  }

  /**
   * Reads records; jobs that have none are in neither part of the answer.
   *
   * @param jobIds 1 to {@link #MAX_KEYS}, all different
   * @throws CallFailed also if DynamoDB leaves all of them for another read
   */
  public Page read(Collection<String> jobIds) throws CallFailed, InterruptedException {
    List<Map<String, AttributeValue>> keys = jobIds.stream().map(this::key).toList();
    BatchGetItemResponse answer = get(keys);
    Map<String, JobRecord> records = new TreeMap<>();
    Map<String, Instant> held = new TreeMap<>();
    for (Map<String, AttributeValue> item : answer.responses().getOrDefault(table, List.of())) {
      JobItem job = new JobItem(item);
      records.put(job.jobId(), job.record());
      Instant until = job.heldUntil();
      if (until != null) {
        held.put(job.jobId(), until);
      }
    }
    List<String> unread = new ArrayList<>();
    KeysAndAttributes left = answer.unprocessedKeys().get(table);
    if (left != null) {
      left.keys().forEach(key -> unread.add(new JobItem(key).jobId()));
    }
    if (unread.size() == jobIds.size()) {
      throw unprocessed();
    }
    return new Page(records, unread, held);
  }

  /**
   * What a record says of the job itself, which those have that were recorded before they were
   * sent.
   *
   * @param text the job definition, or the pointer to it; empty if the record has none
   * @param isPointer true if it is in the payload bucket
   * @param attempts how many the job has had
   */
  public record Definition(String text, boolean isPointer, int attempts) {}

  /** Reads the definition of a job; empty if the table has no record of it. */
  public Optional<Definition> definition(String jobId) throws CallFailed, InterruptedException {
    BatchGetItemResponse answer = get(List.of(key(jobId)));
    if (!answer.unprocessedKeys().isEmpty()) {
      throw unprocessed();
    }
    return answer.responses().getOrDefault(table, List.of()).stream()
        .map(item -> new JobItem(item).definition())
        .findFirst();
  }

  /** Throttled, as BatchGetItem says it (API reference): to be asked again. */
  private static CallFailed unprocessed() {
    String why = "DynamoDB has left the keys for another read";
    return new CallFailed(
        Service.DYNAMODB,
        SqsCalls.UNPROCESSED,
        why,
        CallFailed.Kind.UNKNOWN,
        true,
        new IllegalStateException(why));
  }

  private BatchGetItemResponse get(List<Map<String, AttributeValue>> keys)
      throws CallFailed, InterruptedException {
    try {
      return calls.call(
          () ->
              dynamo.batchGetItem(
                  r ->
                      r.requestItems(
                          Map.of(table, KeysAndAttributes.builder().keys(keys).build()))));
    } catch (CallFailed e) {
      throw inWords(e, table);
    }
  }

  private Map<String, AttributeValue> key(String jobId) {
    return Map.of(JobItem.JOB_ID, JobItem.text(jobId), JobItem.QUEUE, JobItem.text(queue));
  }
}
