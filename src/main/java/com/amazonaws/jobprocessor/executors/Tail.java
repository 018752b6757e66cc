package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;

/** The end of a command's standard error, which says most. Safe for use by several threads. */
final class Tail implements Output.Sink {
  /** With the exit status before it, it fits the 1 KiB of a dead letter's message uncut. */
  private static final int MAX_BYTES = 900;

  /** What is left out, such as colours, may stand between what is kept. */
  private static final int KEPT = 8 * MAX_BYTES;

  private static final Pattern ESCAPE_SEQUENCE =
      Pattern.compile("\\e(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\a\\e]*(?:\\a|\\e\\\\)|[@-Z\\\\^_])");
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]+");

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  @Override
  public synchronized void add(byte[] bytes, int offset, int length) {
    kept.write(bytes, offset, length);
    if (kept.size() > 4 * KEPT) {
      byte[] all = kept.toByteArray();
      kept.reset();
      kept.write(all, all.length - KEPT, KEPT);
    }
  }

  /**
   * The end as text of at most 900 bytes in UTF-8, without colours and control characters; it
   * begins with a whole line if that costs less than half of it.
   */
  synchronized String text() {
    String all = new String(kept.toByteArray(), UTF_8);
    String lines = CONTROLS.matcher(withoutColours(all)).replaceAll(" ").strip();
    int from = lines.length();
    int bytes = 0;
    while (from > 0) {
      int character = lines.codePointBefore(from);
      bytes += Character.toString(character).getBytes(UTF_8).length;
      if (bytes > MAX_BYTES) {
        return fromLine(lines.substring(from));
      }
      from -= Character.charCount(character);
    }
    return lines;
  }

  private static String withoutColours(String text) {
    return ESCAPE_SEQUENCE.matcher(text.replace("\r\n", "\n")).replaceAll("");
  }

  private static String fromLine(String cut) {
    int end = cut.indexOf('\n');
    return end >= 0 && end < cut.length() / 2 ? cut.substring(end + 1).strip() : cut.strip();
  }
}
