package com.amazonaws.jobprocessor.config;

import static com.amazonaws.jobprocessor.config.Setting.CONCURRENCY;
import static com.amazonaws.jobprocessor.config.Setting.EXECUTOR_NAME;
import static com.amazonaws.jobprocessor.config.Setting.EXPECTED_JOB_EXECUTION_TIME_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.POLL_RATE_PER_MIN;
import static com.amazonaws.jobprocessor.config.Setting.POLL_WAIT_TIME_IN_SECS;

import com.amazonaws.jobprocessor.config.Values.Given;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Makes the rows of {@code --check}. */
final class EffectiveSettings {
  /** Divides calls a minute into jobs a second: a receive brings at most ten jobs (SQS quota). */
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
      values.executorKeys().forEach((key, given) -> rows.add(row(key, given, "")));
    }
    return List.copyOf(rows);
  }

  private static EffectiveSetting row(Setting setting, Values values) {
    String value = values.find(setting);
    if (value == null) {
      // In words, so there is nothing to mask.
      return new EffectiveSetting(setting.key(), setting.defaultText(), "default", "");
    }
    boolean accepted = values.isAccepted(setting);
    Given given = new Given(value, values.origin(setting), accepted);
    if (setting == POLL_WAIT_TIME_IN_SECS && isCut(values)) {
      String cut = Integer.toString(values.waitTimeInSecs());
      return new EffectiveSetting(
          setting.key(), cut, given.origin(), "cut from " + value + " to half the first lease");
    }
    return row(setting.key(), given, accepted ? note(setting, values) : "");
  }

  private static EffectiveSetting row(String key, Given given, String note) {
    // A value that is refused may be anything, a secret behind another separator included.
    String shown = given.accepted() ? Printable.line(given.value()) : "(refused)";
    return new EffectiveSetting(key, Secrets.masked(key, shown), given.origin(), note);
  }

  private static boolean isCut(Values values) {
    return values.isAccepted(POLL_WAIT_TIME_IN_SECS)
        && values.isAccepted(EXPECTED_JOB_EXECUTION_TIME_IN_SECS)
        && values.waitTimeInSecs() < values.number(POLL_WAIT_TIME_IN_SECS);
  }

  private static String note(Setting setting, Values values) {
    if (setting == POLL_RATE_PER_MIN) {
      return "at most " + jobsPerSecond(values) + " jobs/s, at ten jobs a receive; more in packs";
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
