package com.amazonaws.jobprocessor.stats;

/** What {@link Counters} count. */
public enum Count {
  /** Messages received, copies included. */
  RECEIVED,

  /** Jobs whose result was accepted. */
  SUCCEEDED,

  /** Attempts that failed and that another follows. */
  RETRIED,

  /** Jobs that failed for good, and whose dead letter was accepted. */
  DEAD_LETTERED,

  /** Dead letters that their queue refused; the jobs come again. */
  LETTERS_REFUSED,

  /** Jobs that went back to the queue unharmed. */
  GIVEN_BACK,

  /** Leases that were over before their jobs were settled. */
  LEASES_LOST,

  /** Leases that were renewed. */
  LEASES_RENEWED,

  /** How long executors took for the results that they returned, in microseconds. */
  RAN_MICROS,

  /** For how long {@code poll_rate_per_min} held back receives, in nanoseconds. */
  POLL_RATE_NANOS
}
