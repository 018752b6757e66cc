package com.amazonaws.jobprocessor.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import org.slf4j.event.KeyValuePair;

/**
 * One line an event, its fields as {@code key=value} at the line's end; in the journal each line
 * begins with its level.
 */
public final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String OURS = "com.amazonaws.jobprocessor.";

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
    StringBuilder text =
        new StringBuilder(160).append(oneLine(redact.apply(event.getFormattedMessage())));
    if (!event.getLoggerName().startsWith(OURS)) {
      append(text, "logger", event.getLoggerName());
    }
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        append(text, redact.apply(pair.key), redact.apply(String.valueOf(pair.value)));
      }
    }
    String head = journal ? priority(event.getLevel()) : head(event);
    StringBuilder lines =
        new StringBuilder(text.length() + 40).append(head).append(text).append('\n');
    if (event.getThrowableProxy() != null) {
      String stack = redact.apply(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      stack
          .lines()
          .forEach(line -> lines.append(journal ? head : "    ").append(shown(line)).append('\n'));
    }
    return lines.toString();
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
