package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.List;

/** A backlog whose deletes and changes of visibility a test plays. */
final class PlayedBacklog implements Backlog {
  /** What a call does with its entries. */
  interface Play<E> {
    List<Answer> answer(List<E> entries) throws CallFailed, InterruptedException;
  }

  private final Play<String> deletes;
  private final Play<VisibilityChange> changes;

  private PlayedBacklog(Play<String> deletes, Play<VisibilityChange> changes) {
    this.deletes = deletes;
    this.changes = changes;
  }

  static PlayedBacklog ofDeletes(Play<String> deletes) {
    return new PlayedBacklog(deletes, _ -> List.of());
  }

  static PlayedBacklog ofChanges(Play<VisibilityChange> changes) {
    return new PlayedBacklog(_ -> List.of(), changes);
  }

  @Override
  public String name() {
    return "todo";
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease) {
    return List.of();
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> made)
      throws CallFailed, InterruptedException {
    return changes.answer(made);
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) throws CallFailed, InterruptedException {
    return deletes.answer(receiptHandles);
  }
}
