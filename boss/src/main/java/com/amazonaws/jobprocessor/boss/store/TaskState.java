package com.amazonaws.jobprocessor.boss.store;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How a task stands. */
public enum TaskState {
  /** Is to be dispatched. */
  WAITING,
  /** In the outbox: on its way to the backlog queue, or there already. */
  SENDING,
  /** The backlog queue has taken it. */
  DISPATCHED,
  /** Has a result. */
  SUCCEEDED,
  /** Has a dead letter, or SQS does not take it. */
  FAILED,
  /** No answer in time: a person must say whether it may be run again. */
  UNANSWERED,
  /** Somebody has cancelled it. */
  CANCELLED;

  /** As it is stored and shown. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of a text, if it is one. */
  public static Optional<TaskState> of(String text) {
    return Stream.of(values()).filter(state -> state.text().equals(text)).findFirst();
  }

  /** True if nothing more will happen to the task by itself. */
  public boolean isEnd() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
