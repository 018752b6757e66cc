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

  /** SQS keeps a message for 14 days at most: no delivery finds its record gone. */
  private static final Duration KEPT = Duration.ofDays(15);

  private static final int MOST_RACES = 5;

  private static final String FORGET =
      " REMOVE finished_at, #result, result_pointer, result_sent, duration_millis, error_type,"
          + " error_message, expires_at";

  private final DynamoDbClient dynamo;
  private final SqsCalls calls;
  private final String table;
  private final String queue;
  private final String workerId;
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
    this.workerId = workerId;
    this.wallClock = wallClock;
  }

  @Override
  public String name() {
    return table;
  }

  @Override
  public Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException {
    return claim(claim, MOST_RACES);
  }

  private Standing claim(ClaimRequest claim, int races) throws CallFailed, InterruptedException {
    Update update =
        running(claim, "if_not_exists(attempts, :zero) + :one", "if_not_exists(deaths, :zero)");
    String pointer = claim.payload().pointer();
    if (pointer != null) {
      update.value(":pointer", JobItem.text(pointer));
    }
    update
        .value(":zero", JobItem.number(0))
        .value(":queued", JobItem.text(JobItem.QUEUED))
        .value(":failed", JobItem.text(JobItem.FAILED))
        .condition(
            "attribute_not_exists(job_id) OR (#state IN (:queued, :failed)"
                + " AND (attribute_not_exists(payload_sha256) OR message_id = :message"
                + (claim.payload().sha256() == null ? "" : " OR payload_sha256 = :sha256")
                + (pointer == null ? "" : " OR definition_pointer = :pointer")
                + "))");
    return claim(claim, update, races);
  }

  @Override
  public Standing takeOver(ClaimRequest claim, Standing.Held held)
      throws CallFailed, InterruptedException {
    int end = held.version().lastIndexOf('/');
    // One that had not begun keeps the number of its attempt.
    String attempts = held.ahead() ? "attempts" : "attempts + :one";
    Update update = running(claim, attempts, "deaths + :one");
    update
        .value(":seen_token", JobItem.text(held.version().substring(0, end)))
        .value(":seen_end", JobItem.number(Long.parseLong(held.version().substring(end + 1))))
        .condition("#state = :running AND claim_token = :seen_token AND lease_end = :seen_end");
    return claim(claim, update, MOST_RACES);
  }

  /** The job's record is one of another life: it has been sent again, or is kept for too long. */
  private Standing claimAnew(ClaimRequest claim, JobItem seen, int races)
      throws CallFailed, InterruptedException {
    Update update = running(claim, ":one", ":zero");
    update.value(":zero", JobItem.number(0)).value(":seen_state", JobItem.text(seen.state()));
    if (seen.token().isEmpty()) {
      // Nobody has ever claimed it: it was cancelled before.
      update.condition("#state = :seen_state AND attribute_not_exists(claim_token)");
    } else {
      update
          .value(":seen_token", JobItem.text(seen.token()))
          .condition("#state = :seen_state AND claim_token = :seen_token");
    }
    return claim(claim, update, races);
  }

  /** What every claim writes. */
  private Update running(ClaimRequest claim, String attempts, String deaths) {
    Instant now = wallClock.instant();
    Update update = new Update();
    update
        .set("#state", ":running", JobItem.text(JobItem.RUNNING))
        .set("claim_token", ":token", JobItem.text(claim.token()))
        .set("message_id", ":message", JobItem.text(claim.messageId()))
        .set("payload_bytes", ":bytes", JobItem.number(claim.payload().bytes()))
        .set("started_at", ":now", JobItem.text(now.toString()))
        .set("worker_id", ":worker", JobItem.text(workerId))
        .set("lease_end", ":end", JobItem.number(now.plus(claim.lease()).toEpochMilli()))
        .set("lease_millis", ":millis", JobItem.number(claim.lease().toMillis()))
        .set("attempts = " + attempts)
        .set("deaths = " + deaths)
        .value(":one", JobItem.number(1))
        .name("#result", "result")
        .then(FORGET + (claim.ahead() ? "" : ", " + JobItem.AHEAD));
    setAhead(claim, update);
    String sha256 = claim.payload().sha256();
    if (sha256 != null) {
      update.set("payload_sha256", ":sha256", JobItem.text(sha256));
    }
    Long enqueued = claim.enqueuedAtMillis();
    if (enqueued != null) {
      update.set(
          "enqueued_at", ":enqueued", JobItem.text(Instant.ofEpochMilli(enqueued).toString()));
    }
    return update;
  }

  private static void setAhead(ClaimRequest claim, Update update) {
    if (claim.ahead()) {
      update.set(JobItem.AHEAD, ":ahead", AttributeValue.fromBool(true));
    }
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
      return claimAnew(claim, seen, races - 1);
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
          seen.isCopy(claim, SKEW) ? seen.dead() : claimAnew(claim, seen, races - 1);
      case JobItem.CANCELLED -> new Standing.Cancelled();
      // released or failed meanwhile
      default -> claim(claim, races - 1);
    };
  }

  @Override
  public boolean renew(ClaimRequest claim) throws CallFailed, InterruptedException {
    Instant end = wallClock.instant().plus(claim.lease());
    Update update =
        ours(claim)
            .set("lease_end", ":end", JobItem.number(end.toEpochMilli()))
            .value(":running", JobItem.text(JobItem.RUNNING))
            .then(claim.ahead() ? "" : " REMOVE " + JobItem.AHEAD)
            .condition("claim_token = :token AND #state = :running");
    setAhead(claim, update);
    return write(claim, update, ReturnValue.NONE).done();
  }

  @Override
  public boolean release(ClaimRequest claim) throws CallFailed, InterruptedException {
    Update update =
        ours(claim)
            .set("#state", ":queued", JobItem.text(JobItem.QUEUED))
            .set("attempts = attempts - :one")
            .value(":one", JobItem.number(1))
            .value(":running", JobItem.text(JobItem.RUNNING))
            .then(" REMOVE lease_end, lease_millis, started_at, " + JobItem.AHEAD)
            .condition("claim_token = :token AND #state = :running");
    return isDone(claim, JobItem.QUEUED, update);
  }

  @Override
  public boolean record(ClaimRequest claim, End end) throws CallFailed, InterruptedException {
    Instant now = wallClock.instant();
    Update update =
        ours(claim)
            .set("finished_at", ":now", JobItem.text(now.toString()))
            .value(":running", JobItem.text(JobItem.RUNNING))
            .condition("claim_token = :token AND #state = :running");
    String sha256 = claim.payload().sha256();
    if (sha256 != null) {
      update
          .set("payload_sha256", ":sha256", JobItem.text(sha256))
          .set("payload_bytes", ":bytes", JobItem.number(claim.payload().bytes()));
    }
    String state;
    if (end instanceof End.Succeeded success) {
      state = JobItem.set(update, success);
    } else if (end instanceof End.Failed failed) {
      state = JobItem.setError(update, JobItem.FAILED, failed.errorType(), failed.errorMessage());
    } else {
      // a recorded result may turn out to be one that the results queue does not take
      update
          .value(":succeeded", JobItem.text(JobItem.SUCCEEDED))
          .condition("claim_token = :token AND #state IN (:running, :succeeded)");
      End.Dead dead = (End.Dead) end;
      state = JobItem.setError(update, JobItem.DEAD, dead.errorType(), dead.errorMessage());
    }
    update.set("#state", ":state", JobItem.text(state));
    boolean finished = !(end instanceof End.Failed);
    if (finished) {
      update.set("expires_at", ":expires", JobItem.number(now.plus(KEPT).getEpochSecond()));
    }
    update.then(
        " REMOVE lease_end, lease_millis, "
            + JobItem.AHEAD
            + (end instanceof End.Dead ? ", #result, result_pointer, result_sent" : ""));
    if (end instanceof End.Dead) {
      update.name("#result", "result");
    }
    return isDone(claim, state, update);
  }

  private static Update ours(ClaimRequest claim) {
    return new Update().value(":token", JobItem.text(claim.token()));
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
