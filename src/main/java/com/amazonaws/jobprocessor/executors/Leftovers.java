package com.amazonaws.jobprocessor.executors;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a process of {@link PersistentCommand} leaves behind when it ends by itself. A child has
 * inherited its output and may hold it open for ever: whoever waits for an answer would never see
 * that nobody is left to give it.
 */
final class Leftovers {
  private static final long GRACE_MILLIS = 1_000;
  private static final int MAX_LOOKS = 60;

  private final Process process;
  private final ProcessTree tree;
  private final Pipes pipes;
  private final CountDownLatch released = new CountDownLatch(1);

  private Leftovers(Process process, ProcessTree tree, Pipes pipes) {
    this.process = process;
    this.tree = tree;
    this.pipes = pipes;
  }

  /** Ends them a second after the process, unless they are released before. */
  static Leftovers watch(Process process, ProcessTree tree, Pipes pipes) {
    Leftovers leftovers = new Leftovers(process, tree, pipes);
    Thread.ofVirtual().name("command-leftovers").start(leftovers::end);
    return leftovers;
  }

  /** From now on somebody else sees to the end of the process and of all that it started. */
  void release() {
    released.countDown();
  }

  private void end() {
    try {
      process.waitFor();
      if (!isReleasedInTime()) {
        tree.kill();
        closeOutput();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that
    }
  }

  private boolean isReleasedInTime() throws InterruptedException {
    return released.await(GRACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** One that has left the tree may hold it still. What the process has printed is read before. */
  private void closeOutput() throws InterruptedException {
    for (int i = 0; i < MAX_LOOKS && !isReleasedInTime(); i++) {
      if (isOutputRead()) {
        pipes.closeOutput();
        return;
      }
    }
  }

  private boolean isOutputRead() {
    try {
      return pipes.output().available() == 0;
    } catch (IOException e) {
      return true; // it is closed
    }
  }
}
