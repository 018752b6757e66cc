package com.amazonaws.jobprocessor.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobLinesTest {
  private static List<JobLines.Line> read(byte[] bytes) throws IOException {
    JobLines lines = new JobLines(new ByteArrayInputStream(bytes), Bucket.none());
    List<JobLines.Line> all = new ArrayList<>();
    for (Optional<JobLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.get());
    }
    return all;
  }

  private static List<String> texts(String text) throws IOException {
    return read(text.getBytes(UTF_8)).stream()
        .map(line -> line.number() + ":" + line.text())
        .toList();
  }

  @Test
  void lines_are_numbered_blank_ones_counted_and_line_ends_taken_off() throws IOException {
    assertEquals(List.of("1:a", "3: b", "5:c"), texts("a\r\n\n b\n  \nc"));
    assertEquals(List.of(), texts(""));
    assertEquals(List.of("1:a"), texts("\ufeffa\n"));
  }

  @Test
  void what_sqs_would_refuse_is_said_by_line_and_the_rest_is_read() throws IOException {
    List<JobLines.Line> lines = read("ok\na\u0001b\nok".getBytes(UTF_8));

    assertEquals(3, lines.size());
    assertNull(lines.getFirst().problem());
    assertTrue(lines.get(1).problem().contains("characters"));
    assertNull(lines.getLast().problem());
  }

  @Test
  void malformed_utf_8_and_endless_lines_are_problems_of_their_line() throws IOException {
    assertNotNull(read(new byte[] {'a', (byte) 0xff, '\n'}).getFirst().problem());
    List<JobLines.Line> lines = read(("x".repeat(3 * 1024 * 1024) + "\nok").getBytes(UTF_8));
    assertTrue(lines.getFirst().problem().contains("1 MiB"));
    assertEquals("ok", lines.getLast().text());
  }
}
