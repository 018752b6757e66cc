package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
  private final boolean skipBad;
  private final JobLines lines = new JobLines(Bucket.none());
  private volatile Throwable failure;

  /**
   * A pump that has not begun.
   *
   * @param skipBad true if lines that can be no job are left out, false if the first is the end
   * @param onBadLine is told of each line that can be none, by its number, and why
   */
  LinePump(
      InputStream in, LocalBacklog backlog, boolean skipBad, BiConsumer<Long, String> onBadLine) {
    this.skipBad = skipBad;
    this.in = in;
    this.backlog = backlog;
    this.onBadLine = onBadLine;
  }

  /**
   * Reads the lines of a file before any of them is run; of a pipe none.
   *
   * @throws Stop.Asked if the command is stopped meanwhile
   * @throws UserError if some can be no jobs, after each was told
   */
  static void check(String file, Stop stop, BiConsumer<Long, String> onBadLine) throws IOException {
    if (Input.isStandardInput(file) || !Files.isRegularFile(FileName.path(file))) {
      return;
    }
    JobLines lines = new JobLines(Bucket.none());
    long bad = 0;
    try (InputStream in = Input.open(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (stop.isAsked()) {
          throw new Stop.Asked();
        }
        bad += check(lines.add(buffer, n), onBadLine);
      }
      bad += check(lines.end(), onBadLine);
    }
    if (bad > 0) {
      throw new UserError(
          Text.count(bad, "line")
              + " of \""
              + file
              + "\" cannot be "
              + (bad == 1 ? "a job" : "jobs")
              + ": nothing was run; --skip-bad runs the others");
    }
  }

  private static long check(List<JobLines.Line> some, BiConsumer<Long, String> onBadLine) {
    long bad = 0;
    for (JobLines.Line line : some) {
      String problem = problem(line);
      if (problem != null) {
        onBadLine.accept(line.number(), problem);
        bad++;
      }
    }
    return bad;
  }

  void start() {
    Thread.ofPlatform().daemon().name("reader").start(this::run);
  }

  private void run() {
    try {
      byte[] buffer = new byte[BUFFER];
      boolean wanted = true;
      for (int n = in.read(buffer); n >= 0; n = wanted ? in.read(buffer) : -1) {
        wanted = put(lines.add(buffer, n));
      }
      if (wanted) {
        put(lines.end());
      }
    } catch (IOException | RuntimeException | Error e) {
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
        if (!skipBad) {
          return false;
        }
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
