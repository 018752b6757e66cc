package com.amazonaws.jobprocessor.cli;

import java.util.BitSet;
import java.util.StringJoiner;

/** Lines of a file in few words. */
final class Ranges {
  private Ranges() {}

  /** The ids of jobs by their lines, e.g. {@code k-1 to k-40, k-51}. */
  static String ids(String prefix, BitSet lines) {
    StringJoiner ids = new StringJoiner(", ");
    for (int from = lines.nextSetBit(0); from >= 0; ) {
      int to = lines.nextClearBit(from) - 1;
      ids.add(prefix + from + (to > from ? " to " + prefix + to : ""));
      from = lines.nextSetBit(to + 1);
    }
    return ids.toString();
  }
}
