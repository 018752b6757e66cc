package com.amazonaws.jobprocessor.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an executor has thrown, as text: its message, the innermost cause, and where in the
 * executor's own code it came from. Never throws, whatever the methods of the thrown object do.
 */
public final class ThrowableText {
  /** The most that {@link #of} returns, in bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  /** More than even a loop of retries wraps, so that the innermost one is found. */
  private static final int MAX_CAUSES = 10_000;

  private static final int MAX_CAUSE_BYTES = 512;
  private static final int MAX_FRAME_BYTES = 200;
  private static final String SEPARATOR = "; ";
  private static final String CUT = "...";
  private static final String OURS = "com.amazonaws.jobprocessor.";
  private static final String OUR_EXECUTORS = OURS + "executors.";
  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

  private ThrowableText() {}

  /** As {@link #of(Throwable, UnaryOperator)}, with nothing to be hidden. */
  public static String of(Throwable thrown) {
    return of(thrown, UnaryOperator.identity());
  }

  /** As {@link #of(Throwable, UnaryOperator, String)}, of an executor that is not known. */
  public static String of(Throwable thrown, UnaryOperator<String> redact) {
    return of(thrown, redact, "");
  }

  /**
   * The message; the innermost cause, if there is one, as {@code caused by CLASS: MESSAGE}; and the
   * first frame of the executor's own code as {@code at FRAME}. At most 1 KiB of UTF-8: of longer
   * messages the middle is left out.
   *
   * @param redact takes secrets out of a message, before it is cut
   * @param executor the name of the executor's class: its package is its own code, and what else is
   *     neither the JDK's nor ours is only taken for that if nothing of the package is there
   */
  public static String of(Throwable thrown, UnaryOperator<String> redact, String executor) {
    List<Throwable> chain = chain(thrown);
    String own = at(chain, name -> isOf(executor, name));
    String at = own.isEmpty() ? at(chain, ThrowableText::isExecutors) : own;
    String frame = cut(at, MAX_FRAME_BYTES);
    String message = messageOf(thrown, redact);
    String cause = chain.size() == 1 ? "" : describe(chain.get(chain.size() - 1), redact);
    if (chain.size() > 1 && message.equals(cause)) {
      message = ""; // Throwable(Throwable) makes the cause's text its own message
    }
    int room = MAX_BYTES - withSeparator(frame);
    if (!cause.isEmpty()) {
      int left = room - withSeparator(message);
      cause = cut("caused by " + cause, Math.max(MAX_CAUSE_BYTES, left));
      room -= withSeparator(cause);
    }
    return join(cut(message, room), cause, frame);
  }

  private static int withSeparator(String part) {
    return part.isEmpty() ? 0 : MessageFormat.utf8Length(part) + SEPARATOR.length();
  }

  private static String join(String... parts) {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : SEPARATOR).append(part);
      }
    }
    return text.toString();
  }

  /** The thrown object and its causes, outermost first; ends where a cause comes again. */
  public static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable next = thrown;
    while (next != null && chain.size() < MAX_CAUSES && seen.add(next)) {
      chain.add(next);
      next = causeOf(next);
    }
    return chain;
  }

  private static @Nullable Throwable causeOf(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable e) { // it is the executor's code, too
      return null;
    }
  }

  /** The message, redacted; empty if there is none. */
  public static String messageOf(Throwable thrown, UnaryOperator<String> redact) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : redact.apply(message);
    } catch (Throwable e) {
      return "(its getMessage() threw " + e.getClass().getName() + ")";
    }
  }

  /** Class and message, redacted. */
  private static String describe(Throwable thrown, UnaryOperator<String> redact) {
    String message = messageOf(thrown, redact);
    return thrown.getClass().getName() + (message.isEmpty() ? "" : ": " + message);
  }

  /** The frames, innermost first; none if the thrown object does not tell them. */
  public static List<StackTraceElement> framesOf(Throwable thrown) {
    try {
      List<StackTraceElement> frames = new ArrayList<>();
      for (StackTraceElement frame : thrown.getStackTrace()) {
        if (frame != null) {
          frames.add(frame);
        }
      }
      return frames;
    } catch (Throwable e) {
      return List.of();
    }
  }

  /** The first frame of one of the classes: of the innermost cause that has one. */
  private static String at(List<Throwable> chain, Predicate<String> classes) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      Throwable thrown = chain.get(i);
      for (StackTraceElement frame : framesOf(thrown)) {
        if (classes.test(frame.getClassName())) {
          return "at " + shown(frame);
        }
      }
    }
    return "";
  }

  /** The executor's class, what is nested in it, its package and those below. */
  private static boolean isOf(String executor, String className) {
    if (className.startsWith(executor)
        && (className.length() == executor.length()
            || className.charAt(executor.length()) == '$')) {
      return true;
    }
    String itsPackage = executor.substring(0, executor.lastIndexOf('.') + 1);
    // Ours run each executor: they are its own only if it has put itself below them.
    return !itsPackage.isEmpty()
        && className.startsWith(itsPackage)
        && (!className.startsWith(OURS)
            || (itsPackage.startsWith(OURS) && !itsPackage.equals(OURS)));
  }

  private static boolean isExecutors(String className) {
    return className.startsWith(OURS)
        ? className.startsWith(OUR_EXECUTORS)
        : JDK.stream().noneMatch(className::startsWith);
  }

  /** Without class loader and module, which tell nothing here. */
  private static String shown(StackTraceElement frame) {
    String file = frame.getFileName() == null ? "Unknown Source" : frame.getFileName();
    String line = frame.getLineNumber() >= 0 ? ":" + frame.getLineNumber() : "";
    return frame.getClassName() + "." + frame.getMethodName() + "(" + file + line + ")";
  }

  /**
   * The text if it has at most so many bytes in UTF-8; else its beginning and its end, with {@code
   * ...} between them, cut at characters.
   */
  public static String cut(String text, int maxBytes) {
    if (fits(text, maxBytes)) {
      return text;
    }
    int room = maxBytes - CUT.length();
    if (room < 2) {
      return MessageFormat.cut(text, Math.max(0, maxBytes));
    }
    String end = end(text, room / 2);
    return MessageFormat.cut(text, room - MessageFormat.utf8Length(end)) + CUT + end;
  }

  /** Without counting all of a long text. */
  private static boolean fits(String text, int maxBytes) {
    return text.length() <= maxBytes && MessageFormat.utf8Length(text) <= maxBytes;
  }

  private static String end(String text, int maxBytes) {
    int at = text.length();
    int bytes = 0;
    while (at > 0) {
      int c = text.codePointBefore(at);
      bytes += MessageFormat.utf8Length(Character.toString(c));
      if (bytes > maxBytes) {
        break;
      }
      at -= Character.charCount(c);
    }
    return text.substring(at);
  }
}
