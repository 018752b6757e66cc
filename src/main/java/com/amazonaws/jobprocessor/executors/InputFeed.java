package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes what does not fit a process's pipe at once, on a thread of its own: the process may print
 * more than a pipe holds before it reads its job.
 */
final class InputFeed {
  private final CommandJob rest;
  private final Pipes pipes;
  private final byte[] piece = new byte[Pipes.PIECE];
  private final ByteBuffer left = ByteBuffer.wrap(piece);
  private final Thread thread;
  private volatile @Nullable OutOfMemoryError failure;

  private InputFeed(CommandJob rest, Pipes pipes) {
    this.rest = rest;
    this.pipes = pipes;
    this.thread = Thread.ofPlatform().daemon().name("command-input").unstarted(this::write);
  }

  /**
   * Writes the rest of a job, until the pipe is closed at most.
   *
   * @throws ExecutorUnavailable if the system has no thread for it
   */
  static InputFeed start(CommandJob rest, Pipes pipes, Command command) {
    try {
      InputFeed feed = new InputFeed(rest, pipes);
      feed.thread.start();
      return feed;
    } catch (OutOfMemoryError e) {
      throw command.noThreads(e);
    }
  }

  private void write() {
    try {
      for (int n = rest.fill(piece, piece.length); n > 0; n = rest.fill(piece, piece.length)) {
        // By the channel, which wakes when it is closed, whoever else holds the pipe.
        left.clear().limit(n);
        while (left.hasRemaining()) {
          pipes.input().getChannel().write(left);
        }
      }
    } catch (IOException e) {
      // it was ended
    } catch (OutOfMemoryError e) {
      failure = e;
      pipes.closeOutput(); // nobody is to wait for the answer to a part of a job
    }
  }

  /** Fails as writing did, if there was something to write, and no memory for it. */
  static void throwIfFailed(@Nullable InputFeed feed) {
    OutOfMemoryError thrown = feed == null ? null : feed.failure;
    if (thrown != null) {
      throw thrown;
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
      return failure == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // there is an answer
      return false;
    }
  }
}
