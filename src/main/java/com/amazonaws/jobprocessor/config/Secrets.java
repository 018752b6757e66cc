package com.amazonaws.jobprocessor.config;

import java.util.List;
import java.util.Locale;

/** Tells by its name whether a setting's value is a secret. */
public final class Secrets {
  /** What is shown instead of a secret. */
  public static final String MASK = "****";

  private static final List<String> MARKS = List.of("secret", "token", "password", "key");

  private Secrets() {}

  /**
   * True if the name, {@code executor.NAME} included, contains secret, token, password or key, in
   * any case.
   */
  public static boolean isSecretKey(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    return MARKS.stream().anyMatch(name::contains);
  }

  /** The value, or {@link #MASK} if the key says that it is a secret. */
  static String masked(String key, String value) {
    return isSecretKey(key) ? MASK : value;
  }
}
