package com.amazonaws.jobprocessor.cli;

import java.time.Duration;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The jobs of one run, by their lines, and which of them have ended; the set of their ids, which
 * takes a bit a job. Safe for threads.
 */
final class Awaited extends AbstractSet<String> implements TableEnds.Waiting {
  private final String prefix;
  private final BitSet open = new BitSet();
  private final BitSet ended = new BitSet();
  private final Map<String, String> dead = new TreeMap<>();
  private final Map<String, String> before = new TreeMap<>();
  private boolean complete;
  private int lastLooked;
  private long lastEnd = System.nanoTime();

  /**
   * No job yet.
   *
   * @param prefix of the jobs' ids: their lines' numbers follow
   */
  Awaited(String prefix) {
    this.prefix = prefix;
  }

  /** A job is about to be sent. */
  synchronized void begins(long line) {
    open.set((int) line);
  }

  /** A job was not sent: nothing will come of it. */
  synchronized void refused(long line) {
    open.clear((int) line);
    notifyAll();
  }

  /** A job has a result; true if it had no end before. */
  synchronized boolean hasResult(String id) {
    boolean first = end(id);
    boolean wasBefore = before.remove(id) != null;
    return dead.remove(id) != null || wasBefore || first;
  }

  /** A job has a dead letter; true if it had no end before. */
  synchronized boolean hasDeadLetter(String id, String error) {
    boolean first = end(id);
    if (first) {
      dead.put(id, error);
    }
    return first;
  }

  @Override
  public synchronized void endedBefore(String id, String state) {
    if (end(id)) {
      before.put(id, state);
    }
  }

  private boolean end(String id) {
    int line = line(id);
    if (line < 0 || ended.get(line)) {
      return false;
    }
    ended.set(line);
    open.clear(line);
    lastEnd = System.nanoTime();
    notifyAll();
    return true;
  }

  /** No further job will be sent. */
  synchronized void noMoreCome() {
    complete = true;
    notifyAll();
  }

  /** Waits until every job has ended, at most for so long; true if it has. */
  synchronized boolean awaitEnd(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (!isOver()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private boolean isOver() {
    return complete && open.isEmpty();
  }

  /** How many jobs have ended, one way or the other. */
  synchronized int endedCount() {
    return ended.cardinality();
  }

  /** The jobs that have no end, as ids in few words. */
  synchronized String openIds() {
    return Ranges.ids(prefix, open);
  }

  @Override
  public synchronized List<String> nextOpen(int max) {
    int[] some = open.stream().filter(line -> line > lastLooked).limit(max).toArray();
    lastLooked = some.length < max ? 0 : some[some.length - 1];
    return Arrays.stream(some).mapToObj(this::id).toList();
  }

  /** The jobs of which nothing came, since they had ended before, with their states. */
  synchronized Map<String, String> before() {
    return Collections.unmodifiableMap(new TreeMap<>(before));
  }

  /** The jobs that have a dead letter and no result, with what it says. */
  synchronized Map<String, String> dead() {
    return Collections.unmodifiableMap(new TreeMap<>(dead));
  }

  @Override
  public synchronized long lastEnd() {
    return lastEnd;
  }

  /** The id of the job in a line. */
  String id(long line) {
    return prefix + line;
  }

  /** The line that a job of this run stands in; -1 if it is none of them. */
  int line(String id) {
    if (!id.startsWith(prefix) || id.length() - prefix.length() > 9) {
      return -1;
    }
    String number = id.substring(prefix.length());
    boolean isLine =
        !number.isEmpty()
            && number.charAt(0) != '0'
            && number.chars().allMatch(c -> c >= '0' && c <= '9');
    return isLine ? Integer.parseInt(number) : -1;
  }

  @Override
  public synchronized boolean contains(Object id) {
    int line = id instanceof String text ? line(text) : -1;
    return line >= 0 && (open.get(line) || ended.get(line));
  }

  @Override
  public synchronized Iterator<String> iterator() {
    BitSet all = (BitSet) open.clone();
    all.or(ended);
    return all.stream().mapToObj(line -> prefix + line).iterator();
  }

  @Override
  public synchronized int size() {
    return open.cardinality() + ended.cardinality();
  }

  @Override
  public synchronized boolean equals(Object other) {
    return this == other || (other instanceof Set<?> set && super.equals(set));
  }

  @Override
  public synchronized int hashCode() {
    return super.hashCode();
  }
}
