package com.amazonaws.jobprocessor.stats;

import java.util.concurrent.atomic.LongAdder;

/** Counts requests to the payload bucket, as S3 bills them. */
public final class ObjectCounts {
  private final LongAdder puts = new LongAdder();
  private final LongAdder gets = new LongAdder();
  private final LongAdder deletes = new LongAdder();

  /** An object is stored or copied. */
  public void put() {
    puts.increment();
  }

  /** An object is fetched. */
  public void get() {
    gets.increment();
  }

  /** An object is deleted. */
  public void delete() {
    deletes.increment();
  }

  public long puts() {
    return puts.sum();
  }

  public long gets() {
    return gets.sum();
  }

  public long deletes() {
    return deletes.sum();
  }
}
