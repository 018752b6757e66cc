package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads jobs, a line each; blank lines are none, and what SQS would refuse is said by line. */
final class JobLines {
  /**
   * A line.
   *
   * @param number from 1, blank lines counted
   * @param problem why it cannot be a job; null if it can
   */
  record Line(long number, String text, String problem) {}

  private final InputStream in;
  private final Bucket bucket;
  private long number;

  /**
   * Lines of a file.
   *
   * @param bucket says how long they may be
   */
  JobLines(InputStream in, Bucket bucket) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.bucket = bucket;
  }

  /** The next line that is not blank; empty at the end. */
  Optional<Line> next() throws IOException {
    while (true) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      boolean tooLong = false;
      int b = in.read();
      if (b < 0) {
        return Optional.empty();
      }
      for (; b >= 0 && b != '\n'; b = in.read()) {
        tooLong |= bytes.size() > bucket.largest();
        if (!tooLong) {
          bytes.write(b);
        }
      }
      number++;
      Line line = line(bytes.toByteArray(), tooLong);
      if (line.problem() != null || !line.text().isBlank()) {
        return Optional.of(line);
      }
    }
  }

  private Line line(byte[] bytes, boolean tooLong) {
    if (tooLong) {
      return new Line(number, "", bucket.tooLarge());
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new Line(number, "", "is not UTF-8");
    }
    text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    text = number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    return new Line(
        number,
        text,
        MessageFormat.isSendable(text) ? null : "has characters that SQS does not take");
  }
}
