package com.amazonaws.jobprocessor.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table: a line for each ordeal, the sums of all rounds, with and without the job table. */
final class Report {
  private static final class Sum {
    int jobs;
    int runs;
    int lost;
    int again;
    int different;
    int copies;

    void add(Register.Verdict verdict) {
      jobs += verdict.jobs();
      runs += verdict.runs();
      lost += verdict.lost().size();
      again += verdict.runAgain().size();
      different += verdict.different().size();
      copies += verdict.copies();
    }
  }

  private static final class Notices {
    int count;
    int burned;
    long least = Long.MAX_VALUE;

    void add(List<Long> secondsToSpare, int more) {
      count += secondsToSpare.size();
      burned += more;
      least = Math.min(least, secondsToSpare.stream().min(Long::compare).orElse(least));
    }

    String line(String tables) {
      String spare = least == Long.MAX_VALUE ? "" : ", at least %d s to spare".formatted(least);
      return count == 0
          ? ""
          : "notices %s the job table: %d, %d attempts burned%s%n"
              .formatted(tables, count, burned, spare);
    }
  }

  private final Notices noticesWithout = new Notices();
  private final Notices noticesWith = new Notices();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Sum> without = new TreeMap<>();
  private final Map<String, Sum> with = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();

  synchronized void add(String name, boolean table, Register.Verdict verdict) {
    if (!names.contains(name)) {
      names.add(name);
    }
    (table ? with : without).computeIfAbsent(name, _ -> new Sum()).add(verdict);
  }

  /**
   * Workers were drained for notices.
   *
   * @param secondsToSpare of each
   * @param burned attempts that jobs had beyond those that they needed
   */
  synchronized void noticed(boolean table, List<Long> secondsToSpare, int burned) {
    (table ? noticesWith : noticesWithout).add(secondsToSpare, burned);
  }

  /** A promise was broken; the text says which, where, and under which seed. */
  synchronized void broken(String what) {
    broken.add(what);
  }

  synchronized boolean isClean() {
    return broken.isEmpty();
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        |                                        | without the job table                       | with the job table                          |
        | fault                                  |  jobs  runs  lost  again  different  copies |  jobs  runs  lost  again  different  copies |
        | -------------------------------------- | ------------------------------------------: | ------------------------------------------: |
        """);
    for (String name : names) {
      text.append(
          "| %-38s | %43s | %43s |%n"
              .formatted(name, cells(without.get(name)), cells(with.get(name))));
    }
    text.append(noticesWithout.line("without")).append(noticesWith.line("with"));
    broken.forEach(what -> text.append("BROKEN: ").append(what).append('\n'));
    return text.toString();
  }

  private static String cells(@org.jspecify.annotations.Nullable Sum sum) {
    return sum == null
        ? "-"
        : "%5d %5d %5d %6d %10d %7d"
            .formatted(sum.jobs, sum.runs, sum.lost, sum.again, sum.different, sum.copies);
  }
}
