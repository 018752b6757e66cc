package com.amazonaws.jobprocessor.cost;

import java.util.Arrays;
import java.util.Optional;

/** The prices that a price file has whatever instances it knows. */
public enum Price {
  SQS_STANDARD("sqs.standard.million_requests", 6),
  SQS_FIFO("sqs.fifo.million_requests", 6),
  TABLE_WRITES("dynamodb.million_write_units", 6),
  TABLE_STORAGE("dynamodb.gb_month", 0),
  S3_PUT("s3.thousand_puts", 3),
  S3_GET("s3.thousand_gets", 3),
  S3_DELETE("s3.thousand_deletes", 3),
  S3_STORAGE("s3.gb_month", 0),
  NAT("nat.gb", 0),
  EGRESS("egress.gb", 0),
  DISK("ebs.gp3.gb_month", 0),
  ADDRESS("public_ipv4.hour", 0);

  private final String key;
  private final int zeros;

  Price(String key, int zeros) {
    this.key = key;
    this.zeros = zeros;
  }

  /** Its name in a price file, which ends with what the price is for. */
  public String key() {
    return key;
  }

  /** The power of ten that the price is for. */
  int zeros() {
    return zeros;
  }

  static Optional<Price> named(String key) {
    return Arrays.stream(values()).filter(price -> price.key.equals(key)).findFirst();
  }
}
