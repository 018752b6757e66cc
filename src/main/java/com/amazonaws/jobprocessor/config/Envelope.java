package com.amazonaws.jobprocessor.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  private static final Pattern MIME =
      Pattern.compile("(?i:content-type|mime-version):.*", Pattern.DOTALL);

  private static final Pattern IN_BASE64 =
      Pattern.compile("(?i:content-transfer-encoding *: *base64)");

  private final List<Line> lines;
  private final boolean document;

  Envelope(String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<Line> all = numbered(plain.split("\n", -1));
    String first =
        all.stream().map(Line::text).filter(line -> !line.isEmpty()).findFirst().orElse("");
    document = DOCUMENT.matcher(first).matches();
    lines = MIME.matcher(first).matches() ? decoded(all) : all;
  }

  private static List<Line> numbered(String[] texts) {
    List<Line> all = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      all.add(new Line(i + 1, Entries.strip(texts[i])));
    }
    return all;
  }

  /**
   * Decodes the parts of a MIME document that are in base64, as {@code cloud-init devel make-mime}
   * writes them; their lines have the number of the part's first.
   */
  private static List<Line> decoded(List<Line> all) {
    List<Line> found = new ArrayList<>();
    List<Line> part = new ArrayList<>();
    boolean head = true;
    boolean encoded = false;
    for (Line line : all) {
      if (line.text().startsWith("--")) { // a boundary; no character of base64
        addDecoded(part, found);
        head = true;
        encoded = false;
      } else if (head) {
        encoded |= IN_BASE64.matcher(line.text()).matches();
        head = !line.text().isEmpty();
      } else if (encoded) {
        part.add(line);
        continue;
      }
      found.add(line);
    }
    addDecoded(part, found);
    return found;
  }

  private static void addDecoded(List<Line> part, List<Line> found) {
    if (part.isEmpty()) {
      return;
    }
    String base64 = part.stream().map(Line::text).collect(Collectors.joining());
    int number = part.getFirst().number();
    part.clear();
    try {
      String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      text.lines().map(Entries::strip).forEach(line -> found.add(new Line(number, line)));
    } catch (IllegalArgumentException e) {
      // no base64: nothing of ours
    }
  }

  /** True for a document that says nothing to us: most likely the mark was forgotten. */
  boolean isUnmarkedDocument() {
    return document && pairLines().isEmpty();
  }

  /** The lines with pairs, in order, without comments. */
  List<Line> pairLines() {
    List<Line> found = new ArrayList<>();
    for (Line line : lines) {
      if (document && line.text().startsWith(MARK)) {
        found.add(new Line(line.number(), line.text().substring(MARK.length())));
      } else if (!document && !line.text().startsWith("#")) {
        found.add(line);
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
