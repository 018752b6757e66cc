package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a delivery ended for the executor, to be settled with SQS. */
sealed interface Outcome {
  /** The executor returned. */
  record Succeeded(@Nullable String result, Duration took) implements Outcome {}

  /**
   * The attempt failed.
   *
   * @param type the class of the exception, or a name of ours
   * @param permanent true if another attempt cannot help
   * @param retryAfter what the executor asked for instead of the usual delay, or null
   * @param cause what the executor threw; null for a failure that we found
   */
  record Failed(
      String type,
      String message,
      boolean permanent,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause)
      implements Outcome {
    /** A failure that no further attempt can mend. */
    static Failed forGood(String type, String message) {
      return new Failed(type, message, true, null, null);
    }

    /** A failure after which the job may be tried again. */
    static Failed forNow(String type, String message) {
      return new Failed(type, message, false, null, null);
    }
  }

  /** We stopped the attempt, or never began it: nobody's failure. */
  record GivenBack(String reason, Duration delay) implements Outcome {
    static GivenBack now(String reason) {
      return new GivenBack(reason, Duration.ZERO);
    }
  }

  /** The job table has the result, of this message or of another with the same {@code job_id}. */
  record SucceededBefore(JobTable.End.Succeeded end, String workerId) implements Outcome {}

  /** The job table says that this message was dead-lettered. */
  record DeadBefore(String type, String message) implements Outcome {}

  /** Another worker has the job, as the job table says: nothing may be sent. */
  record TakenOver() implements Outcome {}

  /** A copy of a job that this worker has already finished: only its delete is missing. */
  record DoneBefore() implements Outcome {}
}
