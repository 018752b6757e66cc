package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.List;

/**
 * A backlog whose long polls end when the worker has been idle for too long: then none has to be
 * cut, which might leave a message invisible.
 */
public record IdlePolls(Backlog queue, IdleWatch idle) implements Backlog {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException {
    long seconds = Math.max(1, Math.ceilDiv(idle.nanosLeft(), SECOND));
    Duration most = Duration.ofSeconds(seconds);
    try {
      List<Delivery> deliveries = queue.receive(max, wait.compareTo(most) < 0 ? wait : most, lease);
      idle.answered(!deliveries.isEmpty());
      return deliveries;
    } catch (CallFailed e) {
      idle.failed();
      throw e;
    }
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
