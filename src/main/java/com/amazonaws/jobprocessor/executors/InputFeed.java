package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Writes what does not fit a process's pipe at once, on a thread of its own: the process may print
 * more than a pipe holds before it reads its job.
 */
final class InputFeed {
  private final Thread thread;
  private final Pipes pipes;

  private InputFeed(Thread thread, Pipes pipes) {
    this.thread = thread;
    this.pipes = pipes;
  }

  /**
   * Writes the rest of a job, until the pipe is closed at most.
   *
   * @throws ExecutorUnavailable if the system has no thread for it
   */
  static InputFeed start(CommandJob rest, Pipes pipes, Command command) {
    try {
      return new InputFeed(
          Thread.ofPlatform().daemon().name("command-input").start(() -> write(rest, pipes)),
          pipes);
    } catch (OutOfMemoryError e) {
      throw command.noThreads(e);
    }
  }

  private static void write(CommandJob rest, Pipes pipes) {
    byte[] piece = new byte[Pipes.PIECE];
    try {
      for (int n = rest.fill(piece, piece.length); n > 0; n = rest.fill(piece, piece.length)) {
        // By the channel, which wakes when it is closed, whoever else holds the pipe.
        for (ByteBuffer left = ByteBuffer.wrap(piece, 0, n); left.hasRemaining(); ) {
          pipes.input().getChannel().write(left);
        }
      }
    } catch (IOException e) {
      // it was ended
    }
  }

  /**
   * Whether the process, which has answered, has read all of its job. It has not if it has left
   * something in the pipe: that is not waited for. If not, all is written as soon as the thread is
   * scheduled, in so many milliseconds at most.
   */
  boolean isTaken(long millis) throws IOException {
    long begin = System.nanoTime();
    try {
      while (!thread.join(Duration.ofMillis(1))) {
        if (pipes.unread() > 0 || System.nanoTime() - begin > millis * 1_000_000) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // there is an answer
      return false;
    }
  }
}
