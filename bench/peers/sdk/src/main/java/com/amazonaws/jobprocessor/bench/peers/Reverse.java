package com.amazonaws.jobprocessor.bench.peers;

/** The job that all workers do. */
final class Reverse {
  private Reverse() {}

  static String text(String text) {
    return new StringBuilder(text).reverse().toString();
  }
}
