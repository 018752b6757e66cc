package com.amazonaws.jobprocessor.cli;

import java.util.BitSet;
import java.util.StringJoiner;

/** Lines of a file in few words. */
final class Ranges {
  /** There may be as many as every other line. */
  static final int MAX_SHOWN = 20;

  private Ranges() {}

  /**
   * The ids of jobs by their lines, e.g. {@code k-1 to k-40, k-51}; of many ranges the first, and
   * how many jobs more.
   */
  static String ids(String prefix, BitSet lines) {
    StringJoiner ids = new StringJoiner(", ");
    int from = lines.nextSetBit(0);
    for (int shown = 0; from >= 0 && shown < MAX_SHOWN; shown++) {
      int to = lines.nextClearBit(from) - 1;
      ids.add(prefix + from + (to > from ? " to " + prefix + to : ""));
      from = lines.nextSetBit(to + 1);
    }
    return from < 0
        ? ids.toString()
        : ids + " ... and " + lines.get(from, lines.length()).cardinality() + " more";
  }
}
