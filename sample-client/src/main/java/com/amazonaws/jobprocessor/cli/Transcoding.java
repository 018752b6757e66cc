package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Text of any encoding as UTF-8, as it comes. What is no text becomes a byte that UTF-8 does not
 * have, so that its line can be named.
 */
final class Transcoding extends InputStream {
  private static final int BUFFER = 1 << 15;
  private static final byte NO_TEXT = (byte) 0xff;

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final CharsetEncoder encoder =
      UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
  private final ByteBuffer encoded = ByteBuffer.allocate(BUFFER).flip();
  private final CharBuffer chars = CharBuffer.allocate(BUFFER);
  private final ByteBuffer text = ByteBuffer.allocate(4 * BUFFER).flip();
  private boolean end;

  Transcoding(InputStream in, Charset charset) {
    this.in = in;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** The stream itself if it is UTF-8. */
  static InputStream of(InputStream in, Charset charset) {
    return charset.equals(UTF_8) ? in : new Transcoding(in, charset);
  }

  @Override
  public int read() throws IOException {
    return fill() ? text.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, text.remaining());
    text.get(bytes, offset, count);
    return count;
  }

  /** Waits until there is text; false at the end. */
  private boolean fill() throws IOException {
    while (!text.hasRemaining() && !end) {
      encoded.compact();
      int count = in.read(encoded.array(), encoded.position(), encoded.remaining());
      end = count < 0;
      encoded.position(encoded.position() + Math.max(0, count));
      encoded.flip();
      text.clear();
      transcode();
      text.flip();
    }
    return text.hasRemaining();
  }

  private void transcode() {
    CoderResult result;
    do {
      result = decoder.decode(encoded, chars, end);
      chars.flip();
      encoder.encode(chars, text, false);
      chars.compact(); // the first half of a pair waits for its second
      if (result.isError()) {
        encoded.position(encoded.position() + result.length());
        text.put(NO_TEXT);
      }
    } while (result.isError() || result.isOverflow());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
