package com.amazonaws.jobprocessor.daemon;

import java.util.concurrent.atomic.LongAdder;

/** Counts requests to the payload bucket, as S3 bills them. */
final class ObjectCounts {
  private final LongAdder puts = new LongAdder();
  private final LongAdder gets = new LongAdder();
  private final LongAdder deletes = new LongAdder();

  /** An object is stored or copied. */
  void put() {
    puts.increment();
  }

  /** An object is fetched. */
  void get() {
    gets.increment();
  }

  /** An object is deleted. */
  void delete() {
    deletes.increment();
  }

  long puts() {
    return puts.sum();
  }

  long gets() {
    return gets.sum();
  }

  long deletes() {
    return deletes.sum();
  }
}
