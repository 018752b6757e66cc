package com.amazonaws.jobprocessor.config;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the known setting that a misspelt one probably means. */
final class Nearest {
  /** A longer text is no misspelt key. */
  private static final int LONGEST = 80;

  /** So many letters in a row of a known key are enough: {@code region} means aws_region. */
  private static final int TELLING_PART = 5;

  private Nearest() {}

  /** The known key that is nearest to this unknown one, or null if none is near. */
  static @Nullable String to(String key) {
    if (key.length() > LONGEST) {
      return null;
    }
    String word = key.toLowerCase(Locale.ROOT);
    int dot = key.indexOf('.');
    if (dot > 0 && isNear(word.substring(0, dot + 1), Setting.EXECUTOR_PREFIX)) {
      return executorKey(key.substring(dot + 1));
    }
    String nearest = null;
    int shortest = Integer.MAX_VALUE;
    for (Setting setting : Setting.values()) {
      int distance = distance(word, setting.key());
      if (distance < shortest && isNear(word, setting.key())) {
        nearest = setting.key();
        shortest = distance;
      }
    }
    return nearest;
  }

  private static @Nullable String executorKey(String name) {
    String key = Setting.EXECUTOR_PREFIX + name;
    return Setting.of(key) == null ? null : key;
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
