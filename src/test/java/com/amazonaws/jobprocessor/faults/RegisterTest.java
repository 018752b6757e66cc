package com.amazonaws.jobprocessor.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The register finds what it is there to find. */
class RegisterTest {
  private final Register register = new Register(List.of("a", "b"));

  private void endWell(String job) {
    register.run(new Register.Run(job, "m-" + job, 10));
    register.result(job, "result");
    register.ended(job, 20);
  }

  @Test
  void all_is_well() {
    endWell("a");
    endWell("b");

    assertEquals(
        new Register.Verdict(2, 2, Set.of(), Set.of(), Set.of(), 0, Set.of()), register.verdict());
  }

  @Test
  void a_job_without_an_end_is_lost() {
    endWell("a");

    assertEquals(Set.of("b"), register.verdict().lost());
  }

  @Test
  void a_dead_letter_is_an_end() {
    endWell("a");
    register.deadLetter("b");

    assertEquals(Set.of(), register.verdict().lost());
  }

  @Test
  void a_run_after_the_recorded_end_is_found_and_one_before_is_not() {
    endWell("a");
    endWell("b");
    register.run(new Register.Run("a", "m-a", 19));
    register.run(new Register.Run("b", "m-b", 21));
    register.ended("b", 30);

    assertEquals(Set.of("b"), register.verdict().runAgain());
  }

  @Test
  void a_run_for_a_message_that_is_deleted_is_found_and_one_for_its_remainder_is_not() {
    register.deleted("pack", 20);
    register.deleted("pack", 30);
    register.run(new Register.Run("a", "pack", 19));
    register.run(new Register.Run("b", "remainder", 25));
    assertEquals(Set.of(), register.verdict().runAgain());

    register.run(new Register.Run("a", "pack", 21));

    assertEquals(Set.of("a"), register.verdict().runAgain());
  }

  @Test
  void different_results_are_told_from_copies() {
    endWell("a");
    endWell("b");
    register.result("a", "result");
    register.result("b", "another");

    assertEquals(1, register.verdict().copies());
    assertEquals(Set.of("b"), register.verdict().different());
  }

  @Test
  void a_result_and_a_dead_letter_are_different_ends() {
    endWell("a");
    endWell("b");
    register.deadLetter("b");
    register.deadLetter("b");

    assertEquals(Set.of("b"), register.verdict().different());
    assertEquals(1, register.verdict().copies());
  }

  @Test
  void what_nobody_has_submitted_is_a_stranger() {
    register.result("c", "result");

    assertEquals(Set.of("c"), register.verdict().strangers());
  }
}
