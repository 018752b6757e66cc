package com.amazonaws.jobprocessor.config;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises a text that is encoded as a whole, so that nothing of it is read or shown. */
final class Encoding {
  /** Shorter texts may as well be words. */
  private static final int MIN_LENGTH = 16;

  /**
   * The first characters of gzip, bzip2, xz, Zstandard and ZIP, read as UTF-8, in which U+FFFD
   * stands for bytes that are none.
   */
  private static final List<String> COMPRESSED =
      List.of("\u001f", "BZh9", "\uFFFD7zXZ", "(\uFFFD/\uFFFD", "PK\u0003\u0004");

  private static final Pattern BLANKS_AND_QUOTES = Pattern.compile("[\\s\\p{Z}\\p{Cf}\"']+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
  private static final Pattern HEX = Pattern.compile("(0x)?[0-9A-Fa-f]+");
  private static final Pattern JSON = Pattern.compile("\\s*[{\\[]\\s*[\"{\\[].*", Pattern.DOTALL);

  private static final Pattern URL_ENCODED = Pattern.compile("%3[Dd]");

  private Encoding() {}

  /** What is wrong with the text as a whole and what to do; null if it may be read. */
  static @Nullable String complaint(String text) {
    if (isCompressed(text)) {
      return "is compressed (gzip or the like); give it plain";
    }
    if (isUtf16(text)) {
      return "is UTF-16 or UTF-32, not UTF-8; save it as UTF-8";
    }
    String compact = BLANKS_AND_QUOTES.matcher(text).replaceAll("");
    if (isHex(compact)) {
      return "is encoded in hexadecimal; give it plain";
    }
    if (isBase64(compact)) {
      return "is base64-encoded once too often; give it plain";
    }
    if (JSON.matcher(text).matches()) {
      return "is JSON; give key=value pairs, separated by commas or newlines";
    }
    if (URL_ENCODED.matcher(text).find() && text.indexOf('=') < 0) {
      return "is URL-encoded; give it plain";
    }
    return isQuoted(text.strip()) ? "is in quotes; leave them out" : null;
  }

  /** True for what gzip and the like have written. */
  static boolean isCompressed(String text) {
    return COMPRESSED.stream().anyMatch(text::startsWith);
  }

  /** No key begins with a quote, so nothing that could be read is refused here. */
  private static boolean isQuoted(String text) {
    char first = text.isEmpty() ? ' ' : text.charAt(0);
    return (first == '"' || first == '\'')
        && text.length() > 1
        && text.charAt(text.length() - 1) == first;
  }

  /** Each second byte of ASCII text in UTF-16 is zero. */
  private static boolean isUtf16(String text) {
    long zeros = text.chars().filter(c -> c == 0).count();
    return text.length() >= MIN_LENGTH && zeros >= text.length() / 4;
  }

  private static boolean isHex(String compact) {
    boolean hex =
        compact.length() >= MIN_LENGTH
            && compact.length() % 2 == 0
            && HEX.matcher(compact).matches();
    String digits = compact.startsWith("0x") ? compact.substring(2) : compact;
    return hex && isText(HexFormat.of().parseHex(digits));
  }

  private static boolean isBase64(String compact) {
    if (compact.length() < MIN_LENGTH || !BASE64.matcher(compact).matches()) {
      return false;
    }
    String digits = compact.replace("=", "").replace('-', '+').replace('_', '/');
    // A single digit at the end, of a text that was cut, stands for no byte.
    int whole = digits.length() % 4 == 1 ? digits.length() - 1 : digits.length();
    return isText(Base64.getDecoder().decode(digits.substring(0, whole)));
  }

  /** True for text in UTF-8, ASCII in UTF-16, and what gzip has written. */
  private static boolean isText(byte[] bytes) {
    if (bytes[0] == 0x1f && bytes[1] == (byte) 0x8b) {
      return true;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    long odd = text.chars().filter(Encoding::isOdd).count();
    long zeros = text.chars().filter(c -> c == 0).count();
    return odd <= text.length() / 10 && zeros <= text.length() / 2;
  }

  private static boolean isOdd(int c) {
    return c == Envelope.REPLACEMENT || (Character.isISOControl(c) && "\t\r\n\0".indexOf(c) < 0);
  }
}
