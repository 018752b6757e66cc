package com.amazonaws.jobprocessor.boss.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * An answer as the index has it.
 *
 * @param at when it was given: not when it was stored, since a boss that was away stores the
 *     answers of hours in seconds
 */
record Given(Instant at, String worker, long millis) {
  /** Of so many answers one may have been given much earlier than the others. */
  private static final int LATE = 10;

  private record Row(Instant receivedAt, @Nullable Instant sqsAt, String worker, long millis) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(
          Rows.instant(row, "received_at"),
          Rows.instantOrNull(row, "sqs_at"),
          row.getString("worker"),
          row.getLong("duration_millis"));
    }

    Optional<Duration> delay() {
      return Optional.ofNullable(sqsAt).map(at -> Duration.between(at, receivedAt));
    }
  }

  /**
   * The answers that were given after a moment, of those that came in last.
   *
   * @param now what came in later was noted before the clock was set back
   */
  static List<Given> since(Handle handle, Instant moment, Instant now, int limit) {
    List<Row> rows =
        handle
            .createQuery(
                "select received_at, sqs_at, worker, duration_millis from result"
                    + " where received_at > :since and received_at <= :now"
                    + " order by received_at desc limit "
                    + limit)
            .bind("since", moment)
            .bind("now", now)
            .map((row, _) -> Row.of(row))
            .list();
    // The boss's clock is not that of SQS: what was stored soonest was stored at once.
    Duration skew =
        rows.stream()
            .flatMap(row -> row.delay().stream())
            .min(Duration::compareTo)
            .orElse(Duration.ZERO);
    return rows.stream()
        .map(
            row ->
                new Given(
                    row.sqsAt() == null ? row.receivedAt() : row.sqsAt().plus(skew),
                    row.worker(),
                    row.millis()))
        .filter(given -> given.at().isAfter(moment))
        .toList();
  }

  /**
   * Since when they were given at the pace of the newest nine tenths; null if there is none. The
   * others may have been long on their way: one of an hour ago would stretch the time of all the
   * rest, which may be of the last minute, to that hour.
   */
  static @Nullable Instant begin(List<Given> all, Instant now) {
    if (all.isEmpty()) {
      return null;
    }
    Instant first =
        all.stream().map(Given::at).sorted().skip(all.size() / LATE).findFirst().orElseThrow();
    long others = all.stream().filter(given -> !given.at().isBefore(first)).count();
    double each = (double) Duration.between(first, now).toMillis() / others;
    return now.minusMillis((long) (each * all.size()));
  }
}
