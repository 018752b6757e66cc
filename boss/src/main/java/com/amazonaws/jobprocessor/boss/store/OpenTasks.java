package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Which tasks are open: something will still happen to them by itself. */
final class OpenTasks {
  /** To stand in a condition on the table of tasks. */
  static final String SQL = "state in ('waiting', 'sending', 'dispatched')";

  private static final String UNSENT = "state in ('waiting', 'sending')";

  private OpenTasks() {}

  static long count(Handle handle) {
    return count(handle, SQL);
  }

  /** Those that no worker was given. */
  static long unsent(Handle handle) {
    return count(handle, UNSENT);
  }

  /** Those of them that were made until then. */
  static long unsent(Handle handle, Instant until) {
    return handle
        .createQuery("select count(*) from task where " + UNSENT + " and created_at <= :until")
        .bind("until", until)
        .mapTo(Long.class)
        .one();
  }

  private static long count(Handle handle, String condition) {
    return handle
        .createQuery("select count(*) from task where " + condition)
        .mapTo(Long.class)
        .one();
  }

  /** Asks three indexes, whatever number there are. */
  static boolean any(Handle handle) {
    for (String state : new String[] {"dispatched", "waiting", "sending"}) {
      boolean found =
          handle
              .createQuery("select 1 from task where state = :state limit 1")
              .bind("state", state)
              .mapTo(Integer.class)
              .findOne()
              .isPresent();
      if (found) {
        return true;
      }
    }
    return false;
  }

  /** True if SQS or a worker may have some. */
  static boolean anyOut(Handle handle) {
    return handle
        .createQuery("select 1 from task where state in ('dispatched', 'sending') limit 1")
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
