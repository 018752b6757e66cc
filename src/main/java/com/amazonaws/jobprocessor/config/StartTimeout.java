package com.amazonaws.jobprocessor.config;

import static com.amazonaws.jobprocessor.config.Setting.JOB_EXECUTOR;
import static com.amazonaws.jobprocessor.config.Setting.JOB_TIMEOUT_IN_SECS;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A process of {@code PersistentCommand} that hangs while it starts is the machine's trouble, but
 * only if it has the time to be found out before its job's time is up: else job after job fails.
 */
final class StartTimeout {
  private static final String KEY = Setting.EXECUTOR_PREFIX + "start_timeout_in_secs";
  private static final Pattern EXECUTOR =
      Pattern.compile("(?:com\\.amazonaws\\.jobprocessor\\.executors\\.)?PersistentCommand");

  /** The executor refuses whatever else is given. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,4}");

  private static final String DEFAULT = "60";

  private StartTimeout() {}

  /** Warns of a time limit that comes first. */
  static List<String> warnings(Values values) {
    Values.Given given = values.executorKeys().get(KEY);
    String start = given == null ? DEFAULT : given.value();
    if (!EXECUTOR.matcher(values.text(JOB_EXECUTOR)).matches()
        || !values.isGiven(JOB_TIMEOUT_IN_SECS)
        || !values.isAccepted(JOB_TIMEOUT_IN_SECS)
        || !SECONDS.matcher(start).matches()
        || values.number(JOB_TIMEOUT_IN_SECS) > Integer.parseInt(start)) {
      return List.of();
    }
    return List.of(
        ("job_timeout_in_secs: %s is not longer than %s (%s): a command that hangs when it starts"
                + " fails one job after the other as JobTimeout")
            .formatted(values.text(JOB_TIMEOUT_IN_SECS), KEY, start));
  }
}
