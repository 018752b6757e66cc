package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;

/**
 * A text in UTF-8, encoded piece by piece as it is read: the bytes of a large one may find no room
 * in memory beside it.
 */
final class TextStream extends InputStream {
  private static final int PIECE = 8192;

  private final String text;
  private final CharsetEncoder encoder = UTF_8.newEncoder();
  private final CharBuffer chars = CharBuffer.allocate(PIECE);
  private final ByteBuffer bytes =
      ByteBuffer.allocate((int) (PIECE * encoder.maxBytesPerChar())).limit(0);
  private int next;

  TextStream(String text) {
    this.text = text;
  }

  @Override
  public int read() throws IOException {
    return hasBytes() ? bytes.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!hasBytes()) {
      return -1;
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(into, offset, count);
    return count;
  }

  @Override
  public int available() {
    return bytes.remaining();
  }

  private boolean hasBytes() throws IOException {
    if (!bytes.hasRemaining() && next < text.length()) {
      encodePiece();
    }
    return bytes.hasRemaining();
  }

  private void encodePiece() throws IOException {
    int to = Math.min(text.length(), next + PIECE);
    if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
      to--;
    }
    text.getChars(next, to, chars.array(), 0);
    chars.clear().limit(to - next);
    next = to;
    bytes.clear();
    CoderResult result = encoder.reset().encode(chars, bytes, true);
    bytes.flip();
    if (result.isError()) {
      result.throwException(); // a lone surrogate
    }
  }
}
