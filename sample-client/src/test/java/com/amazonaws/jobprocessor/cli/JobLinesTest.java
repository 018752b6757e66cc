package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobLinesTest {
  private static List<JobLines.Line> read(byte[] bytes) {
    JobLines lines = new JobLines(Bucket.none());
    List<JobLines.Line> all = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += 1000) {
      byte[] some = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + 1000));
      all.addAll(lines.add(some, some.length));
    }
    all.addAll(lines.end());
    return all;
  }

  private static List<String> texts(String text) {
    return read(text.getBytes(UTF_8)).stream()
        .map(line -> line.number() + ":" + line.text())
        .toList();
  }

  @Test
  void lines_are_numbered_blank_ones_counted_and_line_ends_taken_off() {
    assertEquals(List.of("1:a", "3: b", "5:c"), texts("a\r\n\n b\n  \nc"));
    assertEquals(List.of(), texts(""));
    assertEquals(List.of("1:a"), texts("\ufeffa\n"));
  }

  @Test
  void what_sqs_would_refuse_is_said_by_line_and_the_rest_is_read() {
    List<JobLines.Line> lines = read("ok\na\u0001b\nok".getBytes(UTF_8));

    assertEquals(3, lines.size());
    assertNull(lines.getFirst().problem());
    assertTrue(lines.get(1).problem().contains("character that"));
    assertNull(lines.getLast().problem());
  }

  @Test
  void malformed_utf_8_and_endless_lines_are_problems_of_their_line() {
    assertNotNull(read(new byte[] {'a', (byte) 0xff, '\n'}).getFirst().problem());
    List<JobLines.Line> lines = read(("x".repeat(3 * 1024 * 1024) + "\nok").getBytes(UTF_8));
    assertTrue(lines.getFirst().problem().contains("1 MiB"));
    assertEquals("ok", lines.getLast().text());
  }

  @Test
  void a_line_is_complete_as_soon_as_its_end_is_read_and_the_rest_waits() {
    JobLines lines = new JobLines(Bucket.none());

    assertEquals(1, lines.add("one\ntw".getBytes(UTF_8), 6).size());
    assertEquals("two", lines.add("o\n".getBytes(UTF_8), 2).getFirst().text());
    assertEquals(List.of(), lines.end());
  }

  /** Not every command has the option. */
  @Test
  void an_encoding_is_advised_only_where_it_can_be_said() {
    byte[] latin = {'a', (byte) 0xe4, '\n'};

    assertEquals(
        "is not UTF-8", new JobLines(Bucket.none()).add(latin, latin.length).get(0).problem());
    assertEquals(
        "is not UTF-8; --charset names another encoding",
        new JobLines(Bucket.none(), UTF_8).add(latin, latin.length).get(0).problem());
  }
}
