package com.amazonaws.jobprocessor.plugin;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was thrown, in words that fit a line and hold no secret of the settings. */
final class Described {
  private static final int LONGEST = 300;

  private Described() {}

  static String of(@Nullable Throwable t) {
    return of(t, Map.of());
  }

  static String of(@Nullable Throwable t, Map<String, String> settings) {
    return t == null
        ? "for an unknown reason"
        : t.getClass().getName() + ": " + messageOf(t, settings);
  }

  static String messageOf(Throwable t, Map<String, String> settings) {
    String message;
    try {
      message = String.valueOf(t.getMessage());
    } catch (Throwable e) {
      message = "(its getMessage() failed)";
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      if (isSecret(setting.getKey())) {
        message = message.replace(setting.getValue(), "****");
      }
    }
    String line = message.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("secret")
        || lower.contains("token")
        || lower.contains("password")
        || lower.contains("key");
  }
}
