package com.amazonaws.jobprocessor.stats;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many lines may be logged until the next minute; what gets none is summed by its kind. Not
 * safe for use by several threads.
 */
final class LineBudget {
  private static final int USUAL_LINES = 60;
  private static final int MAX_KINDS = 20;

  private final int maxLines;
  private final Map<String, Integer> unlogged = new TreeMap<>();
  private int logged;

  /** The usual number. */
  LineBudget() {
    this(USUAL_LINES);
  }

  /** So many lines a minute. */
  LineBudget(int maxLines) {
    this.maxLines = maxLines;
  }

  /** True if there may be a line; else one of this kind is added to the sums. */
  boolean take(String kind) {
    if (logged < maxLines) {
      logged++;
      return true;
    }
    sum(kind);
    return false;
  }

  /** Adds one to the sum of this kind; of further kinds without end, to that of all others. */
  void sum(String kind) {
    boolean known = unlogged.containsKey(kind) || unlogged.size() < MAX_KINDS;
    unlogged.merge(known ? kind : end(kind) + "other", 1, Integer::sum);
  }

  /** What kinds have in common that differ by a cause only. */
  private static String end(String kind) {
    return kind.substring(0, kind.indexOf(':') + 1);
  }

  /** The sums since the last minute; begins anew. */
  Map<String, Integer> nextMinute() {
    logged = 0;
    Map<String, Integer> sums = new TreeMap<>(unlogged);
    unlogged.clear();
    return sums;
  }
}
