package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.port.Payloads.Unreadable;
import com.amazonaws.jobprocessor.port.PayloadsContract;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.FaultBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

@Tag("long")
class S3PayloadsIT extends PayloadsContract {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);
  private static final Duration SHORT_CALL = Duration.ofSeconds(2);
  private static final AtomicBoolean TRAPPED = new AtomicBoolean();

  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final SqsCalls calls = new SqsCalls();
  private final S3Client client = S3Clients.at(s3.endpoint(), LONGEST_CALL);

  @BeforeEach
  void make() {
    s3.createBucket(BUCKET);
  }

  @AfterEach
  void close() {
    client.close();
    s3.close();
  }

  @Override
  protected Payloads payloads() {
    return new S3Payloads(client, calls, BUCKET);
  }

  @Override
  protected String put(byte[] content) {
    s3.put(BUCKET, "put", content);
    return pointer(BUCKET, "put");
  }

  @Override
  protected void deny(String pointer) {
    s3.proxy().onAll().deny().forever();
  }

  @Override
  protected int objects() {
    return s3.keys(BUCKET).size();
  }

  /** What each method of the port says to a fault. */
  private List<CallFailed> failures(Consumer<FaultBuilder> fault) throws Exception {
    String pointer = payloads().store("a");
    fault.accept(s3.proxy().onAll());
    List<Executable> all =
        List.of(
            () -> payloads().fetch(pointer),
            () -> payloads().copy(pointer),
            () -> payloads().store("b"),
            () -> payloads().delete(pointer));
    List<CallFailed> failures =
        all.stream().map(call -> assertThrows(CallFailed.class, call)).toList();
    s3.proxy().clear();
    assertEquals("a", payloads().fetch(pointer));
    return failures;
  }

  private static List<CallFailed.Kind> kinds(List<CallFailed> failures) {
    return failures.stream().map(CallFailed::kind).distinct().toList();
  }

  @Test
  void an_outage_is_no_jobs_failure() throws Exception {
    assertEquals(
        List.of(CallFailed.Kind.UNKNOWN), kinds(failures(fault -> fault.fail(500).forever())));
    assertEquals(
        List.of(CallFailed.Kind.UNKNOWN),
        kinds(failures(fault -> fault.error(503, "SlowDown", "Reduce your rate.").forever())));
    assertEquals(List.of(CallFailed.Kind.UNKNOWN), kinds(failures(fault -> fault.cut().forever())));
  }

  @Test
  void an_object_whose_answer_was_lost_may_be_there_and_nobody_points_to_it() throws Exception {
    s3.proxy().on("PUT").loseAnswer().once();

    CallFailed failed = assertThrows(CallFailed.class, () -> payloads().store("a"));

    assertEquals(CallFailed.Kind.UNKNOWN, failed.kind());
    assertEquals(1, objects());
  }

  @Test
  void a_missing_bucket_and_bad_credentials_are_waited_out() throws Exception {
    for (Map.Entry<String, Integer> error :
        Map.of(
                "NoSuchBucket", 404,
                "InvalidAccessKeyId", 403,
                "SignatureDoesNotMatch", 403,
                "ExpiredToken", 400,
                "RequestTimeTooSkewed", 403)
            .entrySet()) {
      List<CallFailed> failures =
          failures(fault -> fault.error(error.getValue(), error.getKey(), "no").forever());

      assertEquals(List.of(CallFailed.Kind.REJECTED), kinds(failures), error.getKey());
      assertEquals(error.getKey(), failures.getFirst().code());
    }
  }

  @Test
  void a_server_that_is_down_is_no_jobs_failure() throws Exception {
    String pointer = payloads().store("a");
    s3.proxy().down();

    assertThrows(CallFailed.class, () -> payloads().fetch(pointer));

    s3.proxy().up();
    assertEquals("a", payloads().fetch(pointer));
  }

  @Test
  void a_call_that_hangs_ends_with_its_bound_and_is_made_once() throws Exception {
    String pointer = payloads().store("a");
    s3.proxy().forget();
    s3.proxy().onAll().hang().forever();
    try (S3Client impatient = S3Clients.at(s3.endpoint(), SHORT_CALL)) {
      long start = System.nanoTime();

      CallFailed failed =
          assertThrows(
              CallFailed.class, () -> new S3Payloads(impatient, calls, BUCKET).fetch(pointer));

      assertEquals(CallFailed.Kind.UNKNOWN, failed.kind());
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(25).toNanos());
      assertEquals(1, s3.proxy().requests("GET"));
    }
  }

  @Test
  void an_interrupt_ends_a_fetch() throws Exception {
    String pointer = payloads().store("a");
    var fault = s3.proxy().onAll().hang().forever();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> assertThrows(InterruptedException.class, () -> payloads().fetch(pointer)));
    fault.awaitHit(Duration.ofSeconds(60));

    thread.interrupt();

    assertTrue(thread.join(Duration.ofSeconds(60)));
  }

  @Test
  void a_denied_object_is_named_with_its_reason_and_never_with_content() throws Exception {
    s3.put(BUCKET, "key of mine", "secret".getBytes(UTF_8));
    s3.proxy().onAll().deny().forever();

    String said = String.valueOf(refusal(pointer(BUCKET, "key of mine")).getMessage());

    assertTrue(said.contains("s3://payloads/key of mine"), said);
    assertTrue(said.contains("AccessDenied"), said);
    assertFalse(said.contains("secret"), said);
  }

  @Test
  void an_object_that_is_encrypted_with_its_senders_key_is_the_jobs_failure() throws Exception {
    String pointer = payloads().store("a");
    s3.proxy().onAll().error(400, "InvalidRequest", "server-side encryption").forever();

    assertEquals(Unreadable.DENIED, refusal(pointer).type());
  }

  @Test
  void a_delete_that_is_denied_is_said_and_one_of_what_is_missing_is_not() throws Exception {
    String pointer = payloads().store("a");
    s3.proxy().on("DELETE").deny().once();
    assertThrows(CallFailed.class, () -> payloads().delete(pointer));

    s3.proxy().on("DELETE").error(404, "NoSuchKey", "as some servers say").once();
    payloads().delete(pointer);
    payloads().delete(pointer);
    payloads().delete(pointer);
    assertEquals(0, objects());
  }

  @Test
  void keys_of_any_kind_are_read() throws Exception {
    for (String key :
        List.of("a/b/c", "%2e%2F", "a+b c", "é 中 🚀", "?x=1&y#z", "a..b/...", "~*'()!")) {
      s3.put(BUCKET, key, key.getBytes(UTF_8));
      assertEquals(key, payloads().fetch(pointer(BUCKET, key)));
      String copy = payloads().copy(pointer(BUCKET, key));
      payloads().delete(pointer(BUCKET, key));
      assertEquals(key, payloads().fetch(copy));
    }
  }

  @Test
  void keys_that_could_lead_elsewhere_are_refused_unasked() {
    s3.proxy().forget();
    for (String key :
        List.of(
            "",
            ".",
            "..",
            "../other/key",
            "a/../../other/key",
            "a/./b",
            "a/..",
            "x".repeat(1025),
            "\\ud800",
            "a\\u0000b")) {
      assertEquals(Unreadable.REFUSED, refusal(pointer(BUCKET, key)).type(), key);
    }
    assertEquals(0, s3.proxy().requests("*"));
  }

  @Test
  void pointers_of_all_versions_and_languages_are_read() throws Exception {
    s3.put(BUCKET, "k", "v".getBytes(UTF_8));
    for (String pointer :
        List.of(
            // Java, version 1.0
            "[\"com.amazon.sqs.javamessaging.MessageS3Pointer\",{\"s3BucketName\":\"payloads\",\"s3Key\":\"k\"}]",
            // Python writes blanks
            "[\"software.amazon.payloadoffloading.PayloadS3Pointer\", {\"s3BucketName\": \"payloads\", \"s3Key\": \"k\"}]",
            " [ \"software.amazon.payloadoffloading.PayloadS3Pointer\" ,{\"more\":[1],\"s3Key\":\"k\",\"s3BucketName\":\"payloads\"}]\n")) {
      assertEquals("v", payloads().fetch(pointer), pointer);
    }
  }

  @Test
  void a_hostile_pointer_loads_no_class_and_is_read_within_bounds() {
    s3.proxy().forget();
    String head = "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",";
    for (String pointer :
        List.of(
            "[\"" + Trap.class.getName() + "\",{\"s3BucketName\":\"payloads\",\"s3Key\":\"k\"}]",
            head.replace("P", "\\u0050") + "{\"s3BucketName\":\"payloads\",\"s3Key\":\"k\"}]",
            head + "[".repeat(10_000),
            head + "{\"a\":".repeat(3_000),
            head + "{\"s3BucketName\":[\"" + Trap.class.getName() + "\",{}],\"s3Key\":\"k\"}]",
            head + "{\"s3BucketName\":\"payloads\",\"s3Key\":{\"@class\":\"k\"}}]",
            head + "null]",
            head + "{}]",
            head + "[",
            "[".repeat(50_000_000),
            head + "{\"s3BucketName\":\"payloads\",\"s3Key\":\"" + "k".repeat(50_000_000))) {
      Unreadable refused = refusal(pointer);
      assertEquals(Unreadable.REFUSED, refused.type());
      assertTrue(String.valueOf(refused.getMessage()).length() < 500);
    }
    assertFalse(TRAPPED.get());
    assertEquals(0, s3.proxy().requests("*"));
  }

  @Test
  void random_json_is_never_more_than_the_jobs_failure() {
    List<String> tokens =
        List.of(
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "null",
            "true",
            "-1e999",
            "\"\"",
            "\"s3BucketName\"",
            "\"s3Key\"",
            "\"payloads\"",
            "\"k\"",
            "\"\\u0000\"",
            "\"@class\"",
            "/*",
            "\u0000",
            "{\"s3Key\":");
    Random random = new Random(7);
    // As in the worker: the library logs a stack trace for each, 130 MB in all.
    ((Logger) LoggerFactory.getLogger("software.amazon.payloadoffloading")).setLevel(Level.OFF);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder json =
          new StringBuilder("[\"software.amazon.payloadoffloading.PayloadS3Pointer\",");
      for (int length = random.nextInt(20); length > 0; length--) {
        json.append(tokens.get(random.nextInt(tokens.size())));
      }
      refusal(json.toString());
    }
  }

  /** Tells if it was loaded. */
  static final class Trap {
    static {
      TRAPPED.set(true);
    }
  }

  @Test
  void what_is_stored_is_text_in_the_bucket() throws Exception {
    payloads().store("é");

    String key = s3.keys(BUCKET).getFirst();
    assertArrayEquals("é".getBytes(UTF_8), s3.get(BUCKET, key));
    assertEquals(
        "text/plain;charset=utf-8", // as S3Proxy writes it
        s3.client().headObject(r -> r.bucket(BUCKET).key(key)).contentType());
  }
}
