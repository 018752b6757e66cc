package com.amazonaws.jobprocessor.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the known word that a misspelt one probably means. */
final class Nearest {
  /** A longer text is no misspelt key. */
  private static final int MAX_LENGTH = 80;

  /** So many letters in a row of a known key are enough: {@code region} means aws_region. */
  private static final int TELLING_PART = 5;

  private static final String DECORATION = "[\\s\\p{Z}\\p{Cf}\"'`{}$]";

  /** What stands before a key in a shell, in JSON and in YAML. */
  private static final Pattern BEFORE_A_KEY =
      Pattern.compile("^(?:-|" + DECORATION + ")*(?:(?:export|set|let)" + DECORATION + "+)?");

  private static final Pattern INSIDE_A_KEY = Pattern.compile(DECORATION + "+");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.-]+");

  private static final List<String> KEYS = Stream.of(Setting.values()).map(Setting::key).toList();

  private Nearest() {}

  /**
   * The known key that a text probably means, or null if none is near.
   *
   * @param text a key, or a pair in another notation: {@code export KEY}, {@code "key": value}
   */
  static @Nullable String to(String text) {
    String start = text.substring(0, Math.min(text.length(), MAX_LENGTH));
    String rest = BEFORE_A_KEY.matcher(start).replaceFirst("");
    Matcher token = TOKEN.matcher(rest);
    String key = token.lookingAt() ? token.group() : "";
    if (isExecutorKey(key)) {
      String meant = Setting.EXECUTOR_PREFIX + key.substring(key.indexOf('.') + 1);
      return Setting.of(meant) == null ? null : meant;
    }
    String nearest = of(INSIDE_A_KEY.matcher(rest).replaceAll(""), KEYS);
    return nearest == null ? of(key, KEYS) : nearest;
  }

  private static boolean isExecutorKey(String key) {
    String word = key.substring(0, key.indexOf('.') + 1).toLowerCase(Locale.ROOT);
    return !word.isEmpty() && isNear(word, Setting.EXECUTOR_PREFIX);
  }

  /** The word that is nearest to this one, whatever their cases, or null if none is near. */
  static @Nullable String of(String text, List<String> words) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    String word = text.toLowerCase(Locale.ROOT);
    String nearest = null;
    int shortest = Integer.MAX_VALUE;
    for (String known : words) {
      String candidate = known.toLowerCase(Locale.ROOT);
      int distance = distance(word, candidate);
      if (distance < shortest && isNear(word, candidate)) {
        nearest = known;
        shortest = distance;
      }
    }
    return nearest;
  }

  private static boolean isNear(String word, String known) {
    return distance(word, known) <= Math.max(word.length(), known.length()) / 4
        || (word.length() >= TELLING_PART && known.contains(word));
  }

  /** Levenshtein's distance: letters to insert, delete or change. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
