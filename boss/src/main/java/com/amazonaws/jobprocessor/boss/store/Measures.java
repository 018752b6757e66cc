package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the newest answers say about the workers. */
public final class Measures {
  private static final int MAX_ROWS = 5_000;

  private final Database database;

  /** Measures of a database. */
  public Measures(Database database) {
    this.database = database;
  }

  /**
   * What was measured.
   *
   * @param count of answers, at most five thousand
   * @param since when they began to be given; null if there is none
   * @param workers that have sent them
   * @param meanSeconds of run time
   */
  public record Measure(int count, @Nullable Instant since, int workers, double meanSeconds) {}

  /** Of the last answers that were given after a moment, and came in not after another. */
  public Measure between(Instant moment, Instant now) {
    List<Given> given = database.read(handle -> Given.since(handle, moment, now, MAX_ROWS));
    return new Measure(
        given.size(),
        Given.begin(given, now),
        (int) given.stream().map(Given::worker).distinct().count(),
        given.stream().mapToLong(Given::millis).average().orElse(0) / 1000);
  }
}
