package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The job table in DynamoDB. Every step is one conditional write that brings the item back if the
 * condition does not hold; nothing is ever read.
 */
public final class DynamoJobTable implements JobTable {
  /** Clocks of workers may differ by so much (chrony on EC2 keeps them within milliseconds). */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final int MAX_RACES = 5;

  private final DynamoDbClient dynamo;
  private final SqsCalls calls;
  private final String table;
  private final String queue;
  private final JobWrites writes;
  private final InstantSource wallClock;

  /**
   * The records of one queue's jobs.
   *
   * @param dynamo makes each call once
   * @param wallClock for what others are to read: leases, expiry
   */
  public DynamoJobTable(
      DynamoDbClient dynamo,
      SqsCalls calls,
      String table,
      String queue,
      String workerId,
      InstantSource wallClock) {
    this.dynamo = dynamo;
    this.calls = calls;
    this.table = table;
    this.queue = queue;
    this.writes = new JobWrites(workerId);
    this.wallClock = wallClock;
  }

  @Override
  public String name() {
    return table;
  }

  @Override
  public Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException {
    return claim(claim, MAX_RACES);
  }

  private Standing claim(ClaimRequest claim, int races) throws CallFailed, InterruptedException {
    return claim(claim, writes.claim(claim, wallClock.instant()), races);
  }

  @Override
  public Standing takeOver(ClaimRequest claim, Standing.Held held)
      throws CallFailed, InterruptedException {
    return claim(claim, writes.takeOver(claim, held, wallClock.instant()), MAX_RACES);
  }

  private Standing claim(ClaimRequest claim, Update update, int races)
      throws CallFailed, InterruptedException {
    Written written = write(claim, update, ReturnValue.UPDATED_NEW);
    if (written.done()) {
      return new Standing.Mine(written.item().attempts(), written.item().deaths());
    }
    if (races == 0) {
      throw new CallFailed(
          Service.DYNAMODB,
          "ItemChanged",
          "the record of the job changes all the time",
          CallFailed.Kind.REJECTED,
          true,
          new IllegalStateException(claim.jobId()));
    }
    JobItem seen = written.item();
    Instant now = wallClock.instant();
    if (!seen.exists()) {
      return claim(claim, races - 1); // deleted between two looks
    }
    if (seen.isOf(claim.token()) && seen.state().equals(JobItem.RUNNING)) {
      return new Standing.Mine(seen.attempts(), seen.deaths()); // an answer of ours was lost
    }
    if (seen.isExpired(now)) {
      return claim(claim, writes.claimAnew(claim, seen, now), races - 1);
    }
    if (!seen.isKnown()) {
      return new Standing.Unknown(seen.state());
    }
    Standing stranger = seen.compare(claim);
    if (stranger != null) {
      return stranger;
    }
    return switch (seen.state()) {
      case JobItem.RUNNING -> seen.held(now.minus(SKEW));
      case JobItem.SUCCEEDED -> seen.succeeded();
      case JobItem.DEAD ->
          seen.isCopy(claim, SKEW)
              ? seen.dead()
              : claim(claim, writes.claimAnew(claim, seen, now), races - 1);
      case JobItem.CANCELLED -> new Standing.Cancelled();
      // released or failed meanwhile
      default -> claim(claim, races - 1);
    };
  }

  @Override
  public boolean renew(ClaimRequest claim) throws CallFailed, InterruptedException {
    return write(claim, writes.renew(claim, wallClock.instant()), ReturnValue.NONE).done();
  }

  @Override
  public boolean release(ClaimRequest claim) throws CallFailed, InterruptedException {
    return isDone(claim, JobItem.QUEUED, writes.release(claim));
  }

  @Override
  public boolean record(ClaimRequest claim, End end) throws CallFailed, InterruptedException {
    return isDone(claim, JobWrites.state(end), writes.record(claim, end, wallClock.instant()));
  }

  /** True if the write was made, now or by a call whose answer was lost. */
  private boolean isDone(ClaimRequest claim, String state, Update update)
      throws CallFailed, InterruptedException {
    Written written = write(claim, update, ReturnValue.NONE);
    return written.done()
        || (written.item().isOf(claim.token()) && written.item().state().equals(state));
  }

  /** Whether the condition held; the item as it is now, or as it is instead. */
  private record Written(boolean done, JobItem item) {}

  private Written write(ClaimRequest claim, Update update, ReturnValue values)
      throws CallFailed, InterruptedException {
    Map<String, AttributeValue> key =
        Map.of(JobItem.JOB_ID, JobItem.text(claim.jobId()), JobItem.QUEUE, JobItem.text(queue));
    return calls.call(
        () -> {
          try {
            UpdateItemResponse response =
                dynamo.updateItem(
                    request ->
                        update
                            .into(request)
                            .tableName(table)
                            .key(key)
                            .returnValues(values)
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .returnValuesOnConditionCheckFailure(
                                ReturnValuesOnConditionCheckFailure.ALL_OLD));
            ConsumedCapacity charged = response.consumedCapacity();
            calls.charged(charged == null ? 1 : charged.capacityUnits());
            return new Written(true, new JobItem(response.attributes()));
          } catch (ConditionalCheckFailedException e) {
            calls.charged(1); // it is charged as a write, by the size of an item that is not told
            return new Written(false, new JobItem(e.item()));
          }
        });
  }
}
