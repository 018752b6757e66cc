package com.amazonaws.jobprocessor.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The price file that comes with the program. */
final class PriceFiles {
  private PriceFiles() {}

  static String text() {
    try (InputStream in =
        Objects.requireNonNull(PriceFiles.class.getResourceAsStream(Prices.RESOURCE))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Prices builtIn() {
    Prices.Read read = Prices.read(text());
    assertEquals(List.of(), read.problems());
    return read.prices();
  }
}
