package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.List;

/** A backlog each of whose calls is a step. */
public record WatchedBacklog(Backlog queue, StuckWatch watch) implements Backlog {
  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = watch.within("ReceiveMessage", wait.plus(StuckWatch.USUAL))) {
      return queue.receive(max, wait, lease);
    }
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes)
      throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = watch.step("ChangeMessageVisibilityBatch")) {
      return queue.changeVisibility(changes);
    }
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = watch.step("DeleteMessageBatch")) {
      return queue.delete(receiptHandles);
    }
  }
}
