package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a worker writes into a job's record at each step, and what must hold for that. */
final class JobWrites {
  /** SQS keeps a message for 14 days at most: no delivery finds its record gone. */
  private static final Duration KEPT = Duration.ofDays(15);

  private static final String FORGET =
      " REMOVE finished_at, retry_at, #result, result_pointer, result_sent, duration_millis, error_type,"
          + " error_message, expires_at";

  private final String workerId;

  JobWrites(String workerId) {
    this.workerId = workerId;
  }

  /** A claim on a job that nobody runs, and that has not ended. */
  Update claim(ClaimRequest claim, Instant now) {
    Update update =
        running(
            claim, now, "if_not_exists(attempts, :zero) + :one", "if_not_exists(deaths, :zero)");
    String pointer = claim.payload().pointer();
    if (pointer != null) {
      update.value(":pointer", JobItem.text(pointer));
    }
    return update
        .value(":zero", JobItem.number(0))
        .value(":queued", JobItem.text(JobItem.QUEUED))
        .value(":failed", JobItem.text(JobItem.FAILED))
        .condition(
            "attribute_not_exists(job_id) OR (#state IN (:queued, :failed)"
                + " AND (attribute_not_exists(payload_sha256) OR message_id = :message"
                + (claim.payload().sha256() == null ? "" : " OR payload_sha256 = :sha256")
                + (pointer == null ? "" : " OR definition_pointer = :pointer")
                + "))");
  }

  /** A claim on a job of another worker, whose lease is over. */
  Update takeOver(ClaimRequest claim, JobTable.Standing.Held held, Instant now) {
    int end = held.version().lastIndexOf('/');
    // One that had not begun keeps the number of its attempt.
    String attempts = held.ahead() ? "attempts" : "attempts + :one";
    return running(claim, now, attempts, "deaths + :one")
        .value(":seen_token", JobItem.text(held.version().substring(0, end)))
        .value(":seen_end", JobItem.number(Long.parseLong(held.version().substring(end + 1))))
        .condition("#state = :running AND claim_token = :seen_token AND lease_end = :seen_end");
  }

  /**
   * A claim on a record of another life: the job has been sent again, or it is kept for too long.
   */
  Update claimAnew(ClaimRequest claim, JobItem seen, Instant now) {
    Update update = running(claim, now, ":one", ":zero");
    update.value(":zero", JobItem.number(0)).value(":seen_state", JobItem.text(seen.state()));
    if (seen.token().isEmpty()) {
      // Nobody has ever claimed it: it was cancelled before.
      return update.condition("#state = :seen_state AND attribute_not_exists(claim_token)");
    }
    return update
        .value(":seen_token", JobItem.text(seen.token()))
        .condition("#state = :seen_state AND claim_token = :seen_token");
  }

  /** What every claim writes. */
  private Update running(ClaimRequest claim, Instant now, String attempts, String deaths) {
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

  /** A longer lease of a claim. */
  Update renew(ClaimRequest claim, Instant now) {
    Instant end = now.plus(claim.lease());
    Update update =
        ours(claim)
            .set("lease_end", ":end", JobItem.number(end.toEpochMilli()))
            .value(":running", JobItem.text(JobItem.RUNNING))
            .then(claim.ahead() ? "" : " REMOVE " + JobItem.AHEAD)
            .condition("claim_token = :token AND #state = :running");
    setAhead(claim, update);
    return update;
  }

  /** The end of a claim that was no attempt. */
  Update release(ClaimRequest claim) {
    return ours(claim)
        .set("#state", ":queued", JobItem.text(JobItem.QUEUED))
        .set("attempts = attempts - :one")
        .value(":one", JobItem.number(1))
        .value(":running", JobItem.text(JobItem.RUNNING))
        .then(" REMOVE lease_end, lease_millis, started_at, " + JobItem.AHEAD)
        .condition("claim_token = :token AND #state = :running");
  }

  /** The end of an attempt. */
  Update record(ClaimRequest claim, JobTable.End end, Instant now) {
    Update update =
        ours(claim)
            .set("#state", ":state", JobItem.text(state(end)))
            .set("finished_at", ":now", JobItem.text(now.toString()))
            .value(":running", JobItem.text(JobItem.RUNNING))
            .condition("claim_token = :token AND #state = :running");
    String sha256 = claim.payload().sha256();
    if (sha256 != null) {
      update
          .set("payload_sha256", ":sha256", JobItem.text(sha256))
          .set("payload_bytes", ":bytes", JobItem.number(claim.payload().bytes()));
    }
    boolean dead = end instanceof JobTable.End.Dead;
    update.then(
        " REMOVE lease_end, lease_millis, "
            + JobItem.AHEAD
            + (dead ? ", #result, result_pointer, result_sent" : ""));
    if (end instanceof JobTable.End.Succeeded success) {
      JobItem.set(update, success);
    } else if (end instanceof JobTable.End.Failed failed) {
      JobItem.setError(update, failed.errorType(), failed.errorMessage());
      update.set("retry_at", ":retry", JobItem.text(now.plus(failed.delay()).toString()));
    } else {
      setDead(update, (JobTable.End.Dead) end);
    }
    if (!(end instanceof JobTable.End.Failed)) {
      update.set("expires_at", ":expires", JobItem.number(now.plus(KEPT).getEpochSecond()));
    }
    return update;
  }

  /** A recorded result may turn out to be one that the results queue does not take. */
  private static void setDead(Update update, JobTable.End.Dead dead) {
    JobItem.setError(update, dead.errorType(), dead.errorMessage());
    update
        .name("#result", "result")
        .value(":succeeded", JobItem.text(JobItem.SUCCEEDED))
        .condition("claim_token = :token AND #state IN (:running, :succeeded)");
  }

  /** The state of a job whose attempt has ended so. */
  static String state(JobTable.End end) {
    if (end instanceof JobTable.End.Succeeded) {
      return JobItem.SUCCEEDED;
    }
    return end instanceof JobTable.End.Failed ? JobItem.FAILED : JobItem.DEAD;
  }

  private static Update ours(ClaimRequest claim) {
    return new Update().value(":token", JobItem.text(claim.token()));
  }
}
