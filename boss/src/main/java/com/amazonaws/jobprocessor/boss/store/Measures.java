package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
   * @param oldest when the first of them came in; null if there is none
   * @param workers that have sent them
   * @param meanSeconds of run time
   */
  public record Measure(int count, @Nullable Instant oldest, int workers, double meanSeconds) {}

  private record Row(Instant at, String worker, long millis) {}

  /** Of the last answers that came in after a moment, and not after another. */
  public Measure between(Instant moment, Instant now) {
    List<Row> rows =
        new ArrayList<>(
            database.read(
                handle ->
                    handle
                        .createQuery(
                            "select received_at, worker, duration_millis from result"
                                + " where received_at > :since and received_at <= :now"
                                + " order by received_at desc limit "
                                + MAX_ROWS)
                        .bind("since", moment)
                        .bind("now", now)
                        .map(
                            (row, _) ->
                                new Row(
                                    Rows.instant(row, "received_at"),
                                    row.getString("worker"),
                                    row.getLong("duration_millis")))
                        .list()));
    if (rows.isEmpty()) {
      return new Measure(0, null, 0, 0);
    }
    Set<String> workers = new HashSet<>();
    double millis = 0;
    for (Row row : rows) {
      workers.add(row.worker());
      millis += row.millis();
    }
    return new Measure(
        rows.size(), rows.getLast().at(), workers.size(), millis / rows.size() / 1000);
  }
}
