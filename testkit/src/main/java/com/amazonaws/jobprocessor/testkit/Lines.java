package com.amazonaws.jobprocessor.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lines of a child's two streams, the last ones, read as fast as they come. */
final class Lines {

  static final int REMEMBERED = 20_000;
  private static final int SHOWN = 40;

  private final Deque<String> out = new ArrayDeque<>();
  private final Deque<String> err = new ArrayDeque<>();
  private int open = 2;

  void readOut(BufferedReader reader) {
    read(reader, out);
  }

  void readErr(BufferedReader reader) {
    read(reader, err);
  }

  synchronized List<String> out() {
    return List.copyOf(out);
  }

  synchronized List<String> err() {
    return List.copyOf(err);
  }

  synchronized long count(String regex) {
    return matching(regex).size();
  }

  /** The n-th line with the expression in it; fails at once when both streams have ended. */
  synchronized String await(String regex, int number, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      List<String> found = matching(regex);
      if (found.size() >= number) {
        return found.get(number - 1);
      }
      long rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (rest <= 0 || open == 0) {
        throw new AssertionError(
            "%s lines, not %s, with '%s' %s%n%s"
                .formatted(
                    found.size(),
                    number,
                    regex,
                    open == 0 ? "before it ended" : "within " + timeout,
                    this));
      }
      wait(rest);
    }
  }

  @Override
  public synchronized String toString() {
    return "--- standard output\n" + last(out) + "\n--- standard error\n" + last(err);
  }

  private List<String> matching(String regex) {
    Predicate<String> wanted = Pattern.compile(regex).asPredicate();
    return Stream.concat(out.stream(), err.stream()).filter(wanted).toList();
  }

  private void read(BufferedReader reader, Deque<String> lines) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(lines, line);
      }
    } catch (IOException e) {
      // The child is gone.
    } finally {
      ended();
    }
  }

  private synchronized void add(Deque<String> lines, String line) {
    lines.add(line);
    if (lines.size() > REMEMBERED) {
      lines.remove();
    }
    notifyAll();
  }

  private synchronized void ended() {
    open--;
    notifyAll();
  }

  private static String last(Deque<String> lines) {
    List<String> all = new ArrayList<>(lines);
    return String.join("\n", all.subList(Math.max(0, all.size() - SHOWN), all.size()));
  }
}
