package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Cancels jobs of one queue in the job table, so that the worker that receives one runs it not. */
public final class JobCancels {
  /** Clocks may differ by so much: a worker whose lease ended before that is taken for dead. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** SQS keeps a message for 14 days at most: whatever is on its way finds the record. */
  private static final Duration KEPT = Duration.ofDays(15);

  private static final String FORGET =
      " REMOVE lease_end, lease_millis, retry_at, #result, result_pointer, result_sent, duration_millis";

  /**
   * How the record stands after the call.
   *
   * @param state CANCELLED, or the state in which it was left
   * @param wasKnown false if the table had no record of the job, or one that had expired
   */
  public record Cancel(String state, boolean wasKnown) {}

  private final DynamoDbClient dynamo;
  private final SqsCalls calls;
  private final String table;
  private final String queue;
  private final InstantSource wallClock;

  JobCancels(
      DynamoDbClient dynamo, SqsCalls calls, String table, String queue, InstantSource wallClock) {
    this.dynamo = dynamo;
    this.calls = calls;
    this.table = table;
    this.queue = queue;
    this.wallClock = wallClock;
  }

  /**
   * Cancels a job unless a worker runs it, it has ended, or its state is one that nobody knows; one
   * write. May be made again after an answer that was lost, and then says the same.
   */
  public Cancel cancel(String jobId) throws CallFailed, InterruptedException {
    Instant now = wallClock.instant();
    UpdateItemRequest.Builder request = UpdateItemRequest.builder();
    update(now)
        .into(request)
        .tableName(table)
        .key(Map.of(JobItem.JOB_ID, JobItem.text(jobId), JobItem.QUEUE, JobItem.text(queue)))
        .returnValues(ReturnValue.ALL_OLD)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    try {
      return calls.call(() -> write(request.build(), now));
    } catch (CallFailed e) {
      throw JobTableReader.inWords(e, table);
    }
  }

  private Cancel write(UpdateItemRequest request, Instant now) {
    try {
      JobItem before = new JobItem(dynamo.updateItem(request).attributes());
      boolean known = before.exists() && !before.isExpired(now) && !before.isOfNobody();
      return new Cancel(JobItem.CANCELLED, known);
    } catch (ConditionalCheckFailedException e) {
      JobItem item = new JobItem(e.item());
      return new Cancel(item.state(), !item.isOfNobody());
    }
  }

  private static Update update(Instant now) {
    AttributeValue dead = JobItem.number(now.minus(SKEW).toEpochMilli());
    return new Update()
        .set("#state", ":cancelled", JobItem.text(JobItem.CANCELLED))
        .set("finished_at", ":now", JobItem.text(now.toString()))
        .set("expires_at", ":expires", JobItem.number(now.plus(KEPT).getEpochSecond()))
        .name("#result", "result")
        .then(FORGET)
        .value(":queued", JobItem.text(JobItem.QUEUED))
        .value(":failed", JobItem.text(JobItem.FAILED))
        .value(":running", JobItem.text(JobItem.RUNNING))
        .value(":dead", dead)
        .value(":second", JobItem.number(now.getEpochSecond()))
        .condition(
            "attribute_not_exists(job_id) OR #state IN (:queued, :failed)"
                + " OR (#state = :running AND lease_end < :dead) OR expires_at < :second");
  }
}
