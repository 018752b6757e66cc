package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NotesTest {
  @Test
  void lines_are_broken_at_blanks_and_nothing_gets_lost() {
    String sentence = "word ".repeat(60).strip() + ".";
    String notes = Notes.of(List.of(sentence, "End."));

    assertTrue(notes.lines().allMatch(line -> line.length() <= 100));
    assertEquals(sentence + " End.", notes.strip().replace('\n', ' '));
  }
}
