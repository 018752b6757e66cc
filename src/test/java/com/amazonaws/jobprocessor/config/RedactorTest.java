package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedactorTest {
  @Test
  void each_secret_is_replaced_everywhere() {
    assertEquals(
        "a **** b ****, ****",
        new Redactor(List.of("s3cret", "t0ken")).redact("a s3cret b t0ken, s3cret"));
  }

  @Test
  void longest_goes_first() {
    assertEquals("****!", new Redactor(List.of("abcd", "abcdef")).redact("abcdef!"));
  }

  @Test
  void values_below_four_characters_stay() {
    assertEquals("abc ****", new Redactor(List.of("", "abc", "abce")).redact("abc abce"));
  }

  @Test
  void value_is_plain_text_not_a_pattern() {
    assertEquals("****", new Redactor(List.of("$1.*\\")).redact("$1.*\\"));
  }
}
