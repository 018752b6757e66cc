package com.amazonaws.jobprocessor.config;

import static com.amazonaws.jobprocessor.config.Setting.CONCURRENCY;
import static com.amazonaws.jobprocessor.config.Setting.EXECUTOR_NAME;
import static com.amazonaws.jobprocessor.config.Setting.EXPECTED_JOB_EXECUTION_TIME_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.POLL_RATE_PER_MIN;
import static com.amazonaws.jobprocessor.config.Setting.POLL_WAIT_TIME_IN_SECS;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Draws the rows of {@code --check}. */
final class EffectiveSettings {
  /** Jobs a receive brings at most (SQS quota), and seconds of a minute. */
  private static final BigDecimal TEN_SECONDS_OF_A_MINUTE = BigDecimal.valueOf(60 / 10);

  private EffectiveSettings() {}

  /** A row for each known key in the table's order, and for each of the executor's own. */
  static List<EffectiveSetting> rows(Values values) {
    List<EffectiveSetting> rows = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      if (setting != EXECUTOR_NAME) {
        rows.add(row(setting, values));
        continue;
      }
      values
          .executorKeys()
          .forEach((key, given) -> rows.add(row(key, given.value(), given.origin(), "")));
    }
    return List.copyOf(rows);
  }

  private static EffectiveSetting row(Setting setting, Values values) {
    String value = values.find(setting);
    if (!setting.isAvailable()) {
      return new EffectiveSetting(setting.key(), "none", "default", Setting.NOT_AVAILABLE);
    }
    if (value == null) {
      // In words, so nothing to mask.
      return new EffectiveSetting(setting.key(), setting.defaultText(), "default", "");
    }
    if (setting == POLL_WAIT_TIME_IN_SECS && isCut(values)) {
      return row(
          setting.key(),
          Integer.toString(values.waitTimeInSecs()),
          values.origin(setting),
          "cut from " + value + " to half the first lease");
    }
    return row(setting.key(), value, values.origin(setting), note(setting, values));
  }

  private static EffectiveSetting row(String key, String value, String origin, String note) {
    return new EffectiveSetting(key, Secrets.masked(key, Printable.line(value)), origin, note);
  }

  private static boolean isCut(Values values) {
    return values.isAccepted(POLL_WAIT_TIME_IN_SECS)
        && values.isAccepted(EXPECTED_JOB_EXECUTION_TIME_IN_SECS)
        && values.waitTimeInSecs() < values.number(POLL_WAIT_TIME_IN_SECS);
  }

  private static String note(Setting setting, Values values) {
    if (setting == POLL_RATE_PER_MIN && values.isAccepted(setting)) {
      return "at ten jobs a receive a ceiling of " + jobsPerSecond(values) + " jobs/s";
    }
    return setting == CONCURRENCY && !values.isGiven(setting) ? setting.defaultText() : "";
  }

  private static String jobsPerSecond(Values values) {
    return BigDecimal.valueOf(values.number(POLL_RATE_PER_MIN))
        .divide(TEN_SECONDS_OF_A_MINUTE, 2, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
