package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void nothing_that_moves_a_cursor_passes() {
    assertEquals(
        "a\\nb\\tc\\\\d\\u{1b}[2J\\u{202e}\\u{2028}",
        Text.oneLine("a\nb\tc\\d\u001b[2J\u202e\u2028"));
    assertEquals("grüß 東京 🚀", Text.oneLine("grüß 東京 🚀"));
  }

  @Test
  void what_sqs_does_not_accept_is_named_with_its_place() {
    assertNull(Text.unsendable("a\tb 🚀"));
    assertEquals(
        "has a character that SQS does not accept: U+0001 at character 4",
        Text.unsendable("a🚀c\u0001"));
    assertEquals(
        "has a character that SQS does not accept: U+D83D at character 1",
        Text.unsendable("\ud83d x"));
  }

  @Test
  void a_cell_is_cut_in_the_middle_and_between_characters() {
    assertEquals("🚀…🚀", Text.cell("🚀🚀🚀🚀", 3));
    assertEquals("exit s…eason", Text.cell("exit status 1: the reason", 12));
    assertEquals("abc", Text.cell("abc", 3));
  }
}
