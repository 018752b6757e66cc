package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.message.Printable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A request's body: not longer than it may be, and its digest when it has been read. One that does
 * not come to its end is the sender's problem, not ours.
 */
final class BoundedInput extends FilterInputStream {
  private final long max;
  private final MessageDigest digest;
  private long read;

  BoundedInput(InputStream in, long max, String context) {
    super(in);
    this.max = max;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
    digest.update(HexFormat.of().parseHex(Printable.sha256(context)));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = readSome(bytes, offset, length);
    if (count > 0) {
      read += count;
      if (read > max) {
        throw new Problem(413, "the body has more than " + max + " bytes; send several");
      }
      digest.update(bytes, offset, count);
    }
    return count;
  }

  private int readSome(byte[] bytes, int offset, int length) {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) { // whoever sends it has gone, or takes too long
      throw Problem.badRequest("the body is incomplete; send it again");
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Of the context and of all that was read: call once. */
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
