package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;

/** Sets what the dispatch goes by, and logs who did. */
public final class Control {
  /** The most tasks a minute that can be set as a limit. */
  public static final int MAX_PER_MINUTE = 1_000_000;

  /** The most minutes of work that can be set to be ahead: half a day. */
  public static final int MAX_AHEAD_MINUTES = 720;

  private final Database database;
  private final Actions actions;

  /** Sets what is in a database. */
  public Control(Database database, Actions actions) {
    this.database = database;
    this.actions = actions;
  }

  /** Stops the dispatch until it is started again, or starts it. */
  public void pause(String who, boolean paused) {
    database.inTransaction(
        handle -> {
          if (Settings.setPaused(handle, paused)) {
            Settings.setLetGo(handle, actions.now());
          }
          actions.log(handle, who, paused ? "dispatch.pause" : "dispatch.start", "");
          return null;
        });
  }

  /**
   * Bounds the dispatch.
   *
   * @param perMinute 0 for no limit, to {@link #MAX_PER_MINUTE}
   * @param aheadMinutes 1 to {@link #MAX_AHEAD_MINUTES}
   */
  public void setPace(String who, int perMinute, int aheadMinutes) {
    database.inTransaction(
        handle -> {
          if (Settings.setPace(handle, perMinute, aheadMinutes)) {
            Settings.setLetGo(handle, actions.now());
          }
          actions.log(
              handle,
              who,
              "dispatch.pace",
              perMinute + " a minute, " + aheadMinutes + " min ahead");
          return null;
        });
  }

  /** Sets the processing hours. */
  public void setHours(String who, ProcessingHours hours) {
    database.inTransaction(
        handle -> {
          Settings.setHours(handle, hours);
          actions.log(handle, who, "hours.set", hours.zone() + " " + hours.windows());
          return null;
        });
  }
}
