package com.amazonaws.jobprocessor.bench.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The MD5 sums that SQS answers with and its clients check. Not for two threads. */
final class Digests {
  private static final byte TEXT = 1;
  private static final byte BINARY = 2;

  private final MessageDigest md5;

  Digests() {
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  String ofBody(String body) {
    return HexFormat.of().formatHex(md5.digest(body.getBytes(UTF_8)));
  }

  /**
   * Of attributes in the order of their names; see "Calculating the MD5 message digest for message
   * attributes" in the SQS developer guide.
   */
  String ofAttributes(List<Attribute> attributes) {
    for (Attribute attribute : attributes) {
      add(attribute.name().getBytes(UTF_8));
      add(attribute.type().getBytes(UTF_8));
      String text = attribute.text();
      md5.update(text == null ? BINARY : TEXT);
      add(text == null ? attribute.binary() : text.getBytes(UTF_8));
    }
    return HexFormat.of().formatHex(md5.digest());
  }

  private void add(byte[] bytes) {
    int length = bytes.length;
    md5.update((byte) (length >>> 24));
    md5.update((byte) (length >>> 16));
    md5.update((byte) (length >>> 8));
    md5.update((byte) length);
    md5.update(bytes);
  }
}
