package com.amazonaws.jobprocessor.aws.lean;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Connections, limits, interrupts and clocks of our own calls. */
class LeanTransportIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final AwsCredentialsProvider KEYS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));

  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final SqsStub stub = new SqsStub();
  private final SqsCalls calls = new SqsCalls();
  private final CountDownLatch end = new CountDownLatch(1);
  private SqsTransport sqs = transport(KEYS, Clock.systemUTC());

  private SqsTransport transport(AwsCredentialsProvider credentials, Clock clock) {
    return new LeanTransport(
        credentials,
        new Endpoint(Optional.of(stub.endpoint()), URI.create(stub.endpoint() + "/"), "us-east-1"),
        clock);
  }

  @AfterEach
  void close() throws IOException {
    end.countDown();
    sqs.close();
    stub.close();
  }

  private void delete() throws CallFailed, InterruptedException {
    delete(LIMIT);
  }

  private void delete(Duration limit) throws CallFailed, InterruptedException {
    calls.call(() -> sqs.delete("q", List.of("h"), limit));
  }

  private SqsStub.Answer silence() {
    return _ -> {
      end.await();
      return false;
    };
  }

  private SqsStub.Answer halfAnAnswer() {
    return out -> {
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Succ".getBytes(UTF_8));
      out.flush();
      end.await();
      return false;
    };
  }

  /** Threads of the system, too: those of tests, and the one that starts the worker. */
  @Test
  void an_interrupt_cuts_a_call_that_hangs_at_once() throws Exception {
    for (SqsStub.Answer answer : List.of(silence(), halfAnAnswer())) {
      for (Thread.Builder threads : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
        stub.requests().clear();
        stub.answers(answer);
        AtomicReference<Exception> thrown = new AtomicReference<>();
        Thread thread =
            threads.start(
                () -> {
                  try {
                    delete(Duration.ofMinutes(10));
                  } catch (Exception e) {
                    thrown.set(e);
                  }
                });
        await().atMost(SOON).until(() -> stub.requests().size() == 1);

        thread.interrupt();

        assertTrue(thread.join(SOON));
        assertEquals(InterruptedException.class, thrown.get().getClass());
      }
    }
    stub.answers(SqsStub.json("{}"));
    delete();
  }

  @Test
  void a_thread_that_is_interrupted_before_the_call_does_not_make_it() throws Exception {
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  try {
                    delete();
                  } catch (Exception e) {
                    thrown.set(e);
                  }
                });

    assertTrue(thread.join(SOON));
    assertEquals(InterruptedException.class, thrown.get().getClass());
  }

  @Test
  void a_call_is_cut_at_its_limit_wherever_it_hangs_and_made_once() throws Exception {
    for (SqsStub.Answer answer : List.of(silence(), halfAnAnswer())) {
      stub.requests().clear();
      stub.answers(answer);
      CallFailed cut = assertThrows(CallFailed.class, () -> delete(Duration.ofSeconds(2)));
      assertEquals("ApiCallTimeoutException", cut.code());
      assertEquals(CallFailed.Kind.UNKNOWN, cut.kind());
      assertTrue(cut.sent());
      await().until(() -> stub.requests().size() == 1);
    }
    assertFalse(Thread.interrupted());
    stub.answers(SqsStub.json("{}"));
    delete();
  }

  @Test
  void credentials_that_hang_are_part_of_the_call() {
    sqs.close();
    sqs =
        transport(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return AwsBasicCredentials.create("id", "secret");
            },
            Clock.systemUTC());

    CallFailed cut = assertThrows(CallFailed.class, () -> delete(Duration.ofMillis(200)));

    assertEquals("ApiCallTimeoutException", cut.code());
    assertEquals(0, stub.requests().size());
  }

  @Test
  void a_limit_that_is_shorter_than_all_before_wakes_the_watch() throws Exception {
    stub.answers(silence());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CallFailed>> cut =
          IntStream.of(600_000, 400, 100, 200)
              .mapToObj(
                  millis ->
                      threads.submit(
                          () ->
                              assertThrows(
                                  CallFailed.class, () -> delete(Duration.ofMillis(millis)))))
              .toList();
      for (Future<CallFailed> call : cut.subList(1, 4)) {
        assertEquals("ApiCallTimeoutException", call.get().code());
      }
      assertFalse(cut.getFirst().isDone());
      end.countDown();
      assertEquals(CallFailed.Kind.UNKNOWN, cut.getFirst().get().kind());
    }
  }

  @Test
  void calls_after_each_other_share_a_connection() throws Exception {
    for (int i = 0; i < 50; i++) {
      delete();
      stub.answers(
          i % 2 == 0
              ? SqsStub.json("{\"Successful\":[{\"Id\":\"0\"}]}  \n")
              : SqsStub.answer(400, Map.of(), "{\"__type\":\"OverLimit\"}"));
      if (i % 2 == 1) {
        assertThrows(CallFailed.class, this::delete);
        stub.answers(SqsStub.json("{}"));
      }
    }
    assertEquals(1, stub.connections());
  }

  @Test
  void an_answer_that_says_so_is_the_last_of_its_connection() throws Exception {
    stub.answers(SqsStub.answer(200, Map.of("Connection", "close"), "{}"));
    delete();
    delete();
    assertEquals(2, stub.connections());
  }

  @Test
  void a_connection_that_the_server_has_closed_meanwhile_is_not_used() throws Exception {
    delete();
    stub.closeConnections();

    // Looked at after a second without use; a call before that may meet the closed one, once.
    long idleSince = System.nanoTime();
    await()
        .atMost(SOON)
        .until(() -> System.nanoTime() - idleSince > Duration.ofMillis(1100).toNanos());
    delete();

    assertEquals(2, stub.connections());
  }

  /** What was sent may have had its effect: whoever calls decides, and counts. */
  @Test
  void a_call_whose_connection_breaks_is_not_made_again() {
    stub.answers(_ -> false);

    CallFailed failed = assertThrows(CallFailed.class, this::delete);

    assertEquals(CallFailed.Kind.UNKNOWN, failed.kind());
    assertTrue(failed.sent());
    assertEquals(1, stub.requests().size());
  }

  @Test
  void an_answer_that_ends_too_early_is_none() {
    stub.answers(
        out -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}".getBytes(UTF_8));
          return false;
        });
    CallFailed failed = assertThrows(CallFailed.class, this::delete);
    assertEquals(CallFailed.Kind.UNKNOWN, failed.kind());
  }

  @Test
  void an_answer_in_chunks_is_read() throws Exception {
    stub.answers(
        out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"Suc\r\n1\r\nc\r\n"
                  .getBytes(UTF_8));
          out.flush();
          out.write("18\r\nessful\":[{\"Id\":\"0\"}] }  \r\n0\r\n\r\n".getBytes(UTF_8));
          return true;
        });
    assertEquals(
        Map.of("0", ""), calls.call(() -> sqs.delete("q", List.of("h"), LIMIT)).successful());
    delete();
    assertEquals(1, stub.connections());
  }

  @Test
  void nobody_at_the_address_means_nothing_was_sent() throws Exception {
    URI nobody;
    try (ServerSocket closed = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort() + "/");
    }
    try (SqsTransport none =
        new LeanTransport(
            KEYS, new Endpoint(Optional.of(nobody), nobody, "us-east-1"), Clock.systemUTC())) {
      CallFailed failed =
          assertThrows(CallFailed.class, () -> calls.call(() -> none.queueUrl("q")));
      assertFalse(failed.sent());
    }
  }

  /** More than there are connections: each failure must give its own back. */
  @Test
  void failures_do_not_use_up_the_connections() throws Exception {
    stub.answers(
        out -> {
          out.write("HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\n{".getBytes(UTF_8));
          return false;
        });
    for (int i = 0; i < 200; i++) {
      assertThrows(CallFailed.class, this::delete);
    }
    stub.answers(SqsStub.json("not json, and long " + "x".repeat(100_000)));
    for (int i = 0; i < 200; i++) {
      assertThrows(CallFailed.class, this::delete);
    }
    stub.answers(SqsStub.json("{}"));
    delete(SOON);
  }

  /** Until the client has had enough of it. */
  private static SqsStub.Answer withoutEnd(int status, String begin) {
    byte[] more = " ".repeat(0x10000).getBytes(UTF_8);
    return out -> {
      out.write(
          ("HTTP/1.1 " + status + " Said\r\nTransfer-Encoding: chunked\r\n\r\n").getBytes(UTF_8));
      out.write((Integer.toHexString(begin.length()) + "\r\n" + begin + "\r\n").getBytes(UTF_8));
      while (true) {
        out.write("10000\r\n".getBytes(UTF_8));
        out.write(more);
        out.write("\r\n".getBytes(UTF_8));
      }
    };
  }

  @Test
  void an_answer_without_an_end_is_not_read_for_ever() throws Exception {
    stub.answers(withoutEnd(503, "<html>"));
    assertEquals("HTTP 503", assertThrows(CallFailed.class, this::delete).code());
    stub.answers(withoutEnd(200, "{\"Successful\":["));
    CallFailed failed = assertThrows(CallFailed.class, this::delete);
    assertEquals("StreamConstraintsException", failed.code());

    stub.answers(SqsStub.json("{}"));
    delete();
  }

  /** SQS says the second of a signature that is more than a quarter of an hour off. */
  @ParameterizedTest
  @ValueSource(strings = {"RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException"})
  void a_clock_that_is_wrong_is_put_right_by_the_answer(String code) throws Exception {
    // The SDK's arithmetic compares with the machine's clock, which is the one that is wrong.
    Instant right = Instant.now().minus(Duration.ofDays(2));
    refuse(code, right);

    CallFailed failed = assertThrows(CallFailed.class, this::delete);

    assertEquals(CallFailed.Kind.REJECTED, failed.kind());
    assertEquals(code, failed.code());
    assertSignedAt(right);
  }

  /** Meanwhile the machine has been told the time, and is an hour behind by what was learned. */
  @ParameterizedTest
  @ValueSource(strings = {"SignatureDoesNotMatch", "InvalidSignatureException"})
  void a_clock_that_was_put_right_twice_is_right_again(String code) throws Exception {
    refuse(code, Instant.now().minus(Duration.ofHours(1)));
    assertThrows(CallFailed.class, this::delete);
    assertSignedAt(Instant.now().minus(Duration.ofHours(1)));

    refuse(code, Instant.now());
    assertThrows(CallFailed.class, this::delete);

    assertSignedAt(Instant.now());
  }

  @Test
  void a_key_that_is_wrong_is_not_the_clocks_fault() throws Exception {
    // Within what SQS accepts, and what the SDK takes for right.
    refuse("SignatureDoesNotMatch", Instant.now().minus(Duration.ofMinutes(3)));

    CallFailed failed = assertThrows(CallFailed.class, this::delete);

    assertEquals(CallFailed.Kind.REJECTED, failed.kind());
    assertEquals(1, stub.requests().size());
    assertSignedAt(Instant.now());
  }

  /** As SQS does; {@code date} is what its clock says. */
  private void refuse(String code, Instant date) {
    stub.answers(
        SqsStub.answer(
            403,
            Map.of(
                "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC))),
            "{\"__type\":\"com.amazon.coral.service#"
                + code
                + "\",\"message\":\"Signature expired: or so\"}"));
  }

  /** Give or take a minute, for a slow machine. */
  private void assertSignedAt(Instant expected) throws Exception {
    stub.answers(SqsStub.json("{}"));
    delete();
    Instant signed = SIGNED.parse(stub.requests().getLast().header("x-amz-date"), Instant::from);
    assertTrue(
        Duration.between(expected, signed).abs().compareTo(Duration.ofMinutes(1)) < 0,
        () -> signed + ", not " + expected);
  }

  @Test
  void an_error_that_is_none_of_the_clock_leaves_it_alone() throws Exception {
    stub.answers(
        SqsStub.answer(
            400,
            Map.of("Date", "Thu, 26 Nov 2020 12:00:00 GMT"),
            "{\"__type\":\"OverLimit\",\"message\":\"many\"}"));
    assertThrows(CallFailed.class, this::delete);
    stub.answers(SqsStub.json("{}"));
    delete();

    assertEquals(
        Clock.systemUTC().instant().toString().substring(0, 4),
        stub.requests().getLast().header("x-amz-date").substring(0, 4));
  }

  @Test
  void large_answers_are_read() throws Exception {
    String body = "\u00e9\ud83d\ude00\\n".repeat(100_000);
    stub.answers(
        SqsStub.json(
            "{\"Messages\":[{\"MessageId\":\"i\",\"ReceiptHandle\":\"r\",\"Body\":\""
                + body
                + "\"}]}"));
    var receive =
        new SqsTransport.Receive("q", 1, Duration.ZERO, Duration.ofSeconds(30), List.of(), null);
    assertEquals(
        body.replace("\\n", "\n"), calls.call(() -> sqs.receive(receive, LIMIT)).getFirst().body());
  }
}
