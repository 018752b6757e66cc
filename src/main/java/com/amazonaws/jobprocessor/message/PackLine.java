package com.amazonaws.jobprocessor.message;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a pack that is not blank.
 *
 * @param number its place in the pack, from 1; blank lines count
 * @param pack the pack's body
 * @param start where the line begins in it
 * @param end where it ends, without its CR LF
 */
public record PackLine(int number, String pack, int start, int end) {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** The lines of a pack, without those that are blank; a byte order mark is no part of them. */
  public static List<PackLine> split(String pack) {
    List<PackLine> lines = new ArrayList<>();
    int start = !pack.isEmpty() && pack.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
    for (int number = 1; start < pack.length(); number++) {
      int feed = pack.indexOf('\n', start);
      int next = feed < 0 ? pack.length() : feed;
      int end = next;
      while (end > start && pack.charAt(end - 1) == '\r') {
        end--;
      }
      if (!isBlank(pack, start, end)) {
        lines.add(new PackLine(number, pack, start, end));
      }
      start = next + 1;
    }
    return lines;
  }

  private static boolean isBlank(String pack, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = pack.charAt(i);
      if (c != ' ' && c != '\t' && c != '\r') {
        return false;
      }
    }
    return true;
  }

  /** The line as it stands in the pack. */
  public String text() {
    return pack.substring(start, end);
  }
}
