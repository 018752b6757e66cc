package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds jobs in bytes, a line each; blank lines are none, and what SQS would refuse is said by
 * line.
 */
final class JobLines {
  /**
   * A line.
   *
   * @param number from 1, blank lines counted
   * @param problem why it cannot be a job; null if it can
   */
  record Line(long number, String text, String problem) {}

  private final Bucket bucket;
  private final Charset charset;
  private ByteArrayOutputStream open = new ByteArrayOutputStream();
  private final String hint;
  private boolean tooLong;
  private boolean begun;
  private long number;

  /**
   * Lines of a file.
   *
   * @param bucket says how long they may be
   */
  JobLines(Bucket bucket) {
    this(bucket, StandardCharsets.UTF_8, "");
  }

  /**
   * Lines of a file whose encoding the command has been told, or not.
   *
   * @param bucket says how long they may be
   * @param charset that the bytes were in before {@link Transcoding}
   */
  JobLines(Bucket bucket, Charset charset) {
    this(
        bucket,
        charset,
        charset.equals(StandardCharsets.UTF_8) ? "; --charset names another encoding" : "");
  }

  private JobLines(Bucket bucket, Charset charset, String hint) {
    this.bucket = bucket;
    this.charset = charset;
    this.hint = hint;
  }

  /** Takes what has been read; returns the lines that are complete with it. */
  List<Line> add(byte[] bytes, int count) {
    List<Line> complete = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        if (begun || !addPlain(bytes, start, i, complete)) {
          append(bytes, start, i);
          complete(complete);
        }
        start = i + 1;
      }
    }
    begun = begun || start < count;
    append(bytes, start, count);
    return complete;
  }

  /**
   * Takes a line as nearly all are: whole, of printable ASCII, with something else than blanks.
   * False if it is another.
   */
  private boolean addPlain(byte[] bytes, int from, int to, List<Line> lines) {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    boolean blank = true;
    for (int i = from; i < end; i++) {
      if (bytes[i] < ' ') {
        return false;
      }
      blank &= bytes[i] == ' ';
    }
    if (blank || end - from > bucket.largest()) {
      return false;
    }
    number++;
    lines.add(new Line(number, new String(bytes, from, end - from, ISO_8859_1), null));
    return true;
  }

  /** The last line, which need not end in a line feed; empty if there is none. */
  List<Line> end() {
    List<Line> last = new ArrayList<>();
    if (begun) {
      complete(last);
    }
    return last;
  }

  private void append(byte[] bytes, int from, int to) {
    tooLong = tooLong || open.size() + (to - from) > bucket.largest() + 1;
    if (!tooLong) {
      open.write(bytes, from, to - from);
    }
  }

  private void complete(List<Line> lines) {
    number++;
    Line line = tooLong ? new Line(number, "", bucket.tooLarge()) : line(open.toByteArray());
    if (line.problem() != null || !line.text().isBlank()) {
      lines.add(line);
    }
    begun = false;
    tooLong = false;
    open = new ByteArrayOutputStream(); // one large line is not to cost its memory for ever
  }

  private Line line(byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new Line(number, "", "is not " + charset + hint);
    }
    text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    text = number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    return new Line(number, text, MessageFormat.isSendable(text) ? null : Text.unsendable(text));
  }
}
