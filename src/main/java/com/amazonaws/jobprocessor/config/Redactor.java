package com.amazonaws.jobprocessor.config;

import java.util.Collection;
import java.util.List;

/** Replaces known secrets in a text that is about to be logged. */
public final class Redactor {
  /** Shorter values would tear holes into harmless words. */
  private static final int MIN_LENGTH = 4;

  /** Shorter parts of a value may well be harmless words. */
  private static final int MIN_PART = 8;

  private final List<Secret> secrets;

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
            .map(Secret::new)
            .toList();
  }

  /**
   * The text with {@code ****} for each secret, and for what is left of one if the text was cut
   * inside it: its beginning or its end, if that is half of it and 8 characters long.
   */
  public String redact(String text) {
    String clean = text;
    for (Secret secret : secrets) {
      clean = secret.withoutParts(clean.replace(secret.value, Secrets.MASK));
    }
    return clean;
  }

  private static final class Secret {
    private final String value;

    /** How much of it is a part that nobody may see. */
    private final int part;

    Secret(String value) {
      this.value = value;
      this.part = Math.max(MIN_PART, (value.length() + 1) / 2);
    }

    String withoutParts(String text) {
      if (part >= value.length()) {
        return text;
      }
      String clean = text;
      String head = value.substring(0, part);
      for (int at = clean.indexOf(head); at >= 0; at = clean.indexOf(head, at)) {
        int end = at + part;
        while (end < clean.length()
            && end - at < value.length()
            && clean.charAt(end) == value.charAt(end - at)) {
          end++;
        }
        clean = masked(clean, at, end);
        at += Secrets.MASK.length();
      }
      String tail = value.substring(value.length() - part);
      for (int at = clean.indexOf(tail); at >= 0; at = clean.indexOf(tail, at)) {
        int begin = at;
        int before = value.length() - part - 1;
        while (begin > 0 && before >= 0 && clean.charAt(begin - 1) == value.charAt(before)) {
          begin--;
          before--;
        }
        clean = masked(clean, begin, at + part);
        at = begin + Secrets.MASK.length();
      }
      return clean;
    }

    private static String masked(String text, int begin, int end) {
      return text.substring(0, begin) + Secrets.MASK + text.substring(end);
    }
  }
}
