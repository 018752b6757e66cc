package com.amazonaws.jobprocessor.boss.store;

import java.time.InstantSource;

/** The tasks as people look at them: lists, passports, reports, failures, checks. */
public record Views(
    TaskList list, Passport passports, WorkReports work, Failures failures, Invariants invariants) {
  /** The views of a database. */
  public static Views of(Database database, Settings settings, InstantSource clock) {
    return new Views(
        new TaskList(database),
        new Passport(database),
        new WorkReports(database, settings, clock),
        new Failures(database, clock),
        new Invariants(database, clock));
  }
}
