package com.amazonaws.jobprocessor.work.call;

import java.util.function.Consumer;

/** Whoever takes the events; each event is a step, since a log that takes no line stops us. */
public record WatchedEvents(Consumer<WorkEvent> events, StuckWatch watch)
    implements Consumer<WorkEvent> {
  @Override
  public void accept(WorkEvent event) {
    try (StuckWatch.Step _ = watch.step("work event")) {
      events.accept(event);
    }
  }
}
