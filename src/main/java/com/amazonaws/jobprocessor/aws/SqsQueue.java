package com.amazonaws.jobprocessor.aws;

/** A queue's name and where to reach it. */
public record SqsQueue(String name, String url) {
  /** True if it is first in, first out: SQS wants such names to end so. */
  public boolean isFifo() {
    return isFifo(name);
  }

  /** True if a queue of this name is first in, first out. */
  public static boolean isFifo(String name) {
    return name.endsWith(".fifo");
  }
}
