package com.amazonaws.jobprocessor.daemon;

import java.time.Duration;

/** The last line of a process that is about to end at once. */
final class LastLine {
  private LastLine() {}

  /**
   * Writes the line; if that takes too long, the process ends without it: the log may be a pipe
   * that nobody reads. Else whoever calls this ends the process.
   */
  static void say(Runnable line, Duration patience, int status) {
    say(line, patience, () -> Runtime.getRuntime().halt(status));
  }

  static void say(Runnable line, Duration patience, Runnable end) {
    endAfter(patience, end);
    line.run();
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
