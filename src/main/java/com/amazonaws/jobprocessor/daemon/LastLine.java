package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.logging.Journal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The last line of a process that is about to end at once. */
final class LastLine {
  /** A job that has taken all of the heap may have ended by the next time. */
  private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int TRIES = 20;

  private static final String WITHOUT_MEMORY =
      "ERROR the process ends at once: java.lang.OutOfMemoryError, and there is no memory left to say where;"
          + " give the JVM more (-Xmx in JOB_PROCESSOR_JVM_OPTS), or the jobs less\n";

  // Made while there is memory: what is written from here takes none.
  private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
  private static final byte[] INSTEAD =
      ((Journal.ours().readsOut() ? "<3>" : "") + WITHOUT_MEMORY).getBytes(StandardCharsets.UTF_8);

  private LastLine() {}

  /** To be called while there is memory. */
  static void prepare() {
    // The class is initialized by now.
  }

  /**
   * Writes the line; if that takes too long, the process ends without it: the log may be a pipe
   * that nobody reads. Else whoever calls this ends the process.
   */
  static void say(Runnable line, Duration patience, int status) {
    say(line, patience, () -> Runtime.getRuntime().halt(status));
  }

  static void say(Runnable line, Duration patience, Runnable end) {
    endAfter(patience, end);
    say(line, OUT);
  }

  /** Says instead that there is no memory, if there is none for the line. */
  static void say(Runnable line, OutputStream out) {
    for (int i = 0; i < TRIES; i++) {
      try {
        line.run();
        return;
      } catch (OutOfMemoryError e) {
        LockSupport.parkNanos(BETWEEN_TRIES);
      }
    }
    sayWithoutMemory(out);
  }

  /** To be called if there is no memory even to call {@link #say}. */
  static void sayWithoutMemory() {
    sayWithoutMemory(OUT);
  }

  private static void sayWithoutMemory(OutputStream out) {
    try {
      out.write(INSTEAD);
    } catch (IOException e) {
      // nobody reads it
    }
  }

  /** On a platform thread: while others hang, a virtual one may be left without a carrier. */
  private static void endAfter(Duration patience, Runnable end) {
    try {
      Thread.ofPlatform().name("last-line").daemon().start(() -> sleepAndEnd(patience, end));
    } catch (OutOfMemoryError e) {
      // There is no thread to be had, which may be why the process ends: that is to be read.
    }
  }

  private static void sleepAndEnd(Duration patience, Runnable end) {
    try {
      Thread.sleep(patience);
    } catch (InterruptedException e) {
      // nobody interrupts it
    } finally {
      end.run();
    }
  }
}
