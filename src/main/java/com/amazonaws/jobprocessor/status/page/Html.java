package com.amazonaws.jobprocessor.status.page;

import java.util.function.Function;

/**
 * HTML that is safe to send: our own markup, and everything else in it as the text that it is. The
 * only place where something is escaped; nothing else makes HTML.
 */
final class Html {
  static final Html NOTHING = new Html("");

  /** Of a text that can be looked up by pointing at it. */
  private static final int MAX_TITLE = 1_024;

  private static final String PLACE = "{}";

  private final String markup;

  private Html(String markup) {
    this.markup = markup;
  }

  /**
   * Our markup with the parts in place of each <code>{}</code>: HTML as it is, anything else as
   * text.
   *
   * @param markup a constant; in it, attributes are in double quotes
   */
  static Html of(String markup, Object... parts) {
    StringBuilder html = new StringBuilder(markup.length() + 64);
    int from = 0;
    for (Object part : parts) {
      int at = markup.indexOf(PLACE, from);
      if (at < 0) {
        throw new IllegalArgumentException("more parts than places: " + markup);
      }
      html.append(markup, from, at);
      html.append(part instanceof Html safe ? safe.markup : escape(part.toString()));
      from = at + PLACE.length();
    }
    if (markup.indexOf(PLACE, from) >= 0) {
      throw new IllegalArgumentException("more places than parts: " + markup);
    }
    return new Html(html.append(markup, from, markup.length()).toString());
  }

  /** The HTML of each, one after the other. */
  static <T> Html each(Iterable<T> all, Function<T, Html> html) {
    StringBuilder joined = new StringBuilder();
    for (T one : all) {
      joined.append(html.apply(one).markup);
    }
    return new Html(joined.toString());
  }

  /**
   * A text of somebody else's, such as a job's id or an error: cut, if it is longer than so many
   * characters, and kept from changing the direction of the text around it.
   */
  static Html foreign(String text, int max) {
    String title = cut(text, MAX_TITLE);
    String shown = cut(title, max);
    return shown.equals(title)
        ? of("<bdi>{}</bdi>", shown)
        : of("<bdi title=\"{}\">{}</bdi>", title, shown);
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
    return text.substring(0, end) + "\u2026";
  }

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

  /** As it is sent. */
  @Override
  public String toString() {
    return markup;
  }
}
