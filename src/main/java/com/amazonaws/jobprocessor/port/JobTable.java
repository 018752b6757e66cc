package com.amazonaws.jobprocessor.port;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Port: the job table, one record a job of the backlog; it sees to it that a job runs once. Each
 * call writes only if the record is what the call takes it for. No call is repeated inside; each
 * may be made again after an answer that was lost, and then says what the lost answer said.
 */
public interface JobTable {
  /** No job table: every job is ours, whatever others do. */
  JobTable NONE =
      new JobTable() {
        @Override
        public String name() {
          return "";
        }

        @Override
        public Standing claim(ClaimRequest claim) {
          return new Standing.Mine(1, 0);
        }

        @Override
        public Standing takeOver(ClaimRequest claim, Standing.Held held) {
          return new Standing.Mine(1, 0);
        }

        @Override
        public boolean renew(ClaimRequest claim) {
          return true;
        }

        @Override
        public boolean record(ClaimRequest claim, End end) {
          return true;
        }

        @Override
        public boolean release(ClaimRequest claim) {
          return true;
        }
      };

  /** The table's name, for the log. */
  String name();

  /**
   * Claims a job that nobody holds: the claim is an attempt, unless it is released, or is still one
   * ahead of a slot when its owner dies.
   */
  Standing claim(ClaimRequest claim) throws CallFailed, InterruptedException;

  /**
   * Claims a job whose owner is taken for dead: its claim stays an attempt, but for one ahead of a
   * slot.
   *
   * @param held the record as it was seen; if it has changed since, nothing is written
   */
  Standing takeOver(ClaimRequest claim, Standing.Held held) throws CallFailed, InterruptedException;

  /**
   * Holds the job for another lease, and notes whether that is still ahead of a slot; false if it
   * is not ours any more.
   */
  boolean renew(ClaimRequest claim) throws CallFailed, InterruptedException;

  /**
   * Records how the attempt ended; false if the job is not ours any more: then nothing may be sent.
   */
  boolean record(ClaimRequest claim, End end) throws CallFailed, InterruptedException;

  /** Lets go of a job: the claim was no attempt; false if it is not ours any more. */
  boolean release(ClaimRequest claim) throws CallFailed, InterruptedException;

  /** How a job stands for the one that wants to run it. */
  sealed interface Standing {
    /**
     * It is ours.
     *
     * @param attempt the number of this attempt, from 1
     * @param deaths claims before it that nobody ended
     */
    record Mine(int attempt, int deaths) implements Standing {}

    /**
     * Somebody runs it, or died of it.
     *
     * @param version changes with each claim and each renewal
     * @param lease from the moment of the version on, by the owner's clock
     * @param left how long that is by the wall clocks, a minute added; negative if it is over
     * @param ahead true if the job had not begun as far as the table knows
     */
    record Held(String version, Duration lease, Duration left, boolean ahead) implements Standing {}

    /** It has succeeded; {@code token} is that of the claim under which it did. */
    record Succeeded(End.Succeeded end, String workerId, String token) implements Standing {}

    /** This very message was dead-lettered, as its last attempt failed. */
    record Dead(End.Dead end, int attempts) implements Standing {}

    /**
     * Another message of this id has a record: whether it is the same job is known when the claim
     * says what its payload is.
     */
    record PayloadNeeded() implements Standing {}

    /** Somebody has cancelled it: it is not to be run. */
    record Cancelled() implements Standing {}

    /** Its record is in a state that this version does not know. */
    record Unknown(String state) implements Standing {}

    /** A job of this id has another payload. */
    record Reused() implements Standing {}
  }

  /** How an attempt ended. */
  sealed interface End {
    /** With a result. */
    record Succeeded(Result result, int attempts, Duration took) implements End {}

    /**
     * It failed, and the job will be tried again.
     *
     * @param delay for so long it will not be
     */
    record Failed(String errorType, String errorMessage, Duration delay) implements End {
      /** One after which the job may be tried again at once. */
      public Failed(String errorType, String errorMessage) {
        this(errorType, errorMessage, Duration.ZERO);
      }
    }

    /** It failed for good. */
    record Dead(String errorType, String errorMessage) implements End {}
  }

  /** Where the result of a job is. */
  sealed interface Result {
    /** In the record; null and empty alike. */
    record Text(@Nullable String text) implements Result {}

    /** In the payload bucket: an object of the record's own. */
    record Stored(String pointer) implements Result {}

    /** In the results queue only: it fits nowhere else, so it was sent before it was recorded. */
    record Sent() implements Result {}
  }
}
