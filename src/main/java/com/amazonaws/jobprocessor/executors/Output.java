package com.amazonaws.jobprocessor.executors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a process's output to its end beside the process, and keeps the first or the last bytes of
 * it.
 *
 * <p>On a platform thread, though it only waits: a virtual one that reads a pipe keeps its carrier,
 * and 150 commands at a time were measured to take all carriers (256 at most) from everything else
 * in the worker.
 */
final class Output {
  private final InputStream in;
  private final int most;
  private final boolean keepLast;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private boolean tooLong;

  private Output(InputStream in, int most, boolean keepLast) {
    this.in = in;
    this.most = most;
    this.keepLast = keepLast;
  }

  /** Keeps the first bytes, and says if there were more. */
  static Output first(InputStream in, int most) {
    return new Output(in, most, false).start();
  }

  /** Keeps the last bytes. */
  static Output last(InputStream in, int most) {
    return new Output(in, most, true).start();
  }

  private Output start() {
    Thread.ofPlatform().daemon().name("command-output").start(this::read);
    return this;
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (in) {
      readAll(buffer);
    } catch (IOException e) {
      // closed because the process was killed: what came before is kept
    } finally {
      ended.countDown();
    }
  }

  /**
   * Holds the stream's monitor all the time: when a process exits, the JDK takes it, keeps what is
   * in the pipe and closes it (ProcessImpl.ProcessPipeInputStream.processExited). That cut off
   * children that print on, as in {@code exec > >(tee log)}, in 58 of 150 runs.
   */
  private void readAll(byte[] buffer) throws IOException {
    synchronized (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        keep(buffer, n);
      }
    }
  }

  private synchronized void keep(byte[] buffer, int n) {
    if (keepLast) {
      kept.write(buffer, 0, n);
      if (kept.size() > 4 * most) {
        byte[] all = kept.toByteArray();
        kept.reset();
        kept.write(all, all.length - most, most);
      }
    } else {
      int room = most - kept.size();
      kept.write(buffer, 0, Math.min(n, room));
      tooLong |= n > room;
    }
  }

  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(millis, TimeUnit.MILLISECONDS);
  }

  synchronized boolean isTooLong() {
    return tooLong;
  }

  /** What was kept, as UTF-8; null if it is none. */
  synchronized @Nullable String strictText() {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(kept.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The last bytes that were kept, from the beginning of a character. */
  synchronized String lastText() {
    byte[] all = kept.toByteArray();
    int from = Math.max(0, all.length - most);
    while (from > 0 && from < all.length && (all[from] & 0xC0) == 0x80) {
      from++;
    }
    return new String(all, from, all.length - from, StandardCharsets.UTF_8);
  }
}
