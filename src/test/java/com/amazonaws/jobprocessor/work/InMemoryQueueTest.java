package com.amazonaws.jobprocessor.work;

class InMemoryQueueTest extends QueueContract {
  private final InMemoryQueue queue = new InMemoryQueue("q", System::nanoTime);

  @Override
  protected Backlog backlog() {
    return queue;
  }

  @Override
  protected Outlet outlet() {
    return queue;
  }
}
