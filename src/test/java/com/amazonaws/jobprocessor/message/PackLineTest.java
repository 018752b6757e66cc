package com.amazonaws.jobprocessor.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackLineTest {
  private static List<String> lines(String pack) {
    return PackLine.split(pack).stream().map(line -> line.number() + ":" + line.text()).toList();
  }

  @Test
  void a_pack_has_a_job_a_line() {
    assertEquals(List.of("1:a", "2:b"), lines("a\nb"));
    assertEquals(List.of("1:a", "2:b"), lines("a\nb\n"));
  }

  @Test
  void blank_lines_are_none_but_count() {
    assertEquals(List.of("2:a", "5:b"), lines("\na\n \t\n\r\nb\n\n"));
    assertEquals(List.of(), lines("\n".repeat(1_000)));
    assertEquals(List.of(), lines(" "));
    assertEquals(List.of(), lines(""));
  }

  @Test
  void cr_lf_and_a_byte_order_mark_are_harmless() {
    assertEquals(List.of("1:a", "2:b\rc", "3:d"), lines("\uFEFFa\r\nb\rc\r\r\nd\r"));
    assertEquals(List.of(), lines("\uFEFF"));
  }
}
