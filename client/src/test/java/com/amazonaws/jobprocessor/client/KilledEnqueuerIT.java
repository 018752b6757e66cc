package com.amazonaws.jobprocessor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An application is killed while it enqueues; a real worker runs what it has left. {@code
 * -Dkilled.jobs=100000} enqueues so many.
 */
@Tag("long")
class KilledEnqueuerIT extends EnqueueFixture {
  private static final String TABLE = "jobs";
  private static final String RESULTS = "Results";
  private static final int JOBS = Integer.getInteger("killed.jobs", 2_000);

  /** A second for each hundred jobs. */
  private static final Duration LONG = Duration.ofMinutes(3).plusSeconds(JOBS / 100);

  /** The most keys of a BatchGetItem. */
  private static final int HUNDRED = 100;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final EmbeddedDynamo dynamo = EmbeddedDynamo.start();

  @AfterEach
  void stopDynamo() {
    dynamo.close();
    System.clearProperty("aws.endpointUrlDynamoDb");
  }

  /** By id, a hundred at a time: a scan sorts the whole table for each page. */
  private Map<String, Map<String, AttributeValue>> records() {
    Map<String, Map<String, AttributeValue>> records = new HashMap<>();
    for (int first = 0; first < JOBS; first += HUNDRED) {
      List<Map<String, AttributeValue>> keys =
          IntStream.range(first, Math.min(JOBS, first + HUNDRED))
              .mapToObj(i -> Map.of("job_id", string("job-" + i), "queue", string(QUEUE)))
              .toList();
      KeysAndAttributes some =
          KeysAndAttributes.builder()
              .keys(keys)
              .projectionExpression("job_id, #state, attempts")
              .expressionAttributeNames(Map.of("#state", "state"))
              .build();
      var answer = dynamo.client().batchGetItem(r -> r.requestItems(Map.of(TABLE, some)));
      answer
          .responses()
          .getOrDefault(TABLE, List.of())
          .forEach(item -> records.put(text(item, "job_id"), item));
    }
    return records;
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }

  private static String text(Map<String, AttributeValue> record, String name) {
    AttributeValue value = record.getOrDefault(name, AttributeValue.fromS(""));
    return value.s() == null ? value.n() : value.s();
  }

  /** How many records have been written; a look at the table would read all of it. */
  private int written() {
    return dynamo.proxy().successes("PutItem");
  }

  private Process enqueueing(int first, int count) throws Exception {
    return EnqueuingProcess.start(
        sqs.endpoint(), dynamo.endpoint(), QUEUE, TABLE, "" + first, "" + count);
  }

  @Test
  @Timeout(7_200)
  void each_job_that_was_recorded_ends_once_though_its_enqueuer_was_killed_twice()
      throws Exception {
    sqs.createQueue(RESULTS);
    sqs.createQueue("Dead");
    System.setProperty("aws.endpointUrlDynamoDb", dynamo.endpoint().toString());
    try (DaemonProcess worker = worker()) {
      worker.awaitLine("taking jobs", LONG);

      int some = JOBS * 3 / 10;

      // Killed between record and send: its calls of SQS get no answer.
      Fault stuck =
          sqs.proxy().on("SendMessageBatch").queue(QUEUE).afterFirst(some / 30).hang().forever();
      Process first = enqueueing(0, some);
      stuck.awaitHits(2, LONG);
      first.destroyForcibly().waitFor();
      stuck.clear();
      int left = written();

      // Killed at any moment.
      Process second = enqueueing(some, some);
      int moment = left + ThreadLocalRandom.current().nextInt(some / 12, some * 2 / 3);
      await().atMost(LONG).pollInterval(SECOND).until(() -> written() >= moment);
      second.destroyForcibly().waitFor();

      repair();

      // And all of them once more, since nobody knows which have a record.
      Process last = enqueueing(0, JOBS);
      assertTrue(last.waitFor(LONG.toSeconds(), TimeUnit.SECONDS));
      assertEquals(0, last.exitValue());
      // A message is deleted after its job's end is on record and its result is sent.
      await()
          .atMost(LONG)
          .pollInterval(SECOND)
          .untilAsserted(() -> assertEquals(0, sqs.counts(QUEUE).total()));

      Map<String, Map<String, AttributeValue>> records = records();
      assertEquals(JOBS, records.size());
      records.forEach(
          (id, record) -> {
            assertEquals("SUCCEEDED", text(record, "state"), id);
            assertEquals("1", text(record, "attempts"), id);
          });
      Map<String, Set<String>> results = new HashMap<>();
      for (Message result : sqs.receiveAll(RESULTS)) {
        results
            .computeIfAbsent(attribute(result, "job_id"), id -> new HashSet<>())
            .add(result.body());
      }
      assertEquals(records.keySet(), results.keySet());
      assertTrue(results.values().stream().allMatch(bodies -> bodies.size() == 1));
      assertEquals(0, sqs.counts("Dead").total());
    }
  }

  private DaemonProcess worker() {
    return DaemonProcess.builder()
        .sqs(sqs.rawEndpoint())
        .set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString())
        .userData(
            "job_backlog_queue_name=" + QUEUE,
            "results_queue_name=" + RESULTS,
            "dead_letter_queue_name=Dead",
            "poll_rate_per_min=100000",
            "concurrency=8",
            "job_table_name=" + TABLE)
        .start();
  }

  private void repair() throws Exception {
    try (Enqueuer enqueuer = enqueuer().jobTable(TABLE).build()) {
      RepairReport report = enqueuer.repair(Duration.ofMillis(-1), id -> {});
      assertTrue(report.sent() > 0, "the first was killed with jobs that were not sent");
      assertEquals(0, report.failed());
    }
  }
}
