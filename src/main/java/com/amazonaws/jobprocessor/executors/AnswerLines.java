package com.amazonaws.jobprocessor.executors;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a process prints, a line each. Lines without a word are passed over. For one
 * thread at a time, whose interrupt breaks a read.
 */
final class AnswerLines {
  /** In JSON a text may take up to three times its bytes: {@code \u00fc} for two. */
  private static final long MAX_LINE = 3L * Collected.MAX_RESULT;

  private static final int MAX_BLANK_PIECES = 100;

  private final FileInputStream in;
  private final FileChannel channel;
  private final byte[] buffer = new byte[16 * 1024];
  private final ByteBuffer view = ByteBuffer.wrap(buffer);

  /** What has been read and not been taken. */
  private int from;

  private int to;

  AnswerLines(FileInputStream in) {
    this.in = in;
    this.channel = in.getChannel();
  }

  /**
   * Waits until the process prints anything but blanks.
   *
   * @return false if it has closed its output
   * @throws ResultTooLarge if it prints more blanks than any answer has bytes
   */
  boolean awaitWord() throws IOException {
    long blanks = 0;
    while (!hasWord()) {
      int n = fill();
      if (n < 0) {
        return false;
      }
      blanks += n;
      if (blanks > MAX_LINE) {
        throw new ResultTooLarge("the answer");
      }
    }
    return true;
  }

  /**
   * Waits for the next answer.
   *
   * @return null if the process has closed its output
   * @throws InvalidAnswer if it is no answer to that job, or there is a second one
   * @throws ResultTooLarge if it is longer than any result can be
   */
  @Nullable CommandAnswer next(String jobId) throws IOException, InterruptedException {
    long read = 0;
    while (true) {
      int end = endOfLine();
      if (end >= 0) {
        int start = from;
        from = end + 1;
        CommandAnswer answer = CommandAnswer.of(buffer, start, end - start, jobId);
        throwIfMore();
        return answer;
      }
      if (to == buffer.length) {
        return longAnswer(jobId);
      }
      int n = fill();
      if (n < 0) {
        return null;
      }
      read += n;
      if (read > MAX_LINE) {
        throw new ResultTooLarge("the answer");
      }
    }
  }

  /** Passes over blanks. */
  private boolean hasWord() {
    while (from < to && buffer[from] <= ' ' && buffer[from] >= 0) {
      from++;
    }
    if (from < to) {
      return true;
    }
    from = 0;
    to = 0;
    return false;
  }

  /** The end of the first line that has a word; -1 if it has not come. Moves to its begin. */
  private int endOfLine() {
    hasWord();
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    return -1;
  }

  private int fill() throws IOException {
    view.limit(buffer.length).position(to);
    int n = channel.read(view);
    to += Math.max(n, 0);
    return n;
  }

  /** All of the buffer is the beginning of one answer. */
  private @Nullable CommandAnswer longAnswer(String jobId)
      throws IOException, InterruptedException {
    try (Collected line = new Collected(MAX_LINE)) {
      int end = -1;
      while (end < 0) {
        line.add(buffer, 0, to);
        to = 0;
        if (line.isOverLimit()) {
          throw new ResultTooLarge("the answer");
        }
        if (fill() < 0) {
          return null;
        }
        end = lineEnd();
      }
      line.add(buffer, 0, end);
      from = end + 1;
      CommandAnswer answer =
          LargeTexts.make(line.size(), () -> CommandAnswer.of(line.stream(), jobId));
      throwIfMore();
      return answer;
    }
  }

  private int lineEnd() {
    for (int i = 0; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void throwIfMore() {
    if (hasWord()) {
      throw new InvalidAnswer("there is more than one answer to the job: " + excerpt());
    }
  }

  /** The beginning, quoted, of what has been read and not been taken. */
  String excerpt() {
    return Excerpt.of(buffer, from, to - from);
  }

  /** Whether there is something to read that has not been read. */
  boolean isWaiting() throws IOException {
    return in.available() > 0;
  }

  /**
   * What the process has printed without being asked, without waiting for more.
   *
   * @return its beginning, quoted; null if there is nothing but blanks
   */
  @Nullable String unasked() throws IOException {
    for (int pieces = 0; pieces < MAX_BLANK_PIECES && isWaiting() && fill() >= 0; pieces++) {
      if (hasWord()) {
        return excerpt();
      }
    }
    return null;
  }
}
