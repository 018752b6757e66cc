package com.amazonaws.jobprocessor.port;

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
