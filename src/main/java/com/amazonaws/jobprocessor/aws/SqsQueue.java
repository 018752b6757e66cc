package com.amazonaws.jobprocessor.aws;

/** A queue's name and where to reach it. */
public record SqsQueue(String name, String url) {
  /** True if it is first in, first out: SQS wants such names to end so. */
  boolean isFifo() {
    return name.endsWith(".fifo");
  }
}
