package com.amazonaws.jobprocessor.boss;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a database says with SQL, without the boss's code: its invariants, and how far it is. */
final class Outcome {
  private final String jdbcUrl;

  /** Of a database that may be away for a while. */
  Outcome(String jdbcUrl) {
    this.jdbcUrl = jdbcUrl;
  }

  /** A count; an instant is a parameter. */
  long count(String sql, Instant... parameters) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setTimestamp(i + 1, Timestamp.from(parameters[i]));
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** How many tasks have this state; -1 while the database does not say. */
  long inState(String state) {
    try {
      return count("select count(*) from task where state = '" + state + "'");
    } catch (SQLException e) {
      return -1;
    }
  }

  /** What is not as it must be once so many tasks have all succeeded, in a line each. */
  List<String> broken(int tasks) throws SQLException {
    List<String> broken = new ArrayList<>();
    expect(broken, tasks, "select count(*) from task");
    expect(broken, tasks, "select count(*) from task where state = 'succeeded'");
    expect(broken, tasks, "select count(*) from result");
    expect(
        broken,
        0,
        "select count(*) from (select task_id from result group by task_id"
            + " having count(*) > 1) as doubles");
    expect(
        broken,
        0,
        "select count(*) from result where not exists (select 1 from task"
            + " where task.id = result.task_id and task.ended_run = result.run)");
    // Whoever dies with SQS's answer on its way has sent what nobody has noted: then its run has no
    // time at all, whatever came of it. A note is whole, or it is not there.
    expect(
        broken,
        0,
        "select count(*) from run where (sent_at is null) <> (sends = 0)"
            + " or (sent_at is null) <> (begun_at is null)");
    expect(broken, 0, "select count(*) from stray");
    expect(broken, 0, "select count(*) from run where begun_at >= closes_at");
    expect(
        broken,
        0,
        "select count(*) from result r join payload p on p.task_id = r.task_id"
            + " where r.body <> reverse(p.body)");
    return broken;
  }

  private void expect(List<String> broken, long expected, String sql) throws SQLException {
    long found = count(sql);
    if (found != expected) {
      broken.add(sql + ": " + found + ", not " + expected);
    }
  }
}
