package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "token=4f1c9a7be2d05863, token=****",
    "token=4f1c9a7b, token=****", // the text was cut here
    "token=4f1c9a7be2d0586, token=****",
    "9a7be2d05863 refused, **** refused", // or there
    "exit status 1: e2d05863 refused, exit status 1: **** refused",
    "4f1c9a7b4f1c9a7b! e2d05863e2d05863, ********! ********",
    "4f1c9a7be2d05863 4f1c9a7be2d0, **** ****",
    "4f1c9a7 2d05863 c9a7be2d, 4f1c9a7 2d05863 c9a7be2d" // too little to be of use
  })
  void what_a_cut_has_left_of_a_secret_is_replaced(String text, String clean) {
    assertEquals(clean, new Redactor(List.of("4f1c9a7be2d05863")).redact(text));
  }

  @Test
  void parts_of_a_short_value_stay() {
    assertEquals(
        "a pass, a word, ****",
        new Redactor(List.of("password")).redact("a pass, a word, password"));
  }

  @Test
  void no_part_of_a_long_value_is_searched_for_without_end() {
    String secret = "a".repeat(64);
    assertEquals("****", new Redactor(List.of(secret)).redact("a".repeat(40)));
    assertEquals("********", new Redactor(List.of(secret)).redact("a".repeat(64 + 63)));
    assertEquals("****", new Redactor(List.of("*".repeat(20))).redact("*".repeat(100)));
    assertEquals("a".repeat(31), new Redactor(List.of(secret)).redact("a".repeat(31)));
  }
}
