package com.amazonaws.jobprocessor.executors;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/** Where the heap is small, large texts are made one after the other. */
final class LargeTexts {
  private static final int MEBIBYTE = 1024 * 1024;

  /** What a text takes while it is made: its builder, and the copy, of two bytes a character. */
  private static final int COPIES = 4;

  /** Mebibytes. */
  private static final int ROOM =
      Math.clamp(Runtime.getRuntime().maxMemory() / 4 / MEBIBYTE, 1, Integer.MAX_VALUE);

  private static final Semaphore room = new Semaphore(ROOM, true);

  private LargeTexts() {}

  /** Makes something of bytes. */
  interface Making<T> {
    T make() throws IOException;
  }

  /**
   * Makes something of so many bytes, at once or when there is room.
   *
   * @throws InterruptedException while it waits for room
   */
  static <T> T make(long bytes, Making<T> making) throws IOException, InterruptedException {
    if (bytes <= MEBIBYTE) {
      return making.make();
    }
    int needed = (int) Math.min(ROOM, (bytes / MEBIBYTE + 1) * COPIES);
    room.acquire(needed);
    try {
      return making.make();
    } finally {
      room.release(needed);
    }
  }
}
