package com.amazonaws.jobprocessor.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** A JSON object on one line. */
final class JsonLine {
  private static final JsonFactory JSON = new JsonFactory();

  private interface Write {
    void to(JsonGenerator generator) throws IOException;
  }

  private final StringWriter line = new StringWriter();
  private final JsonGenerator generator;

  JsonLine() {
    try {
      generator = JSON.createGenerator(line);
      generator.writeStartObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it writes to memory
    }
  }

  JsonLine text(String name, String value) {
    return write(g -> g.writeStringField(name, value));
  }

  JsonLine number(String name, long value) {
    return write(g -> g.writeNumberField(name, value));
  }

  JsonLine number(String name, BigDecimal value) {
    return write(g -> g.writeNumberField(name, value));
  }

  JsonLine flag(String name, boolean value) {
    return write(g -> g.writeBooleanField(name, value));
  }

  /** The text as a number if it is one, else as a text. */
  JsonLine numberOrText(String name, String value) {
    return value.matches("[0-9]{1,18}") ? number(name, Long.parseLong(value)) : text(name, value);
  }

  private JsonLine write(Write write) {
    try {
      write.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Ends the object; without a line feed. */
  String end() {
    write(JsonGenerator::writeEndObject);
    write(JsonGenerator::flush);
    return line.toString();
  }
}
