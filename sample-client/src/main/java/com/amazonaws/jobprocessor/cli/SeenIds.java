package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Ids of jobs that were met, as digests of 128 bits: at most 64 bytes each, however long they are.
 * With a bound, the memory is constant: the older half is forgotten when the younger is full.
 */
final class SeenIds {
  private static final int FIRST = 1 << 10;

  /** A set of digests, two numbers each; 0, 0 is a free place. */
  private static final class Digests {
    private long[] places = new long[2 * FIRST];
    private int size;

    boolean contains(long high, long low) {
      int at = place(places, high, low);
      return places[at] == high && places[at + 1] == low;
    }

    void add(long high, long low) {
      if (4 * size >= places.length) {
        grow();
      }
      put(places, high, low);
      size++;
    }

    private void grow() {
      long[] larger = new long[2 * places.length];
      for (int i = 0; i < places.length; i += 2) {
        if (places[i] != 0 || places[i + 1] != 0) {
          put(larger, places[i], places[i + 1]);
        }
      }
      places = larger;
    }

    private static void put(long[] into, long high, long low) {
      int at = place(into, high, low);
      into[at] = high;
      into[at + 1] = low;
    }

    /** Where the digest is, or the free place for it. */
    private static int place(long[] in, long high, long low) {
      int mask = in.length - 1;
      int at = 2 * (int) high & mask;
      while ((in[at] != 0 || in[at + 1] != 0) && (in[at] != high || in[at + 1] != low)) {
        at = at + 2 & mask;
      }
      return at;
    }
  }

  private final int half;
  private final MessageDigest sha256 = sha256();
  private Digests young = new Digests();
  private Digests old = new Digests();
  private long size;

  /**
   * No id yet.
   *
   * @param half how many of the last are remembered for certain, and half of those that may be
   */
  SeenIds(int half) {
    this.half = half;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Adds an id; one that is known or not. */
  void add(String id) {
    ByteBuffer digest = digest(id);
    long high = digest.getLong();
    long low = digest.getLong();
    if (young.contains(high, low)) {
      return;
    }
    if (!old.contains(high, low)) {
      size++;
    }
    if (young.size >= half) {
      old = young;
      young = new Digests();
    }
    young.add(high, low);
  }

  boolean contains(String id) {
    ByteBuffer digest = digest(id);
    long high = digest.getLong();
    long low = digest.getLong();
    return young.contains(high, low) || old.contains(high, low);
  }

  private ByteBuffer digest(String id) {
    return ByteBuffer.wrap(sha256.digest(id.getBytes(UTF_8)));
  }

  /** How many different ids were added, those that are forgotten included. */
  long size() {
    return size;
  }
}
