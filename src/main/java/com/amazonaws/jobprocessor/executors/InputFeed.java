package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;

/**
 * Writes what does not fit a process's pipe at once, on a thread of its own: the process may print
 * more than a pipe holds before it reads its job.
 */
final class InputFeed {
  private final Thread thread;

  private InputFeed(Thread thread) {
    this.thread = thread;
  }

  /**
   * Writes the rest of a job, until the pipe is closed at most.
   *
   * @throws ExecutorUnavailable if the system has no thread for it
   */
  static InputFeed start(CommandJob rest, Pipes pipes, Command command) {
    try {
      return new InputFeed(
          Thread.ofPlatform().daemon().name("command-input").start(() -> write(rest, pipes)));
    } catch (OutOfMemoryError e) {
      throw command.noThreads(e);
    }
  }

  private static void write(CommandJob rest, Pipes pipes) {
    byte[] piece = new byte[Pipes.PIECE];
    try {
      for (int n = rest.fill(piece, piece.length); n > 0; n = rest.fill(piece, piece.length)) {
        pipes.input().write(piece, 0, n);
      }
    } catch (IOException e) {
      // it was ended
    }
  }

  /** Whether all is written, or will be within so many milliseconds. */
  boolean endsWithin(long millis) throws InterruptedException {
    thread.join(millis);
    return !thread.isAlive();
  }
}
