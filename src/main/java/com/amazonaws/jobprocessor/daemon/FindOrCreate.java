package com.amazonaws.jobprocessor.daemon;

import java.util.Optional;

/**
 * Finds at start what a setting names in AWS, however long an answer takes, and makes what is
 * missing if it may be made.
 *
 * @param mayCreate as {@code create_queues} has it
 */
record FindOrCreate(StartupRetry retry, boolean mayCreate, String region) {
  /**
   * What a setting names.
   *
   * @param key the setting, e.g. {@code results_queue_name}
   * @param kind what it names, e.g. {@code queue}
   */
  record Named(String key, String kind, String name) {
    /** The reason for which a worker without it cannot start. */
    String missingIn(String region) {
      return "%s: there is no %s \"%s\" in %s, and create_queues=false; create it, or correct the name"
          .formatted(key, kind, name, region);
    }
  }

  /** A call of AWS by the name that the log shows. */
  record Action<T>(String name, StartupRetry.Call<T> call) {}

  /**
   * Finds it or makes it.
   *
   * @throws StartRefused if it is missing and may not be made
   */
  <T> T run(Named named, Action<Optional<T>> find, Action<T> create)
      throws StartRefused, InterruptedException {
    if (mayCreate) {
      return retry.untilFound(named.name(), find, create);
    }
    return retry
        .untilAnswered(find.name(), named.name(), find.call())
        .orElseThrow(() -> StartRefused.badSettings(named.missingIn(region)));
  }
}
