package com.amazonaws.jobprocessor.status;

/** Text in HTML. */
final class Html {
  private Html() {}

  /**
   * The text for an element or for an attribute in quotes, whatever it holds: what is markup is
   * written as what it looks like, control characters and halves of characters become U+FFFD, and
   * what changes the direction of the text around it is made visible.
   */
  static String escape(String text) {
    StringBuilder html = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(html, c));
    return html.toString();
  }

  private static void append(StringBuilder html, int c) {
    switch (c) {
      case '&' -> html.append("&amp;");
      case '<' -> html.append("&lt;");
      case '>' -> html.append("&gt;");
      case '"' -> html.append("&quot;");
      case '\'' -> html.append("&#39;");
      case '\n', '\t' -> html.append((char) c);
      default -> {
        int type = Character.getType(c);
        if (type == Character.CONTROL || type == Character.SURROGATE) {
          html.append('\uFFFD');
        } else if (isBidiControl(c)) {
          html.append("[U+").append(Integer.toHexString(0x10000 | c).substring(1)).append(']');
        } else {
          html.appendCodePoint(c);
        }
      }
    }
  }

  /** Marks, embeddings, overrides and isolates: Unicode Standard Annex 9, table 4. */
  private static boolean isBidiControl(int c) {
    return c == 0x061C
        || (c >= 0x200E && c <= 0x200F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
