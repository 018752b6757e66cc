package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a process's output to its end beside the process.
 *
 * <p>On a platform thread, though it only waits: a virtual one that reads a pipe keeps its carrier,
 * and 150 commands at a time were measured to take all carriers (256 at most) from everything else
 * in the worker.
 */
final class Output {
  /** Where the bytes go. */
  interface Sink {
    void add(byte[] bytes, int offset, int length) throws IOException;
  }

  private static final int SLICES = 10;
  private static final long WITHOUT_MEMORY = Duration.ofMillis(10).toNanos();

  private final InputStream in;
  private final Sink sink;
  private final byte[] buffer = new byte[8192];
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;

  /** The sink has what was read last; a disk may be slow. */
  private volatile boolean keeping;

  private Output(InputStream in, Sink sink) {
    this.in = in;
    this.sink = sink;
  }

  /** Begins to read. */
  static Output read(InputStream in, Sink sink) {
    Output output = new Output(in, sink);
    Thread.ofPlatform().daemon().name("command-output").start(output::readToEnd);
    return output;
  }

  private void readToEnd() {
    try (in) {
      while (!readAll()) {
        LockSupport.parkNanos(WITHOUT_MEMORY);
      }
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
   *
   * @return false if there is no memory to read on, which is a failure of what was read
   */
  private boolean readAll() throws IOException {
    try {
      synchronized (in) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          keep(n);
        }
      }
      return true;
    } catch (OutOfMemoryError e) {
      failure = e;
      return false;
    }
  }

  /** What a full disk, or no memory for what was printed, is to the job, its thread sees to. */
  private void keep(int n) {
    if (failure == null) {
      keeping = true;
      try {
        sink.add(buffer, 0, n);
      } catch (IOException | ExecutorUnavailable | OutOfMemoryError e) {
        failure = e;
      } finally {
        keeping = false;
      }
    }
  }

  /**
   * Waits until all has been read, or for so long. The time that the sink takes is not counted, and
   * a pause of the whole machine counts as a tenth: the reader wakes up no sooner than who waits.
   */
  boolean awaitEnd(long millis) throws InterruptedException {
    int slices = 0;
    while (slices < SLICES) {
      if (ended.await(Math.max(1, millis / SLICES), TimeUnit.MILLISECONDS)) {
        return true;
      }
      slices += keeping ? 0 : 1;
    }
    return false;
  }

  /** Why what was read could not be kept; null if it could. */
  @Nullable Throwable failure() {
    return failure;
  }
}
