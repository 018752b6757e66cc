package com.amazonaws.jobprocessor.plugin;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was thrown, in words that fit a line and hold no secret of the settings. */
final class ExecutorErrorText {
  private static final int MAX_LENGTH = 300;
  private static final String MASK = "****";
  private static final List<String> SECRET_WORDS = List.of("secret", "token", "password", "key");

  private static final Pattern PARTS = Pattern.compile("[^A-Za-z0-9+/_.-]+");
  private static final int MIN_PART_LENGTH = 4;

  private ExecutorErrorText() {}

  /** Class and message. */
  static String of(@Nullable Throwable t) {
    return of(t, Map.of());
  }

  /** Class and message, the values of secret settings masked. */
  static String of(@Nullable Throwable t, Map<String, String> settings) {
    return t == null
        ? "for an unknown reason"
        : t.getClass().getName() + ": " + messageOf(t, settings);
  }

  /** The message alone, the values of secret settings masked. */
  static String messageOf(Throwable t, Map<String, String> settings) {
    String message;
    try {
      message = t.getMessage();
    } catch (Throwable e) { // it is the executor's code, too
      return "(its getMessage() failed)";
    }
    return message == null ? "(no message)" : cut(line(masked(message, settings)));
  }

  /** The text on one line: what is invisible or ends a line becomes a blank. */
  static String line(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
  }

  private static String cut(String line) {
    return line.codePointCount(0, line.length()) <= MAX_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_LENGTH)) + "...";
  }

  /** Longest first: a secret that begins with another one must not leave its rest behind. */
  private static String masked(String message, Map<String, String> settings) {
    List<String> secrets =
        settings.entrySet().stream()
            .flatMap(ExecutorErrorText::secrets)
            .filter(value -> !value.isEmpty())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    String clean = message;
    for (String secret : secrets) {
      clean = clean.replace(secret, MASK);
    }
    return clean;
  }

  /** The value of a secret; of an open setting whose value mentions one, also each part of it. */
  private static Stream<String> secrets(Map.Entry<String, String> setting) {
    String value = setting.getValue();
    if (isSecret(setting.getKey())) {
      return Stream.of(value);
    }
    return isSecret(value)
        ? Stream.concat(
            Stream.of(value),
            PARTS.splitAsStream(value).filter(part -> part.length() >= MIN_PART_LENGTH))
        : Stream.of();
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET_WORDS.stream().anyMatch(lower::contains);
  }
}
