package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Puts the lines of a file into a backlog in memory, on a thread of its own: a read may wait for
 * ever.
 */
final class LinePump {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final LocalBacklog backlog;
  private final BiConsumer<Long, String> onBadLine;
  private final JobLines lines = new JobLines(Bucket.none());
  private volatile Throwable failure;

  /**
   * A pump that has not begun.
   *
   * @param onBadLine is told of each line that can be none, by its number, and why
   */
  LinePump(InputStream in, LocalBacklog backlog, BiConsumer<Long, String> onBadLine) {
    this.in = in;
    this.backlog = backlog;
    this.onBadLine = onBadLine;
  }

  void start() {
    Thread.ofPlatform().daemon().name("reader").start(this::run);
  }

  private void run() {
    try {
      byte[] buffer = new byte[BUFFER];
      boolean wanted = true;
      for (int n = in.read(buffer); wanted && n >= 0; n = in.read(buffer)) {
        wanted = put(lines.add(buffer, n));
      }
      if (wanted) {
        put(lines.end());
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      backlog.complete();
    }
  }

  private boolean put(List<JobLines.Line> some) throws InterruptedException {
    for (JobLines.Line line : some) {
      String problem = problem(line);
      if (problem != null) {
        onBadLine.accept(line.number(), problem);
        continue;
      }
      if (!backlog.put(LocalBacklog.LocalJob.ofLine(line.number(), line.text()))) {
        return false;
      }
    }
    return true;
  }

  /** Why a line can be no job; null if it can. */
  private static String problem(JobLines.Line line) {
    boolean tooLarge =
        line.problem() == null
            ? MessageFormat.utf8Length(line.text()) > MessageFormat.MAX_BYTES
            : line.problem().equals(Bucket.none().tooLarge());
    return tooLarge ? "is longer than 1 MiB, the most that SQS takes" : line.problem();
  }

  /** Why the lines could not be read to their end; null if they could, or are not read yet. */
  Throwable failure() {
    return failure;
  }
}
