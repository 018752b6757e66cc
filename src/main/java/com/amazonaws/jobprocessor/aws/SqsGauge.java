package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.QueueGauge;
import java.util.function.Consumer;

/** A queue's depth; its policy comes with it in the same request. */
public final class SqsGauge implements QueueGauge {
  private final SqsQueues queues;
  private final SqsQueue queue;
  private final Consumer<SqsQueues.Policy> onPolicy;

  /**
   * A gauge of a queue.
   *
   * @param onPolicy is told the queue's policy after each answer
   */
  public SqsGauge(SqsQueues queues, SqsQueue queue, Consumer<SqsQueues.Policy> onPolicy) {
    this.queues = queues;
    this.queue = queue;
    this.onPolicy = onPolicy;
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public Reading read() throws CallFailed, InterruptedException {
    SqsQueues.State state = queues.state(queue);
    onPolicy.accept(state.policy());
    SqsQueues.Counts counts = state.counts();
    return new Reading(counts.waiting(), counts.inFlight(), counts.delayed());
  }
}
