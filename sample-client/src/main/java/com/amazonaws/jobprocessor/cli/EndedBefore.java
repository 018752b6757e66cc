package com.amazonaws.jobprocessor.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Of some jobs those of which no result will come, as the job table says. For one thread. */
final class EndedBefore implements TableEnds.Waiting {
  private final Set<String> ids;
  private final Predicate<String> hasCome;
  private final Map<String, String> states = new TreeMap<>();
  private Iterator<String> next = Collections.emptyIterator();
  private long lastEnd = System.nanoTime();

  /**
   * Of none as yet.
   *
   * @param ids of the jobs, which do not change
   * @param hasCome of a job: true if it has a result or a dead letter
   */
  EndedBefore(Set<String> ids, Predicate<String> hasCome) {
    this.ids = ids;
    this.hasCome = hasCome;
  }

  /** A job has a result or a dead letter. */
  void came(String id) {
    lastEnd = System.nanoTime();
    states.remove(id);
  }

  /** Their states, by their ids. */
  Map<String, String> states() {
    return states;
  }

  @Override
  public long lastEnd() {
    return lastEnd;
  }

  @Override
  public List<String> nextOpen(int max) {
    next = next.hasNext() ? next : ids.iterator();
    List<String> open = new ArrayList<>();
    while (next.hasNext() && open.size() < max) {
      String id = next.next();
      if (!hasCome.test(id) && !states.containsKey(id)) {
        open.add(id);
      }
    }
    return open;
  }

  @Override
  public void endedBefore(String id, String state) {
    states.put(id, state);
  }
}
