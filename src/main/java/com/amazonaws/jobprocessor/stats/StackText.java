package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.message.ThrowableText;
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
  private static final int MAX_FRAMES = 40;
  private static final int MAX_MESSAGE_BYTES = 1024;
  private static final int MAX_FRAME_BYTES = 300;
  private static final String WORKER = "com.amazonaws.jobprocessor.work.";

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
    }
    return new StackText(lines);
  }

  private static String head(Throwable thrown, UnaryOperator<String> redact) {
    String message = ThrowableText.cut(ThrowableText.messageOf(thrown, redact), MAX_MESSAGE_BYTES);
    String type = ThrowableText.cut(thrown.getClass().getName(), MAX_FRAME_BYTES);
    return message.isEmpty() ? type : type + ": " + message;
  }

  /** Frames that an outer exception has, too, are counted only, as are those behind the last. */
  private static void addFrames(
      List<String> lines, List<StackTraceElement> frames, Set<StackTraceElement> told) {
    int shared = frames.size();
    while (shared > 0 && told.contains(frames.get(shared - 1))) {
      shared--;
    }
    int shown = 0;
    while (shown < Math.min(shared, MAX_FRAMES)
        && !frames.get(shown).getClassName().startsWith(WORKER)) {
      lines.add("\tat " + ThrowableText.cut(frames.get(shown).toString(), MAX_FRAME_BYTES));
      shown++;
    }
    if (shown < frames.size()) {
      lines.add("\t... " + (frames.size() - shown) + " more");
    }
    told.addAll(frames);
  }

  /** What makes two failures the same kind: the type, and where it was thrown. */
  static String kind(Throwable thrown) {
    List<StackTraceElement> frames = ThrowableText.framesOf(thrown);
    String kind = thrown.getClass().getName() + (frames.isEmpty() ? "" : frames.getFirst());
    return ThrowableText.cut(kind, MAX_MESSAGE_BYTES);
  }

  /** The lines, for a log that does not know this class. */
  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
