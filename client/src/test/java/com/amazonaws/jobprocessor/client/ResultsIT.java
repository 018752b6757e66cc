package com.amazonaws.jobprocessor.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Results} against ElasticMQ. */
@Tag("long")
@Timeout(120)
class ResultsIT {
  private static final String RESULTS = "results";
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final List<JobEnd> ends = new ArrayList<>();

  @BeforeEach
  void open() {
    Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
    sqs.createQueue(RESULTS);
  }

  @AfterEach
  void close() {
    Settings.forget();
    sqs.close();
  }

  private void result(String jobId, String body) {
    sqs.sendWithAttributes(
        RESULTS,
        body,
        Map.of(
            "job_id", jobId,
            "attempts", "2",
            "duration_millis", "12",
            "worker_id", "i-1"));
  }

  private List<String> bodies() {
    return ends.stream().map(JobEnd::body).sorted().toList();
  }

  @Test
  void each_result_is_handed_over_once_and_deleted_after_that() throws Exception {
    result("a", "done");
    sqs.sendWithAttributes(RESULTS, " ", Map.of("job_id", "b", "empty_result", "true"));
    sqs.sendWithAttributes(
        RESULTS,
        """
        {"job_id":"c","body":"packed","attempts":1,"duration_millis":3,"job_message_id":"m","worker_id":"i-2"}
        {"job_id":"d","body":"","empty_result":true,"attempts":1,"duration_millis":3,"job_message_id":"m","worker_id":"i-2"}
        """,
        Map.of("job_pack", "1", "job_count", "2"));
    try (Results results = Results.of(RESULTS).build()) {
      assertEquals(4, results.collect(ends::add, QUIET));
      assertEquals(0, results.collect(ends::add, QUIET));
    }

    assertEquals(List.of("", "", "done", "packed"), bodies());
    JobEnd a = ends.stream().filter(end -> end.jobId().equals("a")).findFirst().orElseThrow();
    assertEquals(new JobEnd("a", "done", 2, Duration.ofMillis(12), "i-1", null), a);
    assertEquals(0, sqs.counts(RESULTS).total());
    assertEquals(1, sqs.proxy().requests("DeleteMessageBatch"));
  }

  @Test
  void a_hundred_results_cost_ten_receives_and_ten_deletes() throws Exception {
    sqs.send(RESULTS, IntStream.range(0, 100).mapToObj(i -> "r" + i).toList());
    sqs.proxy().forget();
    try (Results results = Results.of(RESULTS).build()) {
      results.collect(ends::add, QUIET);
    }

    assertEquals(100, new TreeSet<>(bodies()).size());
    assertEquals(10, sqs.proxy().requests("DeleteMessageBatch"));
    assertTrue(sqs.proxy().requests("ReceiveMessage") <= 13, sqs.proxy().calls().toString());
    assertEquals(0, sqs.proxy().requests("ChangeMessageVisibilityBatch"));
  }

  @Test
  void the_time_that_deletes_take_is_no_quiet() throws Exception {
    sqs.send(RESULTS, IntStream.range(0, 30).mapToObj(i -> "r" + i).toList());
    Fault slow = sqs.proxy().on("DeleteMessageBatch").delay(QUIET.multipliedBy(2)).times(3);
    try (Results results = Results.of(RESULTS).build()) {
      assertEquals(30, results.collect(ends::add, QUIET));
    }

    assertEquals(3, slow.hits());
    assertEquals(0, sqs.counts(RESULTS).total());
  }

  @Test
  void what_is_others_is_shown_while_what_is_ours_is_deleted() throws Exception {
    result("ours", "1");
    result("theirs", "2");
    Fault delete = sqs.proxy().on("DeleteMessageBatch").holdBefore(1);
    try (Results results = Results.of(RESULTS).build()) {
      CompletableFuture<Set<String>> missing = collecting(results, Set.of("ours"));
      delete.awaitHit(LONG);

      await().atMost(LONG).until(() -> sqs.counts(RESULTS).visible() == 1);

      delete.release();
      assertEquals(Set.of(), missing.get());
    }
  }

