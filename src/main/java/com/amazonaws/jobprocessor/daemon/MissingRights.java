package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.fleet.Said;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.stats.Snapshot;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Has the rights that are missing among the problems, until a call that needs them works. */
final class MissingRights implements Said.Rights {
  private final Problems problems;
  private final InstantSource wallClock;

  MissingRights(Problems problems, InstantSource wallClock) {
    this.problems = problems;
    this.wallClock = wallClock;
  }

  @Override
  public void missing(String right, String consequence) {
    String when = wallClock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    problems.set(
        source(right),
        List.of(
            new Snapshot.Problem(
                "a right is missing: " + consequence, "right=" + right + " denied_at=" + when)));
  }

  @Override
  public void granted(String right) {
    problems.set(source(right), List.of());
  }

  private static String source(String right) {
    return "right " + right;
  }
}
