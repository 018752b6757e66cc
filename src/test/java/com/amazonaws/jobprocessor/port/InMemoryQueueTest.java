package com.amazonaws.jobprocessor.port;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
public class InMemoryQueueTest extends QueueContract {
  private final InMemoryQueue queue = new InMemoryQueue("q", System::nanoTime);

  @Override
  protected Backlog backlog() {
    return queue;
  }

  @Override
  protected OutputQueue outlet() {
    return queue;
  }
}
