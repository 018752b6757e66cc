package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntriesTest {
  private static List<String> entries(String text) {
    return Entries.of(new Envelope(text).pairLines()).stream()
        .map(
            entry ->
                switch (entry) {
                  case Entry.Pair pair -> pair.key() + "->" + pair.value();
                  case Entry.Stray stray -> "?" + stray.text();
                })
        .toList();
  }

  private static List<String> places(String text) {
    return Entries.of(new Envelope(text).pairLines()).stream().map(Entry::place).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=1,b=2",
        "a=1\nb=2",
        "a=1\r\nb=2\r\n",
        "  a = 1 ,\tb\t=\t2  ",
        "\uFEFFa=1,b=2",
        ",,a=1,,b=2,",
        "\n\na=1,\n,b=2,\n\n",
        "\uFEFF\r\n # c=3, d=4\r\na=1,\r\n#\r\n b=2,\r\n"
      })
  void separators_blanks_comments_and_line_ends_are_no_part_of_a_pair(String text) {
    assertEquals(List.of("a->1", "b->2"), entries(text));
  }

  @Test
  void first_equals_sign_splits() {
    assertEquals(List.of("a->b=c==", "d->=", "e->"), entries("a=b=c==,d==,e="));
  }

  @Test
  void backslash_saves_a_comma_and_itself_and_nothing_else() {
    assertEquals(List.of("a->1,2"), entries("a=1\\,2"));
    assertEquals(List.of("a->1\\", "b->2"), entries("a=1\\\\,b=2"));
    assertEquals(List.of("a->1\\,2"), entries("a=1\\\\\\,2"));
    assertEquals(List.of("a->\\d+\\"), entries("a=\\d+\\"));
    assertEquals(List.of("a->1\\", "b->2"), entries("a=1\\\nb=2"));
    assertEquals(List.of("a->,"), entries("a= \\, "));
  }

  @Test
  void hash_inside_a_line_is_data() {
    assertEquals(List.of("a->1 # one", "b->#2", "?#c"), entries("a=1 # one,b=#2,#c"));
  }

  @Test
  void text_without_a_key_is_no_pair() {
    assertEquals(List.of("?hello", "?=1", "?="), entries("hello, =1, ="));
  }

  @Test
  void place_counts_lines_of_the_whole_text_and_pairs_of_the_line() {
    assertEquals(
        List.of("line 1, pair 1", "line 1, pair 2", "line 3, pair 1"),
        places("a=1,,b=2\n# c\nd=3"));
    assertEquals(List.of("line 2, pair 1"), places("#!/bin/sh\n#job-processor: a=1"));
  }

  @Test
  void control_characters_at_the_ends_of_a_value_are_not_dropped() {
    assertEquals(List.of("a->\f1\u000b\u0000\u001c"), entries("a=\f1\u000b\u0000\u001c"));
  }

  @Test
  void nothing_makes_no_pieces() {
    assertTrue(entries("").isEmpty());
    assertTrue(entries("\uFEFF").isEmpty());
    assertTrue(entries(" , \r\n\t,,,\n").isEmpty());
  }
}
