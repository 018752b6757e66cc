package com.amazonaws.jobprocessor.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.message.ThrowableText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One line an event, its fields as {@code key=value} at the line's end; in the journal each line
 * begins with its level.
 */
public final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String OURS = "com.amazonaws.jobprocessor.";

  /** What the thread of a running job has in SLF4J's MDC. */
  private static final String JOB_ID = "job_id";

  private static final String ATTEMPT = "attempt";

  /** Of a message, a key, a value, or a line of a stack trace. */
  private static final int MAX_TEXT_BYTES = 32 * 1024;

  /** The journal breaks longer lines (LineMax, 48 KiB), and what follows has no level then. */
  private static final int MAX_LINE_BYTES = 47 * 1024;

  private static final int MAX_STACK_LINES = 200;
  private static final int MAX_STACK_CHARS = 64 * 1024;

  private final boolean journal;
  private volatile UnaryOperator<String> redact = UnaryOperator.identity();

  /**
   * With {@code journal}, prefixes as in sd-daemon(3) instead of time and level: the journal has
   * both.
   */
  public LogLayout(boolean journal) {
    this.journal = journal;
  }

  /** From now on every text goes through this, before it is escaped. */
  public void redact(UnaryOperator<String> operator) {
    redact = operator;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    List<KeyValuePair> pairs =
        event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
    String head = journal ? priority(event.getLevel()) : head(event);
    StringBuilder text = new StringBuilder(200).append(head).append(message(event));
    if (!event.getLoggerName().startsWith(OURS)) {
      append(text, "logger", redact.apply(event.getLoggerName()));
    }
    appendJob(text, pairs, event.getMDCPropertyMap());
    for (KeyValuePair pair : pairs) {
      if (!(pair.value instanceof StackText)) {
        append(text, text(pair.key), text(pair.value));
      }
    }
    StringBuilder lines = new StringBuilder(text.length() + 1);
    appendLine(lines, text.toString());
    appendStack(lines, journal ? head : "    ", stack(event, pairs));
    return lines.toString();
  }

  private static void appendStack(StringBuilder lines, String head, Stream<String> stack) {
    int most = lines.length() + MAX_STACK_CHARS;
    for (String line : stack.limit(MAX_STACK_LINES).toList()) {
      if (lines.length() > most) {
        appendLine(lines, head + "... the rest is left out");
        return;
      }
      appendLine(lines, head + shown(ThrowableText.cut(line, MAX_TEXT_BYTES)));
    }
  }

  private static void appendLine(StringBuilder lines, String line) {
    lines.append(ThrowableText.cut(line, MAX_LINE_BYTES)).append('\n');
  }

  private String message(ILoggingEvent event) {
    return oneLine(text(event.getFormattedMessage()));
  }

  /** Without secrets, and bounded. */
  private String text(@Nullable Object value) {
    return ThrowableText.cut(redact.apply(string(value)), MAX_TEXT_BYTES);
  }

  /** Executors log what they like: a line that cannot be made would be lost without a word. */
  private static String string(@Nullable Object value) {
    try {
      String string = value == null ? null : value.toString();
      return string == null ? "null" : string;
    } catch (Throwable e) {
      return "(its toString() threw " + e.getClass().getName() + ")";
    }
  }

  /** The job whose thread this is, unless the line names a job by itself. */
  private void appendJob(
      StringBuilder text, List<KeyValuePair> pairs, Map<String, String> context) {
    String job = context.get(JOB_ID);
    if (job != null && pairs.stream().noneMatch(pair -> JOB_ID.equals(pair.key))) {
      append(text, JOB_ID, text(job));
      String attempt = context.get(ATTEMPT);
      if (attempt != null) {
        append(text, ATTEMPT, text(attempt));
      }
    }
  }

  private Stream<String> stack(ILoggingEvent event, List<KeyValuePair> pairs) {
    Stream<String> given =
        pairs.stream()
            .map(pair -> pair.value)
            .filter(StackText.class::isInstance)
            .flatMap(value -> ((StackText) value).lines().stream());
    return event.getThrowableProxy() == null
        ? given.map(redact)
        : redact.apply(ThrowableProxyUtil.asString(event.getThrowableProxy())).lines();
  }

  private static String head(ILoggingEvent event) {
    return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()))
        + " "
        + pad(event.getLevel().toString())
        + " ";
  }

  private static String pad(String level) {
    return level.length() < 5 ? level + " ".repeat(5 - level.length()) : level;
  }

  private static String priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "<3>";
      case Level.WARN_INT -> "<4>";
      case Level.INFO_INT -> "<6>";
      default -> "<7>";
    };
  }

  private static void append(StringBuilder text, String key, String value) {
    text.append(' ')
        .append(isPlain(key) ? key : quoted(key))
        .append('=')
        .append(isPlain(value) ? value : quoted(value));
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\');
  }

  private static String quoted(String value) {
    return '"' + oneLine(value).replace("\"", "\\\"") + '"';
  }

  /** A line of a stack trace, whose messages are others'; a NUL would end it in the journal. */
  private static String shown(String line) {
    String text = line.stripLeading();
    return line.substring(0, line.length() - text.length()) + oneLine(text);
  }

  /** What comes from a message or an executor must not break a line or move a terminal's cursor. */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> appendPrintable(line, c);
              }
            });
    return line.toString();
  }

  private static void appendPrintable(StringBuilder line, int c) {
    int type = Character.getType(c);
    boolean hidden =
        type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR;
    if (hidden) {
      line.append("\\u{").append(Integer.toHexString(c)).append('}');
    } else {
      line.appendCodePoint(c);
    }
  }
}
