package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results and dead letters of the same jobs: each job counts once. */
@Timeout(60)
class CollectorTest {
  /** Prints results, but no payload of these jobs can be had the first time. */
  private static final class Printed implements Collector.Sink {
    final List<String> ids = new ArrayList<>();
    private final Set<String> withoutPayload;

    Printed(String... withoutPayload) {
      this.withoutPayload = new HashSet<>(Set.of(withoutPayload));
    }

    @Override
    public void print(Delivery message, JobResult result) throws Bucket.Unusable {
      if (withoutPayload.remove(result.jobId())) {
        throw new Bucket.Unusable("has no payload");
      }
      ids.add(result.jobId());
    }

    @Override
    public void unreadable(String jobId, String problem) {}

    @Override
    public void unreadable(Delivery pack, JobResult.Unreadable part) {}

    @Override
    public void flush() {}

    @Override
    public void deleted(List<Delivery> results) {}

    @Override
    public void found(int results) {}
  }

  private final Stop stop = new Stop();

  private static LocalBacklog of(int... jobs) throws InterruptedException {
    LocalBacklog queue = new LocalBacklog();
    for (int job : jobs) {
      queue.put(LocalBacklog.LocalJob.ofLine(job, "body"));
    }
    return queue;
  }

  private Collector collect(LocalBacklog results, LocalBacklog letters, Printed sink, String... ids)
      throws Exception {
    Set<String> wanted = Set.of(ids);
    try (Inbox inbox = new Inbox(results, stop);
        DeadLetterWatch watch =
            new DeadLetterWatch(letters, wanted, stop, _ -> {}, (_, _, _) -> {})) {
      Collector collector =
          new Collector(inbox, new Collector.Goal(wanted, wanted.size(), false), sink, stop);
      collector.collect(Duration.ofDays(1), watch, TableEnds.NONE);
      return collector;
    }
  }

  @Test
  void it_ends_when_each_job_has_a_result_or_a_dead_letter() throws Exception {
    Printed sink = new Printed();

    Collector collector = collect(of(1, 3), of(2), sink, "local-1", "local-2", "local-3");

    assertEquals(List.of("local-1", "local-3"), sink.ids);
    assertEquals(Map.of("local-2", "(without an error)"), collector.dead());
    assertTrue(collector.hasCome("local-2"));
    assertFalse(collector.hasCome("local-4"));
  }

  @Test
  void a_job_with_both_an_unreadable_result_and_a_dead_letter_counts_once() throws Exception {
    Printed sink = new Printed("local-1");

    Collector collector = collect(of(1, 2), of(1), sink, "local-1", "local-2");

    assertEquals(List.of("local-2"), sink.ids);
    assertEquals(1, collector.unreadable());
  }

  @Test
  void a_copy_with_a_payload_is_the_result() throws Exception {
    Printed sink = new Printed("local-1");

    LocalBacklog results = of(1, 2);
    results.put(
        new LocalBacklog.LocalJob(3, "copy", "body", Map.of("job_id", Attribute.of("local-1")), 0));

    Collector collector = collect(results, of(), sink, "local-1", "local-2");

    assertEquals(List.of("local-2", "local-1"), sink.ids);
    assertEquals(0, collector.unreadable());
  }
}
