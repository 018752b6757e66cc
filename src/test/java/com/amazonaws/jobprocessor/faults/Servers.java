package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.util.concurrent.atomic.AtomicInteger;

/** SQS and DynamoDB, each behind its faulty proxy; scenes follow each other on them. */
record Servers(EmbeddedSqs sqs, EmbeddedDynamo dynamo, AtomicInteger scenes)
    implements AutoCloseable {
  static Servers start() {
    return new Servers(EmbeddedSqs.start(), EmbeddedDynamo.start(), new AtomicInteger());
  }

  /** Ends all faults and forgets all calls: the next scene begins. */
  void clear() {
    sqs.proxy().clear();
    dynamo.proxy().clear();
    sqs.proxy().forget();
    dynamo.proxy().forget();
  }

  @Override
  public void close() {
    sqs.close();
    dynamo.close();
  }
}
