package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoSignalsTest {
  private static final int INT = 2;
  private static final int TERM = 15;

  private long nanos = -5;
  private final List<String> heard = new ArrayList<>();
  private final TwoSignals signals =
      new TwoSignals(
          () -> nanos, first -> heard.add("first " + first), next -> heard.add("second " + next));

  @Test
  void the_second_ends_the_process_whatever_it_is() {
    signals.accept(INT);
    nanos += TwoSignals.SAME_SIGNAL.toNanos();
    signals.accept(TERM);

    assertEquals(List.of("first 2", "second 15"), heard);
  }

  @Test
  void two_within_a_tenth_of_a_second_are_one() {
    signals.accept(TERM);
    nanos += TwoSignals.SAME_SIGNAL.toNanos() - 1;
    signals.accept(TERM);

    assertEquals(List.of("first 15"), heard);
  }
}
