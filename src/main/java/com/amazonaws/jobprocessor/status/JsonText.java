package com.amazonaws.jobprocessor.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A JSON object that is being written; what is not known is null in it, not left out. */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MILLIS = 3;

  private interface Write {
    void to(JsonGenerator generator) throws IOException;
  }

  private final StringWriter text = new StringWriter();
  private final JsonGenerator generator;

  JsonText() {
    try {
      generator = JSON.createGenerator(text);
      generator.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
      generator.writeStartObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it writes to memory
    }
  }

  JsonText text(String field, @Nullable String value) {
    return write(g -> g.writeStringField(field, value));
  }

  /** UTC by RFC 3339, to the millisecond. */
  JsonText time(String field, Instant value) {
    return text(field, value.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  JsonText number(String field, long value) {
    return write(g -> g.writeNumberField(field, value));
  }

  JsonText number(String field, @Nullable Number value) {
    if (value == null) {
      return write(g -> g.writeNullField(field));
    }
    return value instanceof BigDecimal decimal
        ? write(g -> g.writeNumberField(field, decimal))
        : number(field, value.longValue());
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
    return write(g -> g.writeBooleanField(field, value));
  }

  JsonText numbers(String field, List<Long> values) {
    return write(
        g -> {
          g.writeArrayFieldStart(field);
          for (long value : values) {
            g.writeNumber(value);
          }
          g.writeEndArray();
        });
  }

  JsonText object(String field, Runnable fields) {
    write(g -> g.writeObjectFieldStart(field));
    fields.run();
    return write(JsonGenerator::writeEndObject);
  }

  <T> JsonText list(String field, List<T> items, Consumer<T> fields) {
    write(g -> g.writeArrayFieldStart(field));
    for (T item : items) {
      write(JsonGenerator::writeStartObject);
      fields.accept(item);
      write(JsonGenerator::writeEndObject);
    }
    return write(JsonGenerator::writeEndArray);
  }

  private JsonText write(Write write) {
    try {
      write.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Ends the object; with a line feed. */
  String end() {
    write(JsonGenerator::writeEndObject);
    write(JsonGenerator::flush);
    return text.append('\n').toString();
  }
}
