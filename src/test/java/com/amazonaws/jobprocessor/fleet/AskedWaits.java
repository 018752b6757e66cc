package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A backlog that notes how long its receives were to wait, and waits for none. */
final class AskedWaits implements Backlog {
  final List<Long> seconds = new ArrayList<>();
  private final Backlog queue;

  AskedWaits(Backlog queue) {
    this.queue = queue;
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException {
    seconds.add(wait.toSeconds());
    return queue.receive(max, Duration.ZERO, lease);
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes)
      throws CallFailed, InterruptedException {
    return queue.changeVisibility(changes);
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) throws CallFailed, InterruptedException {
    return queue.delete(receiptHandles);
  }
}
