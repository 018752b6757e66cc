package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.util.List;

/** An output queue each of whose calls is a step. */
public record WatchedOutputQueue(OutputQueue queue, StuckWatch watch) implements OutputQueue {
  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Answer> send(List<OutgoingMessage> messages) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = watch.step("SendMessageBatch")) {
      return queue.send(messages);
    }
  }
}
