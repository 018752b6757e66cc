package com.amazonaws.jobprocessor.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Text from elsewhere, made fit to be shown on one line or to be used as a name. */
public final class Printable {
  /** Characters of a long text that are made bytes at a time. */
  private static final int PART = 8 * 1024;

  private Printable() {}

  /** True if all of the text's characters show, as each job's id must. */
  static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!isPrintable(c)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  /** True for every character that shows, a space included. */
  public static boolean isPrintable(int c) {
    if (c >= ' ' && c < 0x7F) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /**
   * The text with at most so many characters: of a longer one the middle is left out, for an
   * ellipsis. Errors begin with what happened and end with why.
   *
   * @param max in code points, from 1
   */
  public static String cutMiddle(String text, int max) {
    int length = text.codePointCount(0, text.length());
    if (length <= max) {
      return text;
    }
    int head = max / 2;
    int tail = max - 1 - head;
    return text.substring(0, text.offsetByCodePoints(0, head))
        + "…"
        + text.substring(text.offsetByCodePoints(text.length(), -tail));
  }

  /** The SHA-256 of the text in UTF-8, as 64 hexadecimal digits. */
  public static String sha256(String text) {
    MessageDigest digest = sha256();
    int to;
    // In parts, since the bytes of a large payload may find no room in memory beside it.
    for (int from = 0; from < text.length(); from = to) {
      to = Math.min(text.length(), from + PART);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to++;
      }
      digest.update(text.substring(from, to).getBytes(UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The SHA-256 of the bytes, as 64 hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
