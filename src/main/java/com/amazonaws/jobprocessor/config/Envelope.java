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

  /** What cloud-init takes for more than plain text ("User data formats" in its manual). */
  private static final Pattern DOCUMENT =
      Pattern.compile(
          "#!.*|#cloud-(config|boothook).*|#include(-once)?([ \t].*)?"
              + "|(?i:## *template: *jinja.*|(content-type|mime-version):.*)",
          Pattern.DOTALL);

  private final List<String> lines;
  private final boolean document;

  Envelope(String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    lines = List.of(plain.split("\n", -1));
    document =
        lines.stream()
            .map(Pieces::strip)
            .filter(line -> !line.isEmpty())
            .findFirst()
            .filter(first -> DOCUMENT.matcher(first).matches())
            .isPresent();
  }

  /** True for a document that says nothing to us: most likely the mark was forgotten. */
  boolean isUnmarkedDocument() {
    return document && pairLines().isEmpty();
  }

  /** The lines with pairs, in order, without comments. */
  List<Line> pairLines() {
    List<Line> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = Pieces.strip(lines.get(i));
      if (document && line.startsWith(MARK)) {
        found.add(new Line(i + 1, line.substring(MARK.length())));
      } else if (!document && !line.startsWith("#")) {
        found.add(new Line(i + 1, line));
      }
    }
    return found;
  }

  /**
   * A line with pairs.
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
