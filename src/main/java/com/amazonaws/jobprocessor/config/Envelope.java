package com.amazonaws.jobprocessor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the lines of a text that carry pairs: all of them, or, in a script or a cloud-init
 * document, those that begin with {@code #job-processor:}.
 */
final class Envelope {
  static final String MARK = "#job-processor:";

  private static final String QUOTED_MARK = '"' + MARK + '"';

  /** Stands in a text for bytes that are not UTF-8. */
  static final char REPLACEMENT = '\uFFFD';

  /** What cloud-init takes for more than plain text ("User data formats" in its manual). */
  private static final Pattern DOCUMENT =
      Pattern.compile(
          "#!.*|#cloud-(config|boothook).*|#include(-once)?([ \t].*)?|#part-handler.*"
              + "|#upstart-job.*|(?i:## *template: *jinja.*|(content-type|mime-version) *:.*)",
          Pattern.DOTALL);

  /** The mark but for blanks, case, hyphen or colon: meant as one, or a comment. */
  private static final Pattern NEARLY_MARKED =
      Pattern.compile(
          "(?iu)#[#\\s\\p{Z}\\p{Cf}]*job[-_\\s\\p{Z}\\p{Pd}]*processor[\\s\\p{Z}\\p{Cf}]*"
              + "(?:[:\uFF1A].*|[^:]*=.*)");

  private final List<Line> lines;
  private final List<Integer> unread;
  private final List<Integer> compressed;
  private final boolean document;

  Envelope(String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<Line> all = numbered(plain.split("\n", -1));
    String first =
        all.stream().map(Line::text).filter(line -> !line.isEmpty()).findFirst().orElse("");
    if (Mime.begins(all)) {
      Mime mime = new Mime(all);
      document = true;
      lines = mime.lines();
      unread = mime.unread();
      compressed = mime.compressed();
    } else {
      document = DOCUMENT.matcher(first).matches();
      lines = all;
      unread = List.of();
      compressed = List.of();
    }
  }

  private static List<Line> numbered(String[] texts) {
    List<Line> all = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      all.add(new Line(i + 1, Entries.strip(texts[i])));
    }
    return all;
  }

  /**
   * Parts that are compressed, and most likely hold the pairs, since no other part has any; each is
   * the place of one.
   *
   * @param name the source's
   */
  List<String> compressedPairs(String name) {
    return pairLines().isEmpty()
        ? compressed.stream().map(n -> place(n, name)).toList()
        : List.of();
  }

  private static String place(int number, String name) {
    return "line " + number + " of " + name;
  }

  /**
   * What is most likely not meant; each is one line without a word of the text.
   *
   * @param name the source's
   */
  List<String> warnings(String name) {
    List<String> warnings = new ArrayList<>();
    for (int number : unread) {
      warnings.add(
          place(number, name)
              + ": a part in a transfer encoding that is not read; use base64,"
              + " quoted-printable or none");
    }
    if (!pairLines().isEmpty()) {
      compressed.forEach(
          number -> warnings.add(place(number, name) + ": a compressed part, which is not read"));
    }
    for (Line line : lines) {
      String text = line.text();
      if (document && !text.startsWith(MARK) && NEARLY_MARKED.matcher(text).matches()) {
        warnings.add(
            place(line.number(), name)
                + ": a comment, because it does not begin with exactly "
                + QUOTED_MARK);
      } else if (!document && text.startsWith(MARK) && text.indexOf('=') > 0) {
        warnings.add(
            place(line.number(), name)
                + ": a comment; lines that begin with "
                + QUOTED_MARK
                + " count in scripts and cloud-init documents only");
      }
    }
    if (document && compressed.isEmpty() && pairLines().isEmpty()) {
      warnings.add(
          name
              + " is a script or cloud-init document without a line that begins with "
              + QUOTED_MARK
              + ", so no setting is taken from it");
    }
    return warnings;
  }

  /** The lines with pairs, in order, without comments. */
  List<Line> pairLines() {
    List<Line> found = new ArrayList<>();
    for (Line line : lines) {
      if (hasPairs(line)) {
        found.add(document ? new Line(line.number(), line.text().substring(MARK.length())) : line);
      }
    }
    return found;
  }

  /** The other lines, in order: comments, and what a script or a document has. */
  List<Line> otherLines() {
    return lines.stream().filter(line -> !hasPairs(line)).toList();
  }

  private boolean hasPairs(Line line) {
    return document ? line.text().startsWith(MARK) : !line.text().startsWith("#");
  }

  /**
   * A line.
   *
   * @param number in the whole text, from 1
   */
  record Line(int number, String text) {
    /** Without the text, which may hold secrets. */
    @Override
    public String toString() {
      return "Line[" + number + "]";
    }
  }
}
