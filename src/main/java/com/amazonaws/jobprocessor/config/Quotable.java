package com.amazonaws.jobprocessor.config;

import com.amazonaws.jobprocessor.config.Entry.Pair;
import com.amazonaws.jobprocessor.config.Entry.Stray;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a source may be quoted in a message: only what can neither be a secret nor hide
 * one in another encoding. What is in doubt is named by its place.
 */
final class Quotable {
  private static final int MAX_WORD_LENGTH = 30;
  private static final int MAX_KEY_LENGTH = 60;

  /** More characters that are no words may hide part of a secret: 11 of base64 hold eight. */
  private static final int MAX_RANDOM_CHARACTERS = 10;

  /** More numbers than an IP address has may be character codes. */
  private static final int MAX_NUMBERS = 4;

  private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

  /** As people write keys: {@code max_threads}, {@code MAX_THREADS}, {@code maxThreads2}. */
  private static final Pattern KEY_WORD =
      Pattern.compile(
          "[a-z]{1,14}[0-9]{0,2}|[A-Z]{1,14}[0-9]{0,2}|[0-9]{1,2}"
              + "|(?=.{1,24}$)[A-Za-z]?[a-z]+([A-Z][a-z]+){0,3}[0-9]{0,2}");

  /** The words of a value: digits, a word, or a name such as that of a class. */
  private static final Pattern PLAIN_WORD =
      Pattern.compile("[0-9]+|[a-z]+[0-9]{0,4}|[A-Z]+[0-9]{0,4}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z]?[a-z]+([A-Z][a-z]+)*[0-9]{0,4}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]+");
  private static final Pattern ESCAPES = Pattern.compile("%[0-9A-Fa-f]{2}|\\\\[ux0-9]|&#");

  /** A pair inside a value, in whatever writing. */
  private static final Pattern PAIR_INSIDE = Pattern.compile("[=\uFF1D]|%3[Dd]");

  /** The end of a value in a text that mentions secrets: behind it may be another pair. */
  private static final Pattern NOT_OF_A_NAME = Pattern.compile("[^A-Za-z0-9_.$/:+-]");

  private final boolean mentionsSecrets;
  private final boolean readable;

  /**
   * What may be quoted of this source.
   *
   * @param text the whole source, from which little is quoted if it mentions a secret
   * @param entries those found in it
   */
  Quotable(String text, List<Entry> entries) {
    mentionsSecrets = Secrets.mentions(text);
    readable = entries.stream().allMatch(Quotable::isReadable);
  }

  private static boolean isReadable(Entry entry) {
    // Not a switch: for one on types the JVM writes a class, and at every start anew.
    if (entry instanceof Stray stray) {
      return isWords(stray.text().startsWith("=") ? stray.text().substring(1) : stray.text());
    }
    String key = ((Pair) entry).key();
    return Setting.of(key) != null || isKey(key);
  }

  private static boolean isWords(String text) {
    return text.length() <= MAX_KEY_LENGTH && Stream.of(text.split(" +")).allMatch(Quotable::isKey);
  }

  private static boolean isKey(String text) {
    return text.length() <= MAX_KEY_LENGTH
        && KEY.matcher(text).matches()
        && Stream.of(text.split("[_.-]+")).allMatch(word -> KEY_WORD.matcher(word).matches());
  }

  /** True if an unknown key may be shown. */
  boolean mayShowKey(String key, boolean isNearKnown) {
    return isKey(key) && (readable || isNearKnown);
  }

  /** The first word of a text that is no pair, in quotes; null if it may not be shown. */
  @Nullable String stray(String text) {
    return mentionsSecrets || !readable
        ? null
        : '"' + Printable.cut(text.split(" ", 2)[0], MAX_WORD_LENGTH) + '"';
  }

  /** An open setting's value that is refused, in quotes, or {@code the value}. */
  String value(String value) {
    if (Secrets.mentions(value) || !Secrets.in(value).isEmpty() || isObscure(value)) {
      return "the value";
    }
    String shown = upTo(PAIR_INSIDE, value);
    return Printable.quote(mentionsSecrets ? upTo(NOT_OF_A_NAME, shown) : shown);
  }

  private static String upTo(Pattern end, String text) {
    Matcher found = end.matcher(text);
    return found.find() ? text.substring(0, found.start()) + "..." : text;
  }

  private static boolean isObscure(String value) {
    if (ESCAPES.matcher(value).find() || value.chars().anyMatch(c -> c > 0x24F && isLetter(c))) {
      return true;
    }
    int numbers = 0;
    int random = 0;
    Matcher token = TOKEN.matcher(value);
    while (token.find()) {
      String word = token.group();
      numbers += Character.isDigit(word.charAt(0)) ? 1 : 0;
      random += isValueWord(word) ? 0 : word.length();
    }
    return random > MAX_RANDOM_CHARACTERS || numbers > MAX_NUMBERS;
  }

  private static boolean isValueWord(String word) {
    // The second pattern would overflow the stack on a long text.
    return PLAIN_WORD.matcher(word).matches()
        || (word.length() <= MAX_KEY_LENGTH && NAME.matcher(word).matches());
  }

  private static boolean isLetter(int c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate((char) c);
  }
}
