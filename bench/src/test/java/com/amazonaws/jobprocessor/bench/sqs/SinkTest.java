package com.amazonaws.jobprocessor.bench.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SinkTest {
  private static final List<Attribute> PACK =
      List.of(new Attribute("job_pack", "String", "1", null));

  private final Sink sink = new Sink();

  private void add(String body) {
    sink.add(body, List.of());
  }

  @Test
  void it_counts_messages_and_different_ones() {
    IntStream.range(0, 10_000).forEach(i -> add("text-" + i % 9_000));

    assertEquals(10_000, sink.counts().jobs());
    assertEquals(9_000, sink.counts().distinct());
  }

  @Test
  void jobs_of_packs_count_by_what_they_say_not_by_their_ids() {
    add("one");
    sink.add(
        """
        {"job_id":"a-1","body":"one"}
        {"job_id":"a-2","body":"two"}
        """,
        PACK);

    assertEquals(new Sunk(2, 3, 2, 2 * Sink.digest("one") + Sink.digest("two")), sink.counts());
  }

  @Test
  void another_text_has_another_sum() {
    add("one");
    add("two");

    assertEquals(Sink.digest("two") + Sink.digest("one"), sink.counts().sum());
    assertNotEquals(Sink.digest("two") + Sink.digest("onE"), sink.counts().sum());
  }
}
