package com.amazonaws.jobprocessor.config;

import com.amazonaws.jobprocessor.config.Envelope.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decodes the parts of a MIME document, such as {@code cloud-init devel make-mime} writes. */
final class Mime {
  /** A header, or the line with which a mailbox begins a message. */
  private static final Pattern HEADER = Pattern.compile("[!-9;-~]+ *:.*|From .*");

  private static final Pattern TELLING_HEADER =
      Pattern.compile("(?i)(?:content-type|mime-version) *:.*");
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)boundary *= *(?:\"([^\"]+)\"|([^\\s;\"]+))");
  private static final Pattern ENCODING =
      Pattern.compile("(?i)content-transfer-encoding *: *\"?([^\\s;\"]+).*");

  private static final Pattern ESCAPE = Pattern.compile("=(?:\n|([0-9A-Fa-f]{2}))");
  private static final Set<String> IDENTITY = Set.of("7bit", "8bit", "binary");

  private final List<Line> lines = new ArrayList<>();
  private final List<Integer> unread = new ArrayList<>();
  private final List<Integer> compressed = new ArrayList<>();
  private final Set<String> boundaries = new HashSet<>();
  private final List<Line> part = new ArrayList<>();
  private String encoding = "";

  /** Reads a document to its end. */
  Mime(List<Line> document) {
    boolean head = true;
    for (Line line : document) {
      if (isBoundary(line.text())) {
        endPart();
        head = true;
      } else if (head) {
        readHeader(line.text());
        head = !line.text().isEmpty();
      } else if (!encoding.isEmpty()) {
        part.add(line);
        continue;
      }
      lines.add(line);
    }
    endPart();
  }

  /** True if the text begins with the headers of a MIME document. */
  static boolean begins(List<Line> lines) {
    boolean telling = false;
    boolean first = true;
    for (Line line : lines) {
      if (line.text().isEmpty()) {
        if (first) {
          continue;
        }
        break;
      }
      if (first && !HEADER.matcher(line.text()).matches()) {
        return false;
      }
      first = false;
      telling |= TELLING_HEADER.matcher(line.text()).matches();
    }
    return telling;
  }

  /** The lines of the document; those of an encoded part have the number of its first line. */
  List<Line> lines() {
    return lines;
  }

  /** The numbers of the first lines of the parts that cannot be decoded. */
  List<Integer> unread() {
    return unread;
  }

  /** The numbers of the first lines of the parts that are compressed. */
  List<Integer> compressed() {
    return compressed;
  }

  private boolean isBoundary(String line) {
    return line.startsWith("--")
        && boundaries.stream()
            .anyMatch(
                boundary -> line.equals("--" + boundary) || line.equals("--" + boundary + "--"));
  }

  private void readHeader(String line) {
    Matcher boundary = BOUNDARY.matcher(line);
    if (boundary.find()) {
      boundaries.add(boundary.group(1) == null ? boundary.group(2) : boundary.group(1).strip());
    }
    Matcher transfer = ENCODING.matcher(line);
    if (transfer.matches()) {
      String name = transfer.group(1).toLowerCase(Locale.ROOT);
      encoding = IDENTITY.contains(name) ? "" : name;
    }
  }

  private void endPart() {
    if (!part.isEmpty()) {
      int number = part.getFirst().number();
      String text = decoded();
      if (text == null) {
        unread.add(number);
      } else if (Encoding.isCompressed(text)) {
        compressed.add(number);
      } else {
        text.lines().map(Entries::strip).forEach(line -> lines.add(new Line(number, line)));
      }
    }
    part.clear();
    encoding = "";
  }

  private @Nullable String decoded() {
    return switch (encoding) {
      case "base64" -> base64();
      case "quoted-printable" -> quotedPrintable();
      default -> null;
    };
  }

  private @Nullable String base64() {
    String digits = part.stream().map(Line::text).collect(Collectors.joining());
    try {
      return new String(Base64.getDecoder().decode(digits), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** RFC 2045, section 6.7; what is no escape stays as it is. */
  private String quotedPrintable() {
    String text = part.stream().map(Line::text).collect(Collectors.joining("\n"));
    // A character a byte, as the escapes are.
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    String decoded = ESCAPE.matcher(bytes).replaceAll(Mime::unescaped);
    return new String(decoded.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String unescaped(MatchResult escape) {
    String code = escape.group(1);
    return code == null
        ? ""
        : Matcher.quoteReplacement(Character.toString(Integer.parseInt(code, 16)));
  }
}
