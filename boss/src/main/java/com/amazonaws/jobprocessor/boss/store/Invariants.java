package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.StatementException;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of the database whatever has died, each said as a query that anybody can run: it
 * counts what breaks it. Checked when somebody asks, at most once a minute.
 */
public final class Invariants {
  /** A query that takes longer is given up, and its invariant is not known then. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Duration MAX_AGE = Duration.ofSeconds(60);

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "every task has ended or is open",
              "Tasks are those that have ended and those that are open; no other state is known.",
              """
              select count(*) - sum(case when state in ('succeeded', 'failed', 'cancelled')
                then 1 else 0 end) - sum(case when state in ('waiting', 'sending', 'dispatched',
                'unanswered') then 1 else 0 end) from task"""),
          new Rule(
              "every task that has succeeded has its result",
              "The result of the run that ended it is stored.",
              """
              select count(*) from task t where t.state = 'succeeded' and not exists
                (select 1 from result r where r.task_id = t.id and r.run = t.ended_run
                and r.succeeded)"""),
          new Rule(
              "no run has two results",
              "Whatever SQS delivered twice is stored once; copies are counted only.",
              """
              select count(*) from (select task_id, run from result
                group by task_id, run having count(*) > 1) double"""),
          new Rule(
              "no task has succeeded twice",
              "A task of which two runs have succeeded was run again by a person, or because no"
                  + " answer came in time.",
              """
              select count(*) from (select r.task_id from task t join result r on r.task_id = t.id
                where t.run > 1 and r.succeeded group by r.task_id having count(*) > 1) twice"""),
          new Rule(
              "no result is without its task",
              "What belongs to no task is among the strays.",
              """
              select count(*) from result r where not exists
                (select 1 from task t where t.id = r.task_id)"""),
          new Rule(
              "nothing was sent outside the hours",
              "Each send has noted when it began and when the hours that held then were over.",
              "select count(*) from run where begun_at >= closes_at"),
          new Rule(
              "every passport ends with the state of its task",
              "Of the 10,000 tasks that were made last; one without a passport counts as well.",
              """
              select count(*) from task t where t.id > (select max(id) - 10000 from task)
                and t.state is distinct from (select c.state from task_change c where c.id =
                (select max(d.id) from task_change d where d.task_id = t.id))"""));

  private final Database database;
  private final InstantSource clock;
  private @Nullable Report last;

  /** The invariants of a database. */
  public Invariants(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Something that must hold.
   *
   * @param sql a query whose one number is how often it does not
   */
  public record Rule(String name, String explanation, String sql) {}

  /**
   * What came of a check.
   *
   * @param violations null if it is not known, since the query took too long or failed
   * @param seconds that the query took
   */
  public record Check(Rule rule, @Nullable Long violations, double seconds) {
    /** True if it is known to hold. */
    public boolean holds() {
      return violations != null && violations == 0;
    }
  }

  /**
   * All checks.
   *
   * @param at when they began
   * @param ended tasks
   * @param open tasks
   */
  public record Report(Instant at, long tasks, long ended, long open, List<Check> checks) {
    /** True if all are known to hold. */
    public boolean hold() {
      return checks.stream().allMatch(Check::holds);
    }
  }

  /** The checks, at most a minute old. */
  public synchronized Report report() {
    Instant now = clock.instant();
    Report known = last;
    if (known == null || known.at().isAfter(now) || known.at().plus(MAX_AGE).isBefore(now)) {
      known = check(now);
      last = known;
    }
    return known;
  }

  private Report check(Instant now) {
    List<Check> checks = new ArrayList<>();
    RULES.forEach(rule -> checks.add(check(rule)));
    long[] counts =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "select count(*), coalesce(sum(case when state in"
                            + " ('succeeded', 'failed', 'cancelled') then 1 else 0 end), 0)"
                            + " from task")
                    .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
                    .one());
    return new Report(now, counts[0], counts[1], counts[0] - counts[1], List.copyOf(checks));
  }

  private Check check(Rule rule) {
    long start = System.nanoTime();
    Long violations;
    try {
      violations =
          database.read(
              handle ->
                  handle
                      .createQuery("select coalesce((" + rule.sql() + "), 0)")
                      .setQueryTimeout((int) LIMIT.toSeconds())
                      .mapTo(Long.class)
                      .one());
    } catch (StatementException e) {
      violations = null;
    }
    return new Check(rule, violations, (System.nanoTime() - start) / 1e9);
  }
}
