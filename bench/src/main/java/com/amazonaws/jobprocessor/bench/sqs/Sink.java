package com.amazonaws.jobprocessor.bench.sqs;

import java.util.List;

/**
 * Counts the jobs that are sent to a queue: a message is one, or a pack of them, a JSON object a
 * line. What a job says is known by 64 bits.
 */
public final class Sink {
  private static final String PACK = "job_pack";
  private static final String BODY = "\"body\":\"";
  private static final int FIRST_ROOM = 1 << 12;

  /** An odd number whose bits are well mixed: 2^64 divided by the golden ratio. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private long[] seen = new long[FIRST_ROOM];
  private int messages;
  private int jobs;
  private int distinct;
  private long sum;

  Sink() {}

  void add(String body, List<Attribute> attributes) {
    messages++;
    if (attributes.stream().noneMatch(attribute -> attribute.name().equals(PACK))) {
      addJob(digest(body, 0, body.length()));
      return;
    }
    for (int line = 0; line < body.length(); ) {
      int end = body.indexOf('\n', line);
      end = end < 0 ? body.length() : end;
      addLine(body, line, end);
      line = end + 1;
    }
  }

  /** Of texts without escapes: to read JSON would cost more than all else. */
  private void addLine(String pack, int from, int to) {
    int body = pack.indexOf(BODY, from);
    int start = body < 0 || body >= to ? from : body + BODY.length();
    int quote = pack.indexOf('"', start);
    addJob(digest(pack, start, quote < 0 || quote > to ? to : quote));
  }

  private void addJob(long digest) {
    jobs++;
    sum += digest;
    if (put(seen, digest)) {
      distinct++;
      if (distinct * 2 > seen.length) {
        grow();
      }
    }
  }

  private void grow() {
    long[] larger = new long[seen.length * 2];
    for (long digest : seen) {
      if (digest != 0) {
        put(larger, digest);
      }
    }
    seen = larger;
  }

  /** True if it was not there. */
  private static boolean put(long[] table, long digest) {
    int at = (int) (digest >>> 32) & (table.length - 1);
    while (table[at] != 0) {
      if (table[at] == digest) {
        return false;
      }
      at = (at + 1) & (table.length - 1);
    }
    table[at] = digest;
    return true;
  }

  /** Tells one text from another; never 0. */
  public static long digest(String text) {
    return digest(text, 0, text.length());
  }

  private static long digest(String text, int from, int to) {
    long digest = MIX;
    for (int i = from; i < to; i++) {
      digest = (digest ^ text.charAt(i)) * MIX;
      digest ^= digest >>> 29;
    }
    digest = (digest ^ (digest >>> 32)) * MIX;
    return digest == 0 ? 1 : digest;
  }

  Sunk counts() {
    return new Sunk(messages, jobs, distinct, sum);
  }
}
