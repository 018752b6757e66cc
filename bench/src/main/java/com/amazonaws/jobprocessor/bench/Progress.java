package com.amazonaws.jobprocessor.bench;

/** Says on a terminal what is being done; says nothing in a pipe. */
final class Progress {
  private final boolean terminal;

  Progress(boolean terminal) {
    this.terminal = terminal;
  }

  /** One for standard error, of which the script knows whether it is a terminal. */
  static Progress ofEnvironment() {
    return new Progress(System.getenv("BENCH_PROGRESS") != null);
  }

  void show(String text) {
    if (terminal) {
      System.err.print("\r" + text + "\u001b[K");
    }
  }

  void clear() {
    show("");
  }
}
