package com.amazonaws.jobprocessor.work.call;

import java.util.function.Consumer;

/**
 * Whoever takes the events. Each is a step, since a log that takes no line stops us, but for those
 * that each job has: they are counted only.
 */
public record WatchedEvents(Consumer<WorkEvent> events, StuckWatch watch)
    implements Consumer<WorkEvent> {
  @Override
  public void accept(WorkEvent event) {
    if (event instanceof WorkEvent.Ran || event instanceof WorkEvent.Succeeded) {
      events.accept(event);
      return;
    }
    try (StuckWatch.Step _ = watch.step("work event")) {
      events.accept(event);
    }
  }
}
