package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of("  a \t b  ", List.of("a", "b")),
        Arguments.of("'a b' c", List.of("a b", "c")),
        Arguments.of("\"a b\"c d", List.of("a bc", "d")),
        Arguments.of("'' \"\"", List.of("", "")),
        Arguments.of("a\\ b", List.of("a b")),
        Arguments.of("'a\\b' 'a\"b'", List.of("a\\b", "a\"b")),
        Arguments.of("\"\\\" \\\\ \\$ \\` \\n\"", List.of("\" \\ $ ` \\n")),
        Arguments.of(
            "$HOME *.txt ~ `x` a;b|c>d&", List.of("$HOME", "*.txt", "~", "`x`", "a;b|c>d&")),
        Arguments.of("a#b 'it'\\''s'", List.of("a#b", "it's")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_command_is_split_as_a_shell_does_and_nothing_is_expanded(
      String command, List<String> words) {
    assertEquals(words, Words.of(command));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'a", "\"a", "a\\", "\"a\\\"", "\"a\\"})
  void what_is_not_closed_is_refused(String command) {
    assertThrows(IllegalArgumentException.class, () -> Words.of(command));
  }
}
