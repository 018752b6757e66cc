package com.amazonaws.jobprocessor.work;

import java.util.List;

/** A channel each of whose calls is a step, and so is what follows from an answer. */
record WatchedChannel<E>(GroupCommit.Channel<E> channel, Vitals vitals)
    implements GroupCommit.Channel<E> {
  @Override
  public String action() {
    return channel.action();
  }

  @Override
  public String queue() {
    return channel.queue();
  }

  @Override
  public List<Answer> call(List<E> batch) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step(action())) {
      return channel.call(batch);
    }
  }

  @Override
  public void accepted(E entry) {
    try (Vitals.Step _ = follows()) {
      channel.accepted(entry);
    }
  }

  @Override
  public void refused(E entry, String code, String message) {
    try (Vitals.Step _ = follows()) {
      channel.refused(entry, code, message);
    }
  }

  @Override
  public void expired(E entry) {
    try (Vitals.Step _ = follows()) {
      channel.expired(entry);
    }
  }

  @Override
  public boolean mayRepeat(E entry) {
    try (Vitals.Step _ = follows()) {
      return channel.mayRepeat(entry);
    }
  }

  private Vitals.Step follows() {
    return vitals.step("what follows " + action());
  }
}
