package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReverseSpacelessStringTest {
  private final ReverseSpacelessString executor = new ReverseSpacelessString();

  @ParameterizedTest
  @CsvSource({"abc,cba", "a,a", "'',''", "a😀b,b😀a", "äöü,üöä"})
  void text_is_reversed_by_character(String text, String reversed) {
    assertEquals(reversed, executor.execute(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", " ", "a\tb", "a\n", "a\u00a0b", "a\u2028b"})
  void white_space_is_a_failure(String text) {
    assertThrows(IllegalArgumentException.class, () -> executor.execute(text));
  }

  @Test
  void the_failure_says_where_the_white_space_is() {
    String message = Thrown.message(IllegalArgumentException.class, () -> executor.execute("😀 b"));
    assertTrue(message.contains("white space at character 2"), message);
  }
}
