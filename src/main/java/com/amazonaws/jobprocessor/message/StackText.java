package com.amazonaws.jobprocessor.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A stack trace with its causes, of bounded length, without the worker's own frames: for the log.
 * Making it throws nothing, whatever the methods of the thrown object do.
 *
 * @param lines as the JVM prints them
 */
public record StackText(List<String> lines) {
  private static final int MAX_THROWABLES = 8;
  private static final int FIRST_FRAMES = 25;
  private static final int LAST_FRAMES = 15;
  private static final int MAX_CHARS = 32 * 1024;
  private static final int MAX_SUPPRESSED = 3;
  private static final int MAX_MESSAGE_BYTES = 1024;
  private static final int MAX_FRAME_BYTES = 300;
  private static final List<String> WORKER =
      List.of("com.amazonaws.jobprocessor.work.", "com.amazonaws.jobprocessor.plugin.");

  /** Copies the lines. */
  public StackText {
    lines = List.copyOf(lines);
  }

  /**
   * The trace; of many causes the middle ones are left out.
   *
   * @param redact takes secrets out of a message, before it is cut
   */
  public static StackText of(Throwable thrown, UnaryOperator<String> redact) {
    List<String> lines = new ArrayList<>();
    List<Throwable> chain = ThrowableText.chain(thrown);
    Set<StackTraceElement> told = new HashSet<>();
    for (int i = 0; i < chain.size(); i++) {
      if (i == MAX_THROWABLES - 1 && chain.size() > MAX_THROWABLES) {
        lines.add("... " + (chain.size() - MAX_THROWABLES) + " more causes");
        i = chain.size() - 1;
      }
      lines.add((i == 0 ? "" : "Caused by: ") + head(chain.get(i), redact));
      addFrames(lines, ThrowableText.framesOf(chain.get(i)), told);
      addSuppressed(lines, chain.get(i).getSuppressed(), redact);
    }
    return new StackText(withinBounds(lines));
  }

  /** The first ones and the last one, if there are too many for a log. */
  private static List<String> withinBounds(List<String> lines) {
    String last = lines.get(lines.size() - 1);
    int room = MAX_CHARS - last.length();
    for (int i = 0; i < lines.size() - 1; i++) {
      room -= lines.get(i).length();
      if (room < 0) {
        List<String> some = new ArrayList<>(lines.subList(0, i));
        some.add("... " + (lines.size() - 1 - i) + " lines left out");
        some.add(last);
        return some;
      }
    }
    return lines;
  }

  private static String head(Throwable thrown, UnaryOperator<String> redact) {
    String message = ThrowableText.cut(ThrowableText.messageOf(thrown, redact), MAX_MESSAGE_BYTES);
    String type = ThrowableText.cut(thrown.getClass().getName(), MAX_FRAME_BYTES);
    return message.isEmpty() ? type : type + ": " + message;
  }

  /**
   * Frames that an outer exception has, too, are counted only, as are those of the worker. Of many
   * the middle ones are left out: the last ones tell from where in the executor it came.
   */
  private static void addFrames(
      List<String> lines, List<StackTraceElement> frames, Set<StackTraceElement> told) {
    int shared = frames.size();
    while (shared > 0 && told.contains(frames.get(shared - 1))) {
      shared--;
    }
    int end = 0;
    while (end < shared && !isWorkers(frames.get(end))) {
      end++;
    }
    for (int i = 0; i < end; i++) {
      if (i == FIRST_FRAMES && end > FIRST_FRAMES + LAST_FRAMES) {
        i = end - LAST_FRAMES;
        lines.add("\t... " + (i - FIRST_FRAMES) + " frames left out");
      }
      lines.add("\tat " + ThrowableText.cut(frames.get(i).toString(), MAX_FRAME_BYTES));
    }
    if (end < frames.size()) {
      lines.add("\t... " + (frames.size() - end) + " more");
    }
    told.addAll(frames);
  }

  private static boolean isWorkers(StackTraceElement frame) {
    return WORKER.stream().anyMatch(frame.getClassName()::startsWith);
  }

  /** A line each: the last attempts of a client that has tried several times, for one. */
  private static void addSuppressed(
      List<String> lines, Throwable[] suppressed, UnaryOperator<String> redact) {
    for (int i = 0; i < Math.min(suppressed.length, MAX_SUPPRESSED); i++) {
      String type = ThrowableText.cut(suppressed[i].getClass().getName(), MAX_FRAME_BYTES);
      lines.add("\tSuppressed: " + type + ": " + ThrowableText.of(suppressed[i], redact));
    }
    if (suppressed.length > MAX_SUPPRESSED) {
      lines.add("\t... " + (suppressed.length - MAX_SUPPRESSED) + " more suppressed");
    }
  }

  /** What makes two failures the same kind: the type, and where it was thrown. */
  public static String kind(Throwable thrown) {
    List<StackTraceElement> frames = ThrowableText.framesOf(thrown);
    String kind = thrown.getClass().getName() + (frames.isEmpty() ? "" : frames.get(0));
    return ThrowableText.cut(kind, MAX_MESSAGE_BYTES);
  }

  /** The lines, for a log that does not know this class. */
  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
