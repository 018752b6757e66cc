package com.amazonaws.jobprocessor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads lines on a thread of its own, since a read may wait for ever: who takes the lines can do
 * something else meanwhile, or stop.
 */
final class LineFeed {
  private static final int BUFFER = 1 << 16;

  /**
   * What one read has brought.
   *
   * @param end true if nothing comes after it
   * @param failure why nothing comes after it, or null
   */
  record Chunk(List<JobLines.Line> lines, boolean end, Throwable failure) {}

  private final InputStream in;
  private final JobLines lines;
  private final SynchronousQueue<Chunk> chunks = new SynchronousQueue<>();

  /** Begins to read. */
  LineFeed(InputStream in, JobLines lines) {
    this.in = in;
    this.lines = lines;
    Thread.ofPlatform().daemon().name("reader").start(this::readAll);
  }

  private void readAll() {
    try {
      Chunk last;
      try {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          List<JobLines.Line> complete = lines.add(buffer, n);
          if (!complete.isEmpty()) {
            chunks.put(new Chunk(complete, false, null));
          }
        }
        last = new Chunk(lines.end(), true, null);
      } catch (IOException | RuntimeException | Error e) {
        last = new Chunk(List.of(), true, e);
      }
      chunks.put(last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next lines; empty if none come within the time. */
  Optional<Chunk> next(Duration wait) throws InterruptedException {
    return Optional.ofNullable(chunks.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
  }
}
