package com.amazonaws.jobprocessor.config;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what is a secret: a value by its key's name, and free text by what it mentions. */
public final class Secrets {
  /** What is shown instead of a secret. */
  public static final String MASK = "****";

  private static final List<String> MARKS = List.of("secret", "token", "password", "key");

  /** Other names that people give to secrets; enough to keep a text to ourselves. */
  private static final List<String> OTHER_MARKS =
      List.of("passw", "passphrase", "pwd", "credential", "auth", "bearer", "private", "akia");

  private static final Pattern PERCENT = Pattern.compile("%([0-7][0-9A-Fa-f])");

  private Secrets() {}

  /**
   * True if the name, {@code executor.NAME} included, contains secret, token, password or key, in
   * any case.
   */
  public static boolean isSecretKey(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    return MARKS.stream().anyMatch(name::contains);
  }

  /** True if a secret's key, or another word that goes with secrets, stands anywhere in a text. */
  static boolean mentions(String text) {
    String plain = plain(text).toLowerCase(Locale.ROOT);
    return MARKS.stream().anyMatch(plain::contains)
        || OTHER_MARKS.stream().anyMatch(plain::contains);
  }

  /**
   * The secrets that an open setting's value holds, as in {@code http://x/?token=y}, and the value
   * as a whole, since a secret may go on behind what looks like its end; empty if it holds none.
   */
  static List<String> in(String value) {
    String plain = plain(value);
    List<String> found = new ArrayList<>();
    boolean mentions = mentions(value); // seldom; else the patterns need not be made
    if (mentions) {
      found.addAll(GivenSecrets.in(plain));
    }
    if (mentions || plain.indexOf(':') >= 0 || plain.contains("ASIA")) {
      found.addAll(SecretForms.in(plain));
    }
    if (!found.isEmpty()) {
      found.add(value);
    }
    return found;
  }

  /** The value, or {@link #MASK} if it is a secret by its key, or holds one. */
  static String masked(String key, String value) {
    return isSecretKey(key) || !in(value).isEmpty() ? MASK : value;
  }

  /** Full-width and URL-encoded letters made plain, and what is invisible left out. */
  private static String plain(String text) {
    String decoded =
        text.indexOf('%') < 0
            ? text
            : PERCENT
                .matcher(text)
                .replaceAll(
                    code ->
                        Matcher.quoteReplacement(
                            Character.toString(Integer.parseInt(code.group(1), 16))));
    // Nearly every text is ASCII: the tables of Unicode are not loaded for it.
    return decoded.chars().allMatch(c -> c < 0x80)
        ? decoded
        : Normalizer.normalize(decoded, Normalizer.Form.NFKC).replaceAll("[\\p{Cf}\\p{Mn}]", "");
  }
}
