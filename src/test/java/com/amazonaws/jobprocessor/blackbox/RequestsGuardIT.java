package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every request costs money, and how many there are does not hang on how busy the machine is: so
 * these bounds are asserted, and no times are. That the poll rate is a ceiling is asserted by
 * {@link PollingIT}.
 */
@Tag("long")
class RequestsGuardIT extends BlackBox {
  /** Three queues are looked up, and asked for their attributes. */
  private static final int AT_START = 6;

  /** The long poll that finds nothing, when all is done. */
  private static final int AT_END = 1;

  @Test
  void with_64_slots_a_short_job_costs_at_most_0_32_requests() throws Exception {
    assertRequests(5_000, 64, 0.32);
  }

  @Test
  void with_one_slot_a_short_job_costs_at_most_1_25_requests() throws Exception {
    assertRequests(500, 1, 1.25);
  }

  private void assertRequests(int jobs, int slots, double mostPerJob) throws Exception {
    List<String> ids = sqs.send(BACKLOG, jobs("plain", jobs));
    start("concurrency=" + slots, "poll_rate_per_min=600000");

    awaitResults(jobs);
    awaitEmptyBacklog();

    Map<String, Long> requests = requests();
    long all = requests.values().stream().mapToLong(Long::longValue).sum();
    assertOneResultEach(ids);
    assertTrue(
        all <= AT_START + AT_END + mostPerJob * jobs,
        "%d requests for %d jobs, %.3f each: %s"
            .formatted(all, jobs, (double) all / jobs, requests));
  }

  private Map<String, Long> requests() {
    return proxy().calls().stream()
        .collect(Collectors.groupingBy(Call::action, TreeMap::new, Collectors.counting()));
  }

  @Test
  void an_idle_worker_makes_a_receive_each_twenty_seconds_and_nothing_else() throws Exception {
    startAndAwait("poll_rate_per_min=600000", "concurrency=64");
    await().atMost(SOON).until(() -> proxy().requests("ReceiveMessage") >= 2);

    List<Call> receives = proxy().calls("ReceiveMessage");
    long gap = receives.get(1).arrivedNanos() - receives.get(0).arrivedNanos();
    assertTrue(gap >= Duration.ofMillis(19_900).toNanos(), gap / 1_000_000 + " ms");
    assertEquals(AT_START + receives.size(), proxy().calls().size(), requests().toString());
  }
}
