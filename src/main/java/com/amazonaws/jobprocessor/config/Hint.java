package com.amazonaws.jobprocessor.config;

import java.util.regex.Pattern;

/** What to do about a refused value that has probably been copied from another place. */
final class Hint {
  static final String SEPARATORS = "pairs are separated by commas or newlines";

  /** Another separator, and behind it most likely another pair. */
  private static final Pattern OTHER_SEPARATOR =
      Pattern.compile("[;|&\uFF0C\uFF1B\u3001]|[\\s\\p{Z}\\p{Cf}].*[=:\uFF1D]", Pattern.DOTALL);

  private static final Pattern QUOTED = Pattern.compile("\".*\"|'.*'", Pattern.DOTALL);
  private static final Pattern ZONE = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d[a-z]");

  private Hint() {}

  /** To be put behind the complaint; empty if there is nothing to be said. */
  static String of(Setting setting, String value) {
    if (OTHER_SEPARATOR.matcher(value).find()) {
      return "; " + SEPARATORS;
    }
    if (QUOTED.matcher(value).matches()) {
      return "; leave out the quotes";
    }
    return switch (setting) {
      case AWS_REGION -> ZONE.matcher(value).matches() ? "; leave out the zone's letter" : "";
      case JOB_EXECUTOR -> "; such as org.example.Mine";
      default ->
          setting.key().endsWith("_name") && (value.startsWith("arn:") || value.contains("://"))
              ? "; give the name alone, not the URL or ARN"
              : "";
    };
  }
}
