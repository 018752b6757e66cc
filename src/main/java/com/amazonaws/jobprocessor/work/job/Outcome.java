package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a job in this worker, to be settled with SQS. */
public sealed interface Outcome {
  /** The executor returned. */
  record Succeeded(@Nullable String result, Duration took) implements Outcome {}

  /**
   * The attempt failed.
   *
   * @param type the class of the exception, or a name of ours
   * @param permanent true if another attempt cannot help
   * @param retryAfter what the executor asked for instead of the usual delay, or null
   * @param message of what an executor threw: in few words, without secrets
   * @param trace of what the executor threw, if it is to be told; else null
   */
  record Failed(
      String type,
      String message,
      boolean permanent,
      @Nullable Duration retryAfter,
      @Nullable StackText trace)
      implements Outcome {
    /** A failure that no further attempt can mend. */
    public static Failed forGood(String type, String message) {
      return new Failed(type, message, true, null, null);
    }

    /** A failure after which the job may be tried again. */
    public static Failed forNow(String type, String message) {
      return new Failed(type, message, false, null, null);
    }
  }

  /**
   * We stopped the attempt, or never began it: nobody's failure.
   *
   * @param delay until the job is to be delivered again
   * @param ran how long the attempt had run that was interrupted for it; null if none had begun
   */
  record GivenBack(String reason, Duration delay, @Nullable Duration ran) implements Outcome {
    /** A job that was not begun. */
    public GivenBack(String reason, Duration delay) {
      this(reason, delay, null);
    }

    /** A job that was not begun, to be delivered again at once. */
    public static GivenBack now(String reason) {
      return new GivenBack(reason, Duration.ZERO, null);
    }
  }

  /** The executor says that this box cannot run jobs now. */
  record Unavailable(String why) implements Outcome {}

  /** The lease was over, or as good as over, before the attempt could begin. */
  record LeaseOver() implements Outcome {}

  /** The job table has the result, of this message or of another with the same {@code job_id}. */
  record SucceededBefore(JobTable.End.Succeeded end, String workerId) implements Outcome {}

  /** The job table says that this message was dead-lettered. */
  record DeadBefore(String type, String message) implements Outcome {}

  /** Another worker has the job, as the job table says: nothing may be sent. */
  record TakenOver() implements Outcome {}

  /**
   * There is nothing left to do but to delete the message: this worker has finished the job before,
   * or somebody has cancelled it.
   */
  record DoneBefore() implements Outcome {}
}
