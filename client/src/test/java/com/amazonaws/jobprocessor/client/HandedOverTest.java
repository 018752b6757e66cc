package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.client.HandedOver.Standing;
import com.amazonaws.jobprocessor.client.read.JobResult;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandedOverTest {
  private final HandedOver handed = new HandedOver(2);

  @Test
  void an_end_is_new_until_the_callback_has_returned() {
    List<String> a = List.of("a");
    assertEquals(Standing.NEW, handed.begin(a));
    assertEquals(Standing.IN_HAND, handed.begin(a));
    handed.ended(a, false);
    assertEquals(Standing.NEW, handed.begin(a), "the callback threw");
    handed.ended(a, true);
    assertEquals(Standing.DONE, handed.begin(a));
  }

  @Test
  void any_mark_tells_that_it_is_the_same() {
    assertEquals(Standing.NEW, handed.begin(List.of("a", "b")));
    assertEquals(Standing.IN_HAND, handed.begin(List.of("b", "c")));
    handed.ended(List.of("a", "b"), true);
    assertEquals(Standing.DONE, handed.begin(List.of("c", "a")));
    assertEquals(Standing.NEW, handed.begin(List.of("c")));
  }

  @Test
  void the_oldest_are_forgotten() {
    for (String mark : List.of("a", "b", "c")) {
      handed.begin(List.of(mark, "also " + mark));
      handed.ended(List.of(mark, "also " + mark), true);
    }
    assertEquals(Standing.NEW, handed.begin(List.of("a", "also a")));
    assertEquals(Standing.DONE, handed.begin(List.of("also b")));
    assertEquals(Standing.DONE, handed.begin(List.of("c")));
  }

  private static boolean areCopies(JobResult one, JobResult other) {
    return !Collections.disjoint(
        HandedOver.marks(one, one.body()), HandedOver.marks(other, other.body()));
  }

  private static JobResult result(String jobId, String body, String message, String worker) {
    return new JobResult(jobId, body, "1", "12", message, worker);
  }

  @Test
  void a_result_is_the_copy_of_another_of_the_same_message_or_the_same_run() {
    JobResult first = result("a", "b", "m-1", "i-1");
    assertTrue(areCopies(first, result("a", "b", "m-1", "i-2")), "SQS has delivered the job twice");
    assertTrue(areCopies(first, result("a", "b", "m-2", "i-1")), "the table's, sent again");
    assertFalse(areCopies(first, result("a", "b", "m-2", "i-2")), "another job of the same id");
    assertFalse(areCopies(first, new JobResult("a", "b", "1", "13", "m-2", "i-1")), "as well");
    assertFalse(areCopies(first, result("a", "c", "m-1", "i-1")));
    assertFalse(areCopies(result("ab", "c", "m", "i"), result("a", "bc", "m", "i")));
  }

  @Test
  void what_says_neither_its_message_nor_its_run_is_known_by_its_job_and_its_body() {
    JobResult bare = new JobResult("a", "b", "", "", "", "");
    assertTrue(areCopies(bare, new JobResult("a", "b", "2", "", "", "")));
    assertFalse(areCopies(bare, new JobResult("a", "c", "", "", "", "")));
    assertFalse(areCopies(bare, result("a", "b", "m", "i")));
  }
}
