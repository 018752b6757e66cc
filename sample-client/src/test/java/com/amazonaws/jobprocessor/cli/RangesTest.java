package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RangesTest {
  private static String ids(IntStream lines) {
    BitSet set = new BitSet();
    lines.forEach(set::set);
    return Ranges.ids("k-", set);
  }

  @Test
  void lines_that_follow_each_other_are_a_range() {
    assertEquals(
        "k-1 to k-40, k-51", ids(IntStream.rangeClosed(1, 51).filter(i -> i <= 40 || i == 51)));
    assertEquals("", ids(IntStream.empty()));
  }

  @Test
  void of_many_ranges_the_first_are_named_and_the_jobs_of_the_others_counted() {
    String all = ids(IntStream.range(1, 2 * Ranges.MAX_SHOWN).filter(i -> i % 2 == 1));
    assertTrue(all.endsWith(", k-39"), all);

    String some = ids(IntStream.range(1, 200_000).filter(i -> i % 2 == 1));
    assertTrue(some.startsWith("k-1, k-3, ") && some.endsWith(", k-39 ... and 99980 more"), some);
  }
}
