package com.amazonaws.jobprocessor.client.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static Parcel job(String id, String body) {
    return Parcel.of(new Job(id, 1, new OutgoingMessage(body, Map.of("job_id", Attribute.of(id)))));
  }

  private static List<List<Parcel>> batches(int count, int bytesEach) {
    Batches batches = new Batches();
    List<List<Parcel>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.addAll(batches.add(job("id-" + i, "x".repeat(bytesEach))));
    }
    if (!batches.isEmpty()) {
      all.add(batches.rest());
    }
    return all;
  }

  @Test
  void a_batch_has_at_most_ten_jobs_and_none_is_left_out() {
    assertEquals(List.of(10, 10, 5), batches(25, 10).stream().map(List::size).toList());
  }

  @Test
  void a_batch_has_at_most_one_mebibyte_with_its_attributes() {
    List<List<Parcel>> all = batches(10, 400_000);

    assertTrue(
        all.stream()
            .allMatch(batch -> batch.stream().mapToInt(Parcel::bytes).sum() <= 1024 * 1024));
    assertEquals(10, all.stream().mapToInt(List::size).sum());
  }

  @Test
  void ten_jobs_are_a_batch_without_an_eleventh() {
    Batches batches = new Batches();
    for (int i = 1; i < 10; i++) {
      assertEquals(List.of(), batches.add(job("id", "x")));
    }

    assertEquals(10, batches.add(job("id", "x")).getFirst().size());
    assertTrue(batches.isEmpty());
  }

  @Test
  void a_batch_of_one_is_complete_at_once() {
    assertEquals("a", Batches.ofOne().add(job("a", "a")).getFirst().getFirst().first().id());
  }
}
