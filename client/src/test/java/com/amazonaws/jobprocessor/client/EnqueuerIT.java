package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobFields;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Timeout(120)
class EnqueuerIT extends EnqueueFixture {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static List<String> texts(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "text " + i).toList();
  }

  @Test
  void fields_travel_as_json_with_sorted_names_and_the_id_begins_with_the_queue() throws Exception {
    String id;
    try (Enqueuer enqueuer = enqueuer().build()) {
      id = enqueuer.enqueue(Map.of("to", "b", "from", "a\"\u0001\ud83d\ude00"));
    }

    Message message = messages().get(0);
    assertEquals("{\"from\":\"a\\\"\\u0001\ud83d\ude00\",\"to\":\"b\"}", message.body());
    assertEquals("a\"\u0001\ud83d\ude00", JobFields.of(message.body()).get("from"));
    assertEquals(id, attribute(message, "job_id"));
    assertTrue(id.startsWith(QUEUE + "-"), id);
  }

  @Test
  void many_are_sent_by_tens_and_their_ids_come_in_order() throws Exception {
    List<String> ids;
    try (Enqueuer enqueuer = enqueuer().linger(LONG).build()) {
      ids = enqueuer.enqueueAll(texts(25));
    }

    assertEquals(3, sends());
    assertEquals(25, new HashSet<>(ids).size());
    Map<String, String> bodies = new HashMap<>();
    messages().forEach(message -> bodies.put(attribute(message, "job_id"), message.body()));
    assertEquals(texts(25), ids.stream().map(bodies::get).toList());
  }

  @Test
  void many_with_fields_are_sent_by_tens_and_their_ids_come_in_order() throws Exception {
    List<Map<String, String>> fields =
        texts(25).stream().map(text -> Map.of("to", text, "from", "a\"\u00e9")).toList();
    List<String> ids;
    try (Enqueuer enqueuer = enqueuer().linger(LONG).build()) {
      ids = enqueuer.enqueueAllFields(fields);

      assertEquals(List.of(), enqueuer.enqueueAllFields(List.of()));
    }

    assertEquals(3, sends());
    Map<String, Map<String, String>> sent = new HashMap<>();
    messages()
        .forEach(
            message ->
                sent.put(attribute(message, "job_id"), JobFields.of(message.body()).asMap()));
    assertEquals(fields, ids.stream().map(sent::get).toList());
  }

  @Test
  void a_stream_is_read_as_far_as_there_is_room() throws Exception {
    Fault held = sqs.proxy().on("SendMessageBatch").holdBefore(1);
    List<Integer> read = java.util.Collections.synchronizedList(new ArrayList<>());
    List<String> ids = new ArrayList<>();
    try (Enqueuer enqueuer = enqueuer().maxPending(10, 1_000_000).linger(LONG).build()) {
      Stream<NewJob> jobs =
          IntStream.range(0, 100).peek(read::add).mapToObj(i -> NewJob.of("text " + i));
      CompletableFuture<Void> release =
          CompletableFuture.runAsync(
              () -> {
                try {
                  held.awaitHit(LONG);
                  assertTrue(read.size() <= 11, "read " + read.size());
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                } finally {
                  held.release();
                }
              });

      assertEquals(100, enqueuer.enqueueAll(jobs, ids::add));

      release.get();
    }
    assertEquals(100, ids.size());
    assertEquals(10, sends(), "the room fills a batch");
  }

  @Test
  void a_missing_queue_is_made_with_the_visibility_timeout_and_only_then() throws Exception {
    try (Enqueuer enqueuer =
        Enqueuer.builder("New").visibilityTimeout(Duration.ofSeconds(77)).build()) {
      enqueuer.enqueue("x");
    }
    try (Enqueuer enqueuer =
        Enqueuer.builder("New").visibilityTimeout(Duration.ofSeconds(88)).build()) {
      enqueuer.enqueue("y");
    }

    assertEquals(
        "77",
        sqs.client()
            .getQueueAttributes(
                r ->
                    r.queueUrl(sqs.urlOf("New"))
                        .attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
            .attributes()
            .get(QueueAttributeName.VISIBILITY_TIMEOUT));
    ClientException none =
        assertThrows(ClientException.class, () -> Enqueuer.builder("Nowhere").build());
    assertEquals("there is no queue \"Nowhere\" in us-east-1", none.getMessage());
  }

  @Test
  void what_is_enqueued_asynchronously_fills_batches_and_lingers_no_longer_than_told()
      throws Exception {
    try (Enqueuer enqueuer = enqueuer().linger(LONG).build()) {
      List<CompletableFuture<String>> futures = new ArrayList<>();
      for (String text : texts(25)) {
        futures.add(enqueuer.enqueueAsync(text));
      }
      for (CompletableFuture<String> future : futures.subList(0, 20)) {
        future.get();
      }
      assertFalse(futures.get(24).isDone(), "it waits for others");

      enqueuer.flush();

      assertTrue(futures.get(24).get(60, TimeUnit.SECONDS).startsWith(QUEUE));
    }
    assertEquals(3, sends());
    try (Enqueuer enqueuer = enqueuer().linger(Duration.ofMillis(1)).build()) {
      enqueuer.enqueueAsync("alone").get();
    }
  }

  @Test
  void closing_sends_what_lingers() throws Exception {
    CompletableFuture<String> future;
    try (Enqueuer enqueuer = enqueuer().linger(LONG).build()) {
      future = enqueuer.enqueueAsync("x");
    }

    assertTrue(future.isDone());
    assertEquals(List.of("x"), bodies());
  }

  @Test
  void an_interrupted_close_says_of_each_job_what_became_of_it() throws Exception {
    sqs.proxy().on("SendMessageBatch").throttle().forever();
    Enqueuer enqueuer = enqueuer().build();
    List<CompletableFuture<String>> futures = new ArrayList<>();
    for (String text : texts(25)) {
      futures.add(enqueuer.enqueueAsync(text));
    }
    CountDownLatch closed = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              enqueuer.close();
              assertTrue(Thread.currentThread().isInterrupted());
              closed.countDown();
            });
    closing.start();

    closing.interrupt();

    assertTrue(closed.await(90, TimeUnit.SECONDS));
    for (CompletableFuture<String> future : futures) {
      ExecutionException problem = assertThrows(ExecutionException.class, future::get);
      NotEnqueuedException no = assertInstanceOf(NotEnqueuedException.class, problem.getCause());
      assertFalse(no.perhaps());
    }
    assertThrows(IllegalStateException.class, () -> enqueuer.enqueue("late"));
    enqueuer.close();
  }

  @Test
  void an_interrupted_close_does_not_wait_for_a_callback_for_ever() throws Exception {
    EnqueuerBuilder builder = enqueuer().linger(Duration.ZERO);
    builder.patience = Duration.ofMillis(200);
    Enqueuer enqueuer = builder.build();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    var _ =
        enqueuer
            .enqueueAsync("x")
            .thenRun(
                () -> {
                  begun.countDown();
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    begun.await();
    Thread closing = new Thread(enqueuer::close);
    closing.start();

    closing.interrupt();

    closing.join(LONG.toMillis());
    assertFalse(closing.isAlive());
    never.countDown();
  }

  @Test
  void a_callback_may_enqueue_and_wait() throws Exception {
    try (Enqueuer enqueuer = enqueuer().maxPending(1, 1_000).linger(Duration.ZERO).build()) {
      CompletableFuture<String> both =
          enqueuer
              .enqueueAsync("first")
              .thenApply(
                  id -> {
                    try {
                      return id + " " + enqueuer.enqueue("second");
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      assertTrue(both.get(60, TimeUnit.SECONDS).contains(" "));
    }
    assertEquals(2, messages().size());
  }

  @Test
  void a_call_that_fails_for_good_fails_what_is_under_way_and_nothing_later() throws Exception {
    Fault denied = sqs.proxy().on("SendMessageBatch").deny().once();
    try (Enqueuer enqueuer = enqueuer().build()) {
      NotEnqueuedException no =
          assertThrows(
              NotEnqueuedException.class, () -> enqueuer.enqueue(NewJob.of("x").withId("a")));
      assertEquals("a", no.jobId());
      assertFalse(no.perhaps());
      assertTrue(String.valueOf(no.getMessage()).startsWith("job a was not enqueued: "));
      assertEquals(1, denied.hits());

      enqueuer.enqueue("y");
    }
    assertEquals(List.of("y"), bodies());
  }

  @Test
  void a_lost_answer_is_a_copy_and_no_failure() throws Exception {
    sqs.proxy().on("SendMessageBatch").loseAnswer().once();
    try (Enqueuer enqueuer = enqueuer().build()) {
      enqueuer.enqueue("x");
    }
    assertEquals(List.of("x", "x"), bodies());
  }

  @Test
  void what_the_queue_cannot_take_is_refused_at_once() throws Exception {
    try (Enqueuer enqueuer = enqueuer().build()) {
      for (NewJob bad :
          List.of(
              NewJob.of(""),
              NewJob.of("\u0000"),
              NewJob.of("\ud800"),
              NewJob.of("x".repeat(1024 * 1024)),
              NewJob.of("x").withId(""),
              NewJob.of("x").withId("a\nb"),
              NewJob.of("x").inGroup("g"))) {
        assertThrows(IllegalArgumentException.class, () -> enqueuer.enqueue(bad));
      }
    }
    assertEquals(0, sends());
    assertThrows(
        IllegalArgumentException.class,
        () -> Enqueuer.builder("q.fifo").packing(Packing.upTo(2)).build());
  }

  @Test
  void packs_fill_and_what_is_left_goes_with_the_flush() throws Exception {
    try (Enqueuer enqueuer =
        enqueuer().linger(LONG).packing(Packing.upTo(10).withResultPacks()).build()) {
      assertEquals(25, enqueuer.enqueueAll(texts(25)).size());
    }

    List<String> counts = new ArrayList<>();
    for (Message message : messages()) {
      assertEquals("1", attribute(message, "job_pack"));
      assertEquals("1", attribute(message, "result_pack"));
      counts.add(attribute(message, "job_count"));
    }
    assertEquals(List.of("10", "10", "5"), counts.stream().sorted().toList());
  }

  @Test
  void packs_have_up_to_64_kib_unless_more_is_wanted() throws Exception {
    List<String> texts = Collections.nCopies(30, "x".repeat(10_000));
    try (Enqueuer enqueuer = enqueuer().linger(LONG).packing(Packing.upTo(100)).build()) {
      enqueuer.enqueueAll(texts);
    }
    List<Message> messages = messages();
    assertEquals(Set.of("6"), counts(messages));
    assertTrue(messages.stream().allMatch(message -> message.body().length() < 64 * 1024));

    try (Enqueuer enqueuer =
        enqueuer().linger(LONG).packing(Packing.upTo(100, 1024 * 1024)).build()) {
      enqueuer.enqueueAll(texts);
    }
    assertEquals(Set.of("30"), counts(messages()));
    assertThrows(IllegalArgumentException.class, () -> Packing.upTo(100, 1024 * 1024 + 1));
    assertThrows(IllegalArgumentException.class, () -> Packing.upTo(100, 0));
  }

  private static Set<String> counts(List<Message> messages) {
    return messages.stream()
        .map(message -> attribute(message, "job_count"))
        .collect(Collectors.toSet());
  }

  @Test
  void what_was_learned_from_results_is_learned_again_while_the_enqueuer_lives() throws Exception {
    sqs.createQueue("Results");
    sqs.sendWithAttributes("Results", "r", Map.of("job_id", "a", "duration_millis", "400"));
    AtomicLong now = new AtomicLong();
    EnqueuerBuilder builder = enqueuer().packing(Packing.learnedFrom("Results"));
    builder.nanoTime = now::get;
    try (Enqueuer enqueuer = builder.build()) {
      enqueuer.enqueueAll(texts(1_000));
      assertEquals(Set.of("", "2"), counts(messages()));

      sqs.drain("Results");
      sqs.sendWithAttributes("Results", "r", Map.of("job_id", "b", "duration_millis", "200"));
      now.addAndGet(Duration.ofMinutes(5).toNanos());

      Awaitility.await()
          .atMost(LONG)
          .until(
              () -> {
                enqueuer.enqueueAll(texts(5));
                return counts(messages());
              },
              Set.of("5")::equals);
    }
  }

  @Test
  void the_size_of_packs_is_learned_from_results_which_stay() throws Exception {
    sqs.createQueue("Results");
    sqs.sendWithAttributes("Results", "r", Map.of("job_id", "a", "duration_millis", "400"));
    try (Enqueuer enqueuer = enqueuer().packing(Packing.learnedFrom("Results")).build()) {
      enqueuer.enqueueAll(texts(1_000));
    }

    assertTrue(
        messages().stream()
            .allMatch(message -> List.of("", "2").contains(attribute(message, "job_count"))),
        "two jobs of 400 ms are less than a second");
    assertEquals(1, sqs.counts("Results").visible());
  }

  @Test
  void a_fifo_queue_keeps_groups_and_order() throws Exception {
    sqs.createQueue("q.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
    try (Enqueuer enqueuer = Enqueuer.builder("q.fifo").build()) {
      List<String> ids = new ArrayList<>();
      enqueuer.enqueueAll(texts(30).stream().map(text -> NewJob.of(text).inGroup("g")), ids::add);
      assertEquals(30, ids.size());
    }

    List<Message> messages = sqs.drain("q.fifo");
    assertEquals(texts(30), messages.stream().map(Message::body).toList());
    assertEquals(
        "g", messages.get(0).attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
  }

  /** SQS drops a second message with the same deduplication id, and says that it has taken it. */
  @Test
  void in_a_fifo_queue_the_same_id_twice_is_two_jobs_and_a_send_that_is_repeated_is_one()
      throws Exception {
    sqs.createQueue("q.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
    NewJob nightly = NewJob.of("first").inGroup("g").withId("nightly");
    try (Enqueuer enqueuer = Enqueuer.builder("q.fifo").build()) {
      Fault lost = sqs.proxy().on("SendMessageBatch").loseAnswer().once();
      enqueuer.enqueue(nightly);
      assertEquals(1, lost.hits());
      enqueuer.enqueue(NewJob.of("second").inGroup("g").withId("nightly"));
    }

    assertEquals(3, sends(), "the first was sent twice");
    List<Message> messages = sqs.drain("q.fifo");
    assertEquals(List.of("first", "second"), messages.stream().map(Message::body).toList());
    messages.forEach(message -> assertEquals("nightly", attribute(message, "job_id")));
  }

  @Test
  void a_large_definition_goes_by_the_bucket_and_is_not_left_there_if_it_is_not_taken()
      throws Exception {
    String large = "x".repeat(2_000_000);
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      s3.createBucket("payloads");
      System.setProperty("aws.endpointUrlS3", s3.endpoint().toString());
      try (Enqueuer enqueuer = enqueuer().payloadBucket("payloads").build()) {
        enqueuer.enqueue(large);
        assertEquals(1, s3.keys("payloads").size());
        sqs.proxy().on("SendMessageBatch").deny().once();

        assertThrows(NotEnqueuedException.class, () -> enqueuer.enqueue(large + "y"));

        assertEquals(1, s3.keys("payloads").size());
      }
      Message message = messages().get(0);
      assertEquals("2000000", attribute(message, "ExtendedPayloadSize"));
      assertEquals(2_000_000, s3.get("payloads", s3.keys("payloads").get(0)).length);
    } finally {
      System.clearProperty("aws.endpointUrlS3");
    }
  }
}
