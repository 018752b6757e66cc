package com.amazonaws.jobprocessor.bench;

/** Something that goes on beside a worker, from before its start until it is closed. */
interface Beside extends AutoCloseable {
  /** Nothing. */
  Beside NOTHING = () -> {};

  @Override
  void close();
}
