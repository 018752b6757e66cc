package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static List<List<Job>> batches(int count, int bytesEach) {
    Batches batches = new Batches();
    List<List<Job>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Job> full = batches.add(Job.of("id-" + i, "x".repeat(bytesEach)));
      if (!full.isEmpty()) {
        all.add(full);
      }
    }
    all.add(batches.rest());
    return all;
  }

  @Test
  void a_batch_has_at_most_ten_jobs_and_none_is_left_out() {
    assertEquals(List.of(10, 10, 5), batches(25, 10).stream().map(List::size).toList());
  }

  @Test
  void a_batch_has_at_most_one_mebibyte_with_its_attributes() {
    List<List<Job>> all = batches(10, 400_000);

    assertTrue(
        all.stream().allMatch(batch -> batch.stream().mapToInt(Job::bytes).sum() <= 1024 * 1024));
    assertEquals(10, all.stream().mapToInt(List::size).sum());
  }

  @Test
  void a_batch_of_one_is_full_with_the_next_job() {
    Batches batches = Batches.ofOne();

    assertEquals(List.of(), batches.add(Job.of("a", "a")));
    assertEquals("a", batches.add(Job.of("b", "b")).getFirst().id());
    assertEquals("b", batches.rest().getFirst().id());
  }
}
