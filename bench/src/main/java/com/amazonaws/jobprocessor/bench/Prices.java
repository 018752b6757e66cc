package com.amazonaws.jobprocessor.bench;

/** What SQS takes. */
final class Prices {
  /**
   * A million requests on standard queues, each of up to 64 KiB, us-east-1, above the free first
   * million of a month and below 100 thousand million. Source: https://aws.amazon.com/sqs/pricing/
   */
  static final double DOLLARS_PER_MILLION_REQUESTS = 0.40;

  /**
   * An hour of a c7g.large with its two processors, on demand, us-east-1: the entry of the price
   * list that {@code sample-client cost --print-prices} prints with its source.
   */
  static final double DOLLARS_PER_HOUR = 0.0725;

  /** When that was the price. */
  static final String AS_OF = "November 2026";

  private Prices() {}
}
