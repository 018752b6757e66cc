package com.amazonaws.jobprocessor.work.call;

/** Where a test of several threads wants others to come between. */
public final class Interleaving {
  private Interleaving() {}

  /** Lets other threads run. */
  @SuppressWarnings("ThreadPriorityCheck")
  public static void here() {
    Thread.yield();
  }
}
