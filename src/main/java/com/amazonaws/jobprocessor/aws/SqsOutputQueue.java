package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.time.Duration;
import java.util.List;

/** A queue in SQS that messages are sent to. */
public final class SqsOutputQueue implements OutputQueue {
  private final SqsTransport sqs;
  private final SqsCalls calls;
  private final SqsQueue queue;
  private final Duration longestCall;

  /**
   * The queue.
   *
   * @param longestCall bounds a send
   */
  public SqsOutputQueue(SqsTransport sqs, SqsCalls calls, SqsQueue queue, Duration longestCall) {
    this.sqs = sqs;
    this.calls = calls;
    this.queue = queue;
    this.longestCall = longestCall;
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Answer> send(List<OutgoingMessage> messages) throws CallFailed, InterruptedException {
    return SqsCalls.answers(
        messages.size(), calls.call(() -> sqs.send(queue.url(), messages, longestCall)));
  }
}
