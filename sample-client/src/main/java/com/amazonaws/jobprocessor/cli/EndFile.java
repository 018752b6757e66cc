package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How each job of a run has ended, in a temporary file: of a million results only their places are
 * held in memory. Safe for use by several threads.
 */
final class EndFile implements AutoCloseable {
  /** A letter for the kind of end, the length of the text. */
  private static final int HEAD = 5;

  private final Path path;
  private final RandomAccessFile file;
  private long[] places = new long[1024];
  private long[] nanos = new long[1024];
  private long length = 1;
  private long jobs;

  /**
   * How a job has ended.
   *
   * @param text the result, or the error
   */
  record End(boolean failed, String text) {
    String inWords(int max) {
      return (failed ? "failed: " : "") + Text.cell(text, max);
    }
  }

  EndFile() {
    try {
      path = Files.createTempFile("job-processor-ends", "");
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      throw new UserError("no temporary file can be made: " + Failures.reason(e));
    }
  }

  /** Notes the end of the job with this number, from 1; the first end counts. */
  synchronized void put(long number, End end) {
    int at = Math.toIntExact(number);
    grow(at);
    if (places[at] != 0) {
      return;
    }
    byte[] text = end.text().getBytes(UTF_8);
    try {
      file.seek(length);
      file.write(record(end.failed(), text));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to \"" + path + "\"", e);
    }
    places[at] = length;
    length += HEAD + text.length;
    jobs++;
  }

  private static byte[] record(boolean failed, byte[] text) {
    byte[] record = new byte[HEAD + text.length];
    record[0] = (byte) (failed ? 1 : 0);
    for (int i = 0; i < 4; i++) {
      record[1 + i] = (byte) (text.length >>> (24 - 8 * i));
    }
    System.arraycopy(text, 0, record, HEAD, text.length);
    return record;
  }

  /** Adds how long an attempt of the job took. */
  synchronized void ran(long number, long took) {
    int at = Math.toIntExact(number);
    grow(at);
    nanos[at] += took;
  }

  private void grow(int at) {
    if (at >= places.length) {
      int size = Math.max(at + 1, places.length * 2);
      places = Arrays.copyOf(places, size);
      nanos = Arrays.copyOf(nanos, size);
    }
  }

  /** How the job has ended; null if it has not. */
  synchronized End get(long number) {
    if (number >= places.length || places[(int) number] == 0) {
      return null;
    }
    try {
      file.seek(places[(int) number]);
      boolean failed = file.readByte() == 1;
      byte[] text = new byte[file.readInt()];
      file.readFully(text);
      return new End(failed, new String(text, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read \"" + path + "\"", e);
    }
  }

  /** The largest number of a job, or more. */
  synchronized long highest() {
    return places.length - 1L;
  }

  /** How long the jobs' attempts took, each job's together, shortest first, in nanoseconds. */
  synchronized long[] times() {
    long[] times = new long[Math.toIntExact(jobs)];
    int next = 0;
    for (int i = 0; i < places.length; i++) {
      if (places[i] != 0) {
        times[next++] = nanos[i];
      }
    }
    Arrays.sort(times);
    return times;
  }

  @Override
  public void close() {
    try {
      file.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // a temporary file, which others clean up
    }
  }
}
