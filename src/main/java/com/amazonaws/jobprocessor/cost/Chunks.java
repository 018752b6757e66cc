package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How SQS counts requests: "Each 64 KB chunk of a payload is billed as 1 request (for example, an
 * API action with a 256 KB payload is billed as 4 requests)", and a request may carry one to ten
 * messages (https://aws.amazon.com/sqs/pricing/, as quoted on 2026-10-01). So it is the payload of
 * the whole request that is cut into chunks, not that of each message.
 */
public final class Chunks {
  /** Bytes of a chunk. */
  public static final int BYTES = 64 * 1024;

  private Chunks() {}

  /** Requests that are billed for one that carries so many bytes, there or back; at least one. */
  public static long of(long bytes) {
    return Math.max(1, Math.ceilDiv(bytes, BYTES));
  }

  /**
   * Requests billed for one message of so many bytes if a request carries so many of its kind, both
   * as a mean.
   */
  static BigDecimal aMessage(BigDecimal bytes, BigDecimal messages) {
    BigDecimal chunks =
        bytes
            .multiply(messages)
            .divide(BigDecimal.valueOf(BYTES), Usd.DIGITS)
            .setScale(0, RoundingMode.CEILING)
            .max(BigDecimal.ONE);
    return chunks.divide(messages, Usd.DIGITS);
  }
}
