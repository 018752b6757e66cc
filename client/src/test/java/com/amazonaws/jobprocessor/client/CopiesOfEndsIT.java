package com.amazonaws.jobprocessor.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Results} takes for the copy of an end, and deletes without a call. */
@Timeout(120)
class CopiesOfEndsIT {
  private static final String QUEUE = "ends";
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final List<JobEnd> ends = new ArrayList<>();

  @BeforeEach
  void open() {
    Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
    sqs.createQueue(QUEUE);
  }

  @AfterEach
  void close() {
    Settings.forget();
    sqs.close();
  }

  private void result(String message, String worker, String millis) {
    sqs.sendWithAttributes(
        QUEUE,
        "ok",
        Map.of(
            "job_id", "nightly",
            "attempts", "1",
            "duration_millis", millis,
            "worker_id", worker,
            "job_message_id", message));
  }

  @Test
  void another_job_of_the_same_id_with_the_same_answer_is_handed_over() throws Exception {
    try (Results results = Results.of(QUEUE).build()) {
      result("m-1", "i-1", "12");
      assertEquals(Set.of(), results.collect(Set.of("nightly"), ends::add, LONG));

      result("m-2", "i-1", "13");
      assertEquals(Set.of(), results.collect(Set.of("nightly"), ends::add, LONG));
    }
    assertEquals(2, ends.size());
    assertEquals(0, sqs.counts(QUEUE).total());
  }

  @Test
  void what_a_worker_sends_again_is_deleted_without_a_call() throws Exception {
    try (Results results = Results.of(QUEUE).build()) {
      result("m-1", "i-1", "12");
      assertEquals(1, results.collect(ends::add, QUIET));
      result("m-1", "i-2", "17"); // ran twice
      result("m-2", "i-1", "12"); // as the job table has it, for another message of the job
      assertEquals(0, results.collect(ends::add, QUIET));
    }
    assertEquals(0, sqs.counts(QUEUE).total());
  }

  private void inS3(String message) {
    sqs.sendWithAttributes(
        QUEUE,
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
            + "{\"s3BucketName\":\"payloads\",\"s3Key\":\"key\"}]",
        Map.of("job_id", "a", "job_message_id", message, "ExtendedPayloadSize", "5"));
  }

  /** The payload is deleted with the first. */
  @Test
  void the_copy_of_a_result_in_s3_is_deleted_without_its_payload() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      Settings.use(Map.of("aws.endpointUrlS3", s3.endpoint().toString()));
      s3.createBucket("payloads");
      s3.put("payloads", "key", "large".getBytes(UTF_8));
      try (Results results = Results.of(QUEUE).payloadBucket("payloads").build()) {
        inS3("m-1");
        assertEquals(1, results.collect(ends::add, QUIET));
        assertEquals(List.of(), s3.keys("payloads"));

        inS3("m-1");
        result("m-2", "i-1", "12");
        assertEquals(1, results.collect(ends::add, QUIET));
      }
    }
    assertEquals(List.of("large", "ok"), ends.stream().map(JobEnd::body).toList());
    assertEquals(0, sqs.counts(QUEUE).total());
  }

  private void letter(String message, String error) {
    sqs.sendWithAttributes(
        QUEUE,
        "the job",
        Map.of(
            "job_id", "j",
            "attempts", "2",
            "worker_id", "i-1",
            "error_type", error,
            "job_message_id", message,
            "backlog", "todo"));
  }

  @Test
  void a_job_that_was_sent_back_and_has_failed_again_is_handed_over_again() throws Exception {
    try (Results letters = Results.ofDeadLetters(QUEUE).build()) {
      letter("m-1", "ConnectException");
      letter("m-1", "ConnectException");
      assertEquals(1, letters.collect(ends::add, QUIET));

      letter("m-2", "IllegalStateException");
      assertEquals(1, letters.collect(ends::add, QUIET));
    }
    assertEquals(
        List.of("ConnectException", "IllegalStateException"),
        ends.stream().map(end -> Objects.requireNonNull(end.failure()).type()).toList());
    assertEquals(0, sqs.counts(QUEUE).total());
  }
}
