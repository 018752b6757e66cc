package com.amazonaws.jobprocessor.config;

import java.util.Collection;
import java.util.List;

/** Replaces known secrets in a text that is about to be logged. */
public final class Redactor {
  /** Shorter values would tear holes into harmless words. */
  private static final int MIN_LENGTH = 4;

  private final List<String> secrets;

  /**
   * A redactor of these values; those shorter than 4 characters are ignored.
   *
   * @param secrets the values, in any order
   */
  public Redactor(Collection<String> secrets) {
    // Longest first: a secret that begins with another one must not leave the rest of the longer
    // one behind.
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= MIN_LENGTH)
            .distinct()
            .sorted((a, b) -> Integer.compare(b.length(), a.length()))
            .toList();
  }

  /** The text with {@code ****} for each secret. */
  public String redact(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, Secrets.MASK);
    }
    return clean;
  }
}
