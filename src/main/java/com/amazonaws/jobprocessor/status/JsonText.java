package com.amazonaws.jobprocessor.status;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is being written; what is not known is null in it, not left out. By hand:
 * Jackson, which a worker without payloads does not load, would take 1 MB of memory for it.
 */
final class JsonText {
  private static final int MILLIS = 3;
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder json = new StringBuilder(8_192).append('{');

  JsonText text(String field, @Nullable String value) {
    name(field);
    if (value == null) {
      json.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  /** UTC by RFC 3339, to the millisecond. */
  JsonText time(String field, Instant value) {
    return text(field, value.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  JsonText number(String field, @Nullable Number value) {
    name(field);
    json.append(value instanceof BigDecimal decimal ? decimal.toPlainString() : value);
    return this;
  }

  /** Seconds, to the millisecond. */
  JsonText seconds(String field, @Nullable Duration value) {
    return number(field, value == null ? null : BigDecimal.valueOf(value.toMillis(), MILLIS));
  }

  /** A share or a mean, to four decimal places. */
  JsonText share(String field, double value) {
    return number(field, BigDecimal.valueOf(Math.round(value * 10_000), 4));
  }

  JsonText flag(String field, boolean value) {
    name(field);
    json.append(value);
    return this;
  }

  JsonText numbers(String field, List<Long> values) {
    name(field);
    json.append('[');
    for (long value : values) {
      separate();
      json.append(value);
    }
    json.append(']');
    return this;
  }

  JsonText object(String field, Runnable fields) {
    name(field);
    json.append('{');
    fields.run();
    json.append('}');
    return this;
  }

  <T> JsonText list(String field, List<T> items, Consumer<T> fields) {
    name(field);
    json.append('[');
    for (T item : items) {
      separate();
      json.append('{');
      fields.accept(item);
      json.append('}');
    }
    json.append(']');
    return this;
  }

  private void name(String field) {
    separate();
    quote(field);
    json.append(':');
  }

  /** A comma, unless an object or a list has just begun. */
  private void separate() {
    char last = json.charAt(json.length() - 1);
    if (last != '{' && last != '[') {
      json.append(',');
    }
  }

  private void quote(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '\u2028' || c == '\u2029') {
            escape(c);
          } else {
            json.append(c); // half a character becomes "?" when it is sent
          }
        }
      }
    }
    json.append('"');
  }

  private void escape(char c) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(HEX.charAt((c >> shift) & 0xF));
    }
  }

  /** Ends the object; with a line feed. */
  String end() {
    return json.append("}\n").toString();
  }
}
