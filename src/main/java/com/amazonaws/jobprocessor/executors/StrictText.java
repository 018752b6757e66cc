package com.amazonaws.jobprocessor.executors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.HexFormat;

/** Turns the bytes of an answer into text without changing any: what is no text is refused. */
final class StrictText {
  private static final int PIECE = 64 * 1024;

  private final CharsetDecoder decoder;
  private final String what;
  private final StringBuilder text;
  private final ByteBuffer in = ByteBuffer.allocate(PIECE).flip();
  private final CharBuffer out = CharBuffer.allocate(PIECE);
  private long before;

  private StrictText(Charset charset, int size, String what) {
    this.decoder = charset.newDecoder();
    this.text = new StringBuilder(size);
    this.what = what;
  }

  /**
   * The text.
   *
   * @param what the subject of the message, e.g. "the answer"
   * @param withLineEnds if not, the line ends at its end are taken off
   * @throws ResultNotText if a byte is no part of a character in that charset
   */
  static String of(Collected bytes, Charset charset, String what, boolean withLineEnds)
      throws IOException, InterruptedException {
    return LargeTexts.make(bytes.size(), () -> decoded(bytes, charset, what, withLineEnds));
  }

  private static String decoded(Collected bytes, Charset charset, String what, boolean withLineEnds)
      throws IOException {
    try (InputStream in = bytes.stream()) {
      StringBuilder text = new StrictText(charset, (int) bytes.size(), what).decode(in);
      if (!withLineEnds) {
        cutLineEnds(text);
      }
      return text.toString();
    }
  }

  private StringBuilder decode(InputStream bytes) throws IOException {
    boolean last = false;
    while (!last) {
      before += in.position();
      in.compact();
      int n = bytes.read(in.array(), in.position(), in.remaining());
      last = n < 0;
      in.position(in.position() + Math.max(n, 0)).flip();
      take(last);
    }
    while (decoder.flush(out).isOverflow()) {
      drain();
    }
    drain();
    return text;
  }

  private void take(boolean last) {
    CoderResult result;
    do {
      result = decoder.decode(in, out, last);
      drain();
    } while (result.isOverflow());
    if (result.isError()) {
      int at = in.position();
      throw new ResultNotText(
          "%s is not text in %s: byte 0x%s at offset %s"
              .formatted(
                  what,
                  decoder.charset().name(),
                  HexFormat.of().withUpperCase().toHexDigits(in.get(at)),
                  before + at));
    }
  }

  private void drain() {
    text.append(out.flip());
    out.clear();
  }

  /** A loop, since the regular expression for it takes hours for a mebibyte of empty lines. */
  private static void cutLineEnds(StringBuilder text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    text.setLength(end);
  }
}
