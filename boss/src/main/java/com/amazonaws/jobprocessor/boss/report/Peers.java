package com.amazonaws.jobprocessor.boss.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds who is out of line with the others: who fails more often than chance explains, and whose
 * tasks take much longer or shorter than theirs.
 */
public final class Peers {
  /** With fewer tasks nobody is judged. */
  static final int MIN_TASKS = 10;

  /** With fewer workers there is no telling who is the odd one by time. */
  static final int MIN_PEERS = 3;

  /** The chance that of all the workers one is marked for nothing. */
  private static final double FALSE_ALARM = 0.01;

  /** Failures are marked from so many times the others' share on, and durations as well. */
  private static final double MIN_RATIO = 1.5;

  /** Deviations, of which a normal distribution's are within three. */
  private static final double MAX_DEVIATIONS = 5;

  /** What makes the median absolute deviation comparable to a standard deviation. */
  private static final double NORMAL = 1.4826;

  /** Medians are not known better than this. */
  private static final double PRECISION = 0.05;

  private Peers() {}

  /** What is out of line, in one line each, by the name; who is in line is missing. */
  public static Map<String, List<String>> marks(List<Line> lines) {
    Map<String, List<String>> marks = new LinkedHashMap<>();
    List<Line> judged = lines.stream().filter(line -> line.tasks() >= MIN_TASKS).toList();
    failures(judged, marks);
    times(judged, marks);
    return marks;
  }

  private static void mark(Map<String, List<String>> marks, Line line, String mark) {
    marks.computeIfAbsent(line.name(), _ -> new ArrayList<>()).add(mark);
  }

  /**
   * Fisher's exact test, one-sided: the chance that so many of all failures, or more, fall on a
   * worker if each task was as likely to fail as any other; with Bonferroni's correction for as
   * many workers as there are.
   */
  private static void failures(List<Line> lines, Map<String, List<String>> marks) {
    long tasks = lines.stream().mapToLong(Line::tasks).sum();
    long failed = lines.stream().mapToLong(Line::failed).sum();
    for (Line line : lines) {
      long others = tasks - line.tasks();
      if (others == 0) {
        continue;
      }
      double share = (double) (failed - line.failed()) / others;
      if (line.failureShare() < share * MIN_RATIO || line.failed() == 0) {
        continue;
      }
      double chance = Hypergeometric.atLeast(line.failed(), tasks, failed, line.tasks());
      if (chance * lines.size() < FALSE_ALARM) {
        mark(
            marks,
            line,
            "fails "
                + percent(line.failureShare())
                + " of its tasks, the others "
                + percent(share));
      }
    }
  }

  private static void times(List<Line> lines, Map<String, List<String>> marks) {
    if (lines.size() < MIN_PEERS) {
      return;
    }
    double[] medians = lines.stream().mapToDouble(Line::medianSeconds).toArray();
    double middle = median(medians);
    double[] deviations = Arrays.stream(medians).map(one -> Math.abs(one - middle)).toArray();
    double scale = Math.max(NORMAL * median(deviations), PRECISION * middle);
    if (scale <= 0) {
      return;
    }
    for (Line line : lines) {
      double one = line.medianSeconds();
      boolean far = Math.abs(one - middle) / scale > MAX_DEVIATIONS;
      if (far && (one > middle * MIN_RATIO || one * MIN_RATIO < middle)) {
        mark(
            marks,
            line,
            (one > middle ? "slow: " : "quick: ")
                + seconds(one)
                + " a task, the others "
                + seconds(middle));
      }
    }
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String seconds(double seconds) {
    return String.format(java.util.Locale.ROOT, seconds < 10 ? "%.2f s" : "%.0f s", seconds);
  }
}
