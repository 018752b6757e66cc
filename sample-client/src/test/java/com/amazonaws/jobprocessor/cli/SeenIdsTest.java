package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenIdsTest {
  @Test
  void ids_are_known_once_they_were_added_and_counted_once() {
    SeenIds seen = new SeenIds(Integer.MAX_VALUE);
    for (int i = 0; i < 10_000; i++) {
      assertFalse(seen.contains("job-" + i));
      seen.add("job-" + i);
      seen.add("job-" + i / 2);
    }

    assertTrue(IntStream.range(0, 10_000).allMatch(i -> seen.contains("job-" + i)));
    assertFalse(seen.contains("job-10000"));
    assertEquals(10_000, seen.size());
  }

  @Test
  void with_a_bound_the_last_are_known_and_older_ones_forgotten() {
    SeenIds seen = new SeenIds(100);
    for (int i = 0; i < 1_000; i++) {
      seen.add("job-" + i);
      int last = i;
      assertTrue(
          IntStream.rangeClosed(Math.max(0, last - 99), last)
              .allMatch(j -> seen.contains("job-" + j)),
          "the last hundred after " + i);
    }

    assertFalse(IntStream.range(0, 800).anyMatch(i -> seen.contains("job-" + i)));
    assertEquals(1_000, seen.size());
  }

  @Test
  void one_that_comes_again_and_again_is_not_forgotten() {
    SeenIds seen = new SeenIds(10);
    for (int i = 0; i < 1_000; i++) {
      seen.add("job-" + i);
      seen.add("often");
    }

    assertTrue(seen.contains("often"));
    assertEquals(1_001, seen.size());
  }
}
