package com.amazonaws.jobprocessor.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * The time since the machine was started, with that in which it was suspended, in hundredths of a
 * second: Linux's {@code /proc/uptime} (proc_uptime(5)). Where that cannot be read, Java's own
 * clock, which stands still then. Safe for use by many threads.
 */
public final class TimeSinceBoot implements LongSupplier {
  private static final int MAX_BYTES = 64;
  private static final long NANOS_IN_HUNDREDTH = 10_000_000;

  /** Not a channel: that is closed for all when a thread that reads it is interrupted. */
  private final RandomAccessFile file;

  private TimeSinceBoot(RandomAccessFile file) {
    this.file = file;
  }

  /** The clock of this machine. */
  public static LongSupplier open() {
    return open(Path.of("/proc/uptime"));
  }

  /** A clock that reads a file; Java's own if that is not to be read. */
  static LongSupplier open(Path path) {
    try {
      TimeSinceBoot clock = new TimeSinceBoot(new RandomAccessFile(path.toFile(), "r"));
      clock.read();
      return clock;
    } catch (IOException | RuntimeException _) {
      return System::nanoTime;
    }
  }

  /**
   * The time since boot, in nanoseconds.
   *
   * @throws IllegalStateException if it cannot be read, though it could before
   */
  @Override
  public long getAsLong() {
    try {
      return read();
    } catch (IOException e) {
      throw new IllegalStateException("/proc/uptime cannot be read any more", e);
    }
  }

  private synchronized long read() throws IOException {
    byte[] bytes = new byte[MAX_BYTES];
    file.seek(0);
    int length = file.read(bytes);
    String text = new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
    int point = text.indexOf('.');
    long seconds = Long.parseLong(text, 0, point, 10);
    long hundredths = Long.parseLong(text, point + 1, point + 3, 10);
    return (seconds * 100 + hundredths) * NANOS_IN_HUNDREDTH;
  }
}
