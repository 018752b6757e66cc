package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void one_result_for_each_job_is_right() {
    assertTrue(Verdict.of(List.of("a", "b"), List.of("b", "a")).isRight());
  }

  @Test
  void wrong_missing_and_repeated_results_are_counted_and_none_hides_another() {
    Verdict verdict = Verdict.of(List.of("a", "b", "c"), List.of("a", "a", "x", "c"));

    assertEquals(new Verdict(1, 1, 1), verdict);
    assertFalse(verdict.isRight());
    assertEquals("1 wrong, 1 missing, 1 more than once", verdict.toString());
  }

  @Test
  void jobs_are_all_different_and_without_blanks() {
    List<String> texts = Jobs.texts(20_000);
    assertEquals(20_000, texts.stream().distinct().count());
    assertTrue(texts.stream().allMatch(text -> text.length() == 60 && !text.contains(" ")));
    assertEquals("fedcba", Jobs.reversed(List.of("abcdef")).getFirst());
  }
}