  private CompletableFuture<Set<String>> collecting(Results results, Set<String> ids) {
    CompletableFuture<Set<String>> missing = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                missing.complete(results.collect(ids, end -> {}, LONG));
              } catch (InterruptedException | RuntimeException e) {
                missing.completeExceptionally(e);
              }
            })
        .start();
    return missing;
  }

  @Test
  void copies_are_handed_over_once_and_deleted() throws Exception {
    for (int i = 0; i < 3; i++) {
      result("a", "done");
    }
    result("a", "another body");
    result("b", "done");
    try (Results results = Results.of(RESULTS).build()) {
      assertEquals(3, results.collect(ends::add, QUIET));
      result("a", "done");
      assertEquals(0, results.collect(ends::add, QUIET), "in another call");
    }
    assertEquals(0, sqs.counts(RESULTS).total());
  }

  @Test
  void a_delete_that_failed_for_good_leaves_what_is_not_handed_over_again() throws Exception {
    result("a", "done");
    sqs.proxy().on("DeleteMessageBatch").deny().once();
    try (Results results = Results.of(RESULTS).build()) {
      assertThrows(ClientException.class, () -> results.collect(ends::add, QUIET));
      assertEquals(1, sqs.counts(RESULTS).visible(), "it was given back");
      assertEquals(0, results.collect(ends::add, QUIET));
    }

    assertEquals(List.of("done"), bodies());
    assertEquals(0, sqs.counts(RESULTS).total());
  }

  @Test
  void what_the_callback_throws_for_is_given_back_at_once_with_what_it_has_not_reached()
      throws Exception {
    for (String id : List.of("a", "b", "c")) {
      result(id, id);
    }
    IOException full = new IOException("disk full");
    List<String> met = new ArrayList<>();
    try (Results results = Results.of(RESULTS).build()) {
      ClientException thrown =
          assertThrows(
              ClientException.class,
              () ->
                  results.collect(
                      end -> {
                        met.add(end.jobId());
                        if (met.size() == 2) {
                          throw full;
                        }
                      },
                      QUIET));
      assertEquals(full, thrown.getCause());
      assertEquals(
          "the callback failed for job " + met.get(1) + ": java.io.IOException: disk full",
          thrown.getMessage());
      assertEquals(2, met.size());
      assertEquals(new EmbeddedSqs.Counts(2, 0, 0), sqs.counts(RESULTS));
      assertEquals(2, results.collect(ends::add, QUIET));
    }
    assertTrue(bodies().contains(met.get(1)), "it comes again");
  }

  @Test
  void with_a_listener_it_goes_on_and_what_failed_comes_again() throws Exception {
    result("a", "good");
    result("b", "bad");
    Map<String, Exception> failures = new HashMap<>();
    List<String> tries = new ArrayList<>();
    try (Results results = Results.of(RESULTS).onFailure(failures::put).build()) {
      assertEquals(
          2,
          results.collect(
              end -> {
                tries.add(end.body());
                if (tries.stream().filter("bad"::equals).count() == 1 && end.body().equals("bad")) {
                  throw new IOException("once");
                }
              },
              QUIET));
    }

    assertEquals(List.of("bad", "bad", "good"), tries.stream().sorted().toList());
    assertEquals(Set.of("b"), failures.keySet());
    assertEquals(0, sqs.counts(RESULTS).total());
  }

  @Test
  void of_a_pack_only_what_the_callback_threw_for_is_handed_over_again() throws Exception {
    sqs.sendWithAttributes(
        RESULTS,
        """
        {"job_id":"a","body":"1","attempts":1,"duration_millis":3,"job_message_id":"m","worker_id":"i"}
        {"job_id":"b","body":"2","attempts":1,"duration_millis":3,"job_message_id":"m","worker_id":"i"}
        {"job_id":"c","body":"3","attempts":1,"duration_millis":3,"job_message_id":"m","worker_id":"i"}
        """,
        Map.of("job_pack", "1"));
    List<String> tries = new ArrayList<>();
    try (Results results = Results.of(RESULTS).onFailure((id, e) -> {}).build()) {
      results.collect(
          end -> {
            tries.add(end.jobId());
            if (tries.equals(List.of("a", "b"))) {
              throw new IOException("once");
            }
          },
          QUIET);
    }

    assertEquals(List.of("a", "b", "c", "b"), tries);
    assertEquals(0, sqs.counts(RESULTS).total());
  }

  @Test
  void a_line_that_is_no_result_is_told_and_stays_hidden_for_a_while_with_its_pack()
      throws Exception {
    sqs.sendWithAttributes(
        RESULTS,
        """
        {"job_id":"a","body":"1","attempts":1,"duration_millis":3,"job_message_id":"m","worker_id":"i"}
        no result
        """,
        Map.of("job_pack", "1"));
    List<String> told = new ArrayList<>();
    try (Results results =
        Results.of(RESULTS)
            .onFailure((id, e) -> told.add(String.valueOf(e.getMessage())))
            .build()) {
      assertEquals(1, results.collect(ends::add, QUIET));
      assertEquals(1, told.size());
      assertTrue(told.get(0).startsWith("line 2: "), told.toString());
    }
    assertEquals(1, sqs.counts(RESULTS).total());
    try (Results strict = Results.of(RESULTS).build()) {
      assertThrows(ClientException.class, () -> strict.collect(ends::add, QUIET));
    }
  }

  @Test
  void payloads_in_s3_are_fetched_and_deleted_with_their_messages() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      Settings.use(Map.of("aws.endpointUrlS3", s3.endpoint().toString()));
      s3.createBucket("payloads");
      for (String key : List.of("k1", "k2")) { // a worker copies the object of a copy
        s3.put("payloads", key, "large".getBytes(UTF_8));
        pointer("a", key);
      }
      pointer("b", "missing");
      List<String> told = new ArrayList<>();
      try (Results poor = Results.of(RESULTS).onFailure((id, e) -> told.add(id)).build()) {
        assertEquals(0, poor.collect(ends::add, QUIET));
      }
      assertEquals(List.of("a", "a", "b"), told.stream().sorted().toList());
      told.clear();
      try (Results results =
          Results.of(RESULTS)
              .payloadBucket("payloads")
              .onFailure((id, e) -> told.add(id))
              .build()) {
        assertEquals(1, results.collect(ends::add, QUIET));
      }
      assertEquals(List.of("large"), bodies());
      assertEquals(List.of(), s3.keys("payloads"));
      assertEquals(List.of("b"), told);
      assertEquals(1, sqs.counts(RESULTS).total());
    }
  }

  private void pointer(String jobId, String key) {
    sqs.sendWithAttributes(
        RESULTS,
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
            + "{\"s3BucketName\":\"payloads\",\"s3Key\":\""
            + key
            + "\"}]",
        Map.of("job_id", jobId, "ExtendedPayloadSize", "5"));
  }

  @Test
  void dead_letters_are_collected_with_their_errors() throws Exception {
    sqs.sendWithAttributes(
        RESULTS,
        "the job",
        Map.of(
            "job_id", "a",
            "attempts", "2",
            "error_type", "java.io.IOException",
            "error_message", "no",
            "backlog", "todo"));
    result("b", "a letter that says nothing");
    try (Results letters = Results.ofDeadLetters(RESULTS).build()) {
      assertEquals(Set.of(), letters.collect(Set.of("a"), ends::add, LONG));
      assertEquals(1, sqs.counts(RESULTS).total());
      assertEquals(1, letters.collect(ends::add, QUIET));
    }

    JobEnd.Failure failure = Objects.requireNonNull(ends.get(0).failure());
    assertEquals(new JobEnd.Failure("java.io.IOException", "no", "todo"), failure);
    assertEquals("the job", ends.get(0).body());
    assertTrue(ends.stream().allMatch(JobEnd::isDeadLetter));
  }

  @Test
  void a_dead_letter_is_never_taken_for_a_result() throws Exception {
    sqs.sendWithAttributes(RESULTS, "job", Map.of("job_id", "a", "error_type", "E"));

    try (Results results = Results.of(RESULTS).build()) {
      ClientException e =
          assertThrows(ClientException.class, () -> results.collect(ends::add, QUIET));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.endsWith(" cannot be read: it is a dead letter"), message);
    }

    assertEquals(List.of(), ends);
    assertEquals(1, sqs.counts(RESULTS).total());
  }

  @Test
  void jobs_of_a_refused_pack_are_handed_over_once_and_the_letter_stays() throws Exception {
    sqs.sendWithAttributes(
        RESULTS,
        """
        {"job_id":"k-1","body":"one","attempts":3}
        no job
        {"body":"three"}
        """,
        Map.of(
            "job_pack", "9",
            "job_id", "m-1",
            "job_message_id", "m-1",
            "worker_id", "i-1",
            "error_type", "PackRefused",
            "error_message", "unknown version",
            "backlog", "todo"));
    try (Results letters = Results.ofDeadLetters(RESULTS).build()) {
      assertEquals(Set.of(), letters.collect(Set.of("k-1", "m-1/3"), ends::add, LONG));
      assertEquals(
          Set.of("k-1", "k-2"),
          letters.collect(Set.of("k-1", "k-2"), ends::add, Duration.ofSeconds(2)),
          "it has been handed over");
      await().atMost(LONG).until(() -> sqs.counts(RESULTS).visible() == 1);

      assertEquals(Set.of(), letters.collect(Set.of("m-1"), end -> {}, LONG));
    }

    JobEnd.Failure failure = new JobEnd.Failure("PackRefused", "unknown version", "todo");
    assertEquals(
        Set.of(
            new JobEnd("k-1", "one", 3, null, "i-1", failure),
            new JobEnd("m-1/3", "three", 0, null, "i-1", failure)),
        Set.copyOf(ends));
    assertEquals(2, ends.size());
    assertEquals(0, sqs.counts(RESULTS).total(), "whoever wants the pack has it");
  }

  @Test
  void who_waits_for_some_leaves_the_others_visible_and_names_what_is_missing() throws Exception {
    for (int i = 0; i < 25; i++) {
      result("mine-" + i, "m");
      result("other-" + i, "o");
    }
    List<String> mine = IntStream.range(0, 26).mapToObj(i -> "mine-" + i).toList();
    try (Results results = Results.of(RESULTS).build()) {
      assertEquals(Set.of(), results.collect(mine.subList(0, 25), ends::add, LONG));
      assertEquals(Set.of("mine-25"), results.collect(mine.subList(25, 26), ends::add, QUIET));
    }

    assertEquals(25, ends.size());
    assertTrue(ends.stream().allMatch(end -> end.jobId().startsWith("mine-")));
    // What was hidden for a second may come later.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sqs.counts(RESULTS), new EmbeddedSqs.Counts(25, 0, 0)::equals);
  }

  /** By their receives: time would depend on the machine. */
  @Test
  void two_readers_of_one_queue_each_need_at_most_half_as_many_receives_again_as_one()
      throws Exception {
    int all = 1000;
    fill(all);
    List<String> ids = IntStream.range(0, all).mapToObj(i -> "j" + i).toList();
    try (Results one = Results.of(RESULTS).build()) {
      assertEquals(Set.of(), one.collect(ids, ends::add, LONG));
    }
    int alone = sqs.proxy().requests("ReceiveMessage");
    assertEquals(all / 10, alone);
    fill(all);
    List<CompletableFuture<Set<String>>> readers = new ArrayList<>();
    for (int r = 0; r < 2; r++) {
      int reader = r;
      List<String> its =
          IntStream.range(0, all).filter(i -> i % 2 == reader).mapToObj(ids::get).toList();
      readers.add(CompletableFuture.supplyAsync(() -> read(its)));
    }
    for (CompletableFuture<Set<String>> reader : readers) {
      assertEquals(Set.of(), reader.get());
    }

    assertEquals(0, sqs.counts(RESULTS).total());
    int together = sqs.proxy().requests("ReceiveMessage");
    assertTrue(together <= 3 * alone, together + " receives of two, side by side");
  }

  private void fill(int results) {
    sqs.proxy().forget();
    for (int i = 0; i < results; i++) {
      result("j" + i, "r");
    }
    sqs.proxy().forget();
  }

  private Set<String> read(List<String> ids) {
    try (Results reader = Results.of(RESULTS).build()) {
      return reader.collect(ids, end -> {}, LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void several_threads_share_a_queue_and_each_end_is_handed_over_once() throws Exception {
    for (int i = 0; i < 60; i++) {
      result("j" + i % 30, "r");
    }
    ConcurrentLinkedQueue<String> handed = new ConcurrentLinkedQueue<>();
    try (Results results = Results.of(RESULTS).build()) {
      List<CompletableFuture<Long>> threads = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        threads.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return results.collect(end -> handed.add(end.jobId()), QUIET);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      for (CompletableFuture<Long> thread : threads) {
        thread.get();
      }
      // Copies of what another thread had in hand come later.
      while (sqs.counts(RESULTS).total() > 0) {
        results.collect(end -> handed.add(end.jobId()), QUIET);
      }
    }

    assertEquals(30, handed.size());
    assertEquals(30, handed.stream().collect(Collectors.toSet()).size());
  }

  @Test
  void an_interrupt_gives_back_what_is_in_hand_and_deletes_what_was_taken() throws Exception {
    for (int i = 0; i < 10; i++) {
      result("j" + i, "r" + i);
    }
    CountDownLatch third = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    try (Results results = Results.of(RESULTS).build()) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  results.follow(
                      end -> {
                        ends.add(end);
                        if (ends.size() == 3) {
                          third.countDown();
                          new CountDownLatch(1).await();
                        }
                      });
                } catch (Throwable e) {
                  thrown.set(e);
                }
              });
      thread.start();
      third.await();
      thread.interrupt();
      thread.join();

      assertInstanceOf(InterruptedException.class, thrown.get());
      assertEquals(new EmbeddedSqs.Counts(8, 0, 0), sqs.counts(RESULTS));
    }
  }

  @Test
  void close_ends_a_call_on_another_thread_and_refuses_new_ones() throws Exception {
    Results results = Results.of(RESULTS).build();
    CompletableFuture<Long> following =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return results.follow(ends::add);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    result("a", "done");
    await().atMost(LONG).until(() -> sqs.counts(RESULTS).total() == 0);
    results.close();
    results.close();

    assertEquals(1, following.get());
    assertThrows(IllegalStateException.class, () -> results.follow(ends::add));
    assertNull(ends.get(0).failure());
  }

  @Test
  void a_queue_that_is_missing_is_named() {
    ClientException thrown =
        assertThrows(ClientException.class, () -> Results.of("no-such-queue").build());
    assertEquals("there is no queue \"no-such-queue\" in us-east-1", thrown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Results.of(RESULTS).remember(-1));
  }
}
