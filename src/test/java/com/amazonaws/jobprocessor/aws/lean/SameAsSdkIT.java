package com.amazonaws.jobprocessor.aws.lean;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Backlog;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each request is the one that the SDK's client makes: path, headers, what is signed, and the body
 * as JSON; run again when the SDK's version changes.
 */
class SameAsSdkIT {
  private static final Duration LIMIT = BothClients.LIMIT;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 100;

  private BothClients clients = new BothClients();

  SameAsSdkIT() throws Exception {}

  @AfterEach
  void close() throws IOException {
    clients.close();
  }

  private void assertSame(Consumer<SqsTransport> call) throws Exception {
    assertSame(call, BothClients.KEYS.secretAccessKey());
  }

  private void assertSame(Consumer<SqsTransport> call, String secret) throws Exception {
    clients.stub.requests().clear();
    call.accept(clients.sdk);
    call.accept(clients.lean);
    SqsStub.Request sdk = clients.stub.requests().getFirst();
    SqsStub.Request lean = clients.stub.requests().getLast();
    assertEquals(2, clients.stub.requests().size());
    assertEquals(sdk.line(), lean.line());
    assertEquals(ofCall(sdk), ofCall(lean));
    assertEquals(withoutDate(SignatureV4.scope(sdk)), withoutDate(SignatureV4.scope(lean)));
    SignatureV4.check(sdk, secret);
    SignatureV4.check(lean, secret);
    assertEquals(JSON.readTree(sdk.body()), JSON.readTree(lean.body()));
    assertEquals(sdk.body().length, lean.body().length);
  }

  /** Without what differs between two calls of the same client. */
  private static Map<String, String> ofCall(SqsStub.Request request) {
    Map<String, String> headers = new TreeMap<>(request.headers());
    assertTrue(
        headers
            .replace("amz-sdk-invocation-id", "")
            .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    assertTrue(headers.replace("x-amz-date", "").matches("\\d{8}T\\d{6}Z"));
    headers.replace("authorization", "");
    headers.replace("x-amz-content-sha256", ""); // of a body whose members have another order
    return headers;
  }

  private static String withoutDate(String scope) {
    return scope.replaceAll("/\\d{8}/", "/date/");
  }

  @Test
  void receives() throws Exception {
    clients.stub.answers(SqsStub.json("{}"));
    List<String> wanted = List.of("ApproximateReceiveCount", "SentTimestamp", "MessageGroupId");
    for (int i = 0; i < 20; i++) {
      int max = 1 + i % 10;
      String attempt = i % 2 == 0 ? null : "attempt-" + i;
      List<String> names = wanted.subList(0, i % 3 + 1);
      var receive =
          new SqsTransport.Receive(
              "http://sqs.example/123/q" + i + ".fifo",
              max,
              Duration.ofSeconds(i),
              Duration.ofSeconds(i * 1000L),
              names,
              attempt);
      assertSame(sqs -> sqs.receive(receive, LIMIT));
    }
  }

  @Test
  void sends_of_messages_with_any_text_and_all_types_of_attributes() throws Exception {
    RandomMessages random = new RandomMessages(1);
    for (int round = 0; round < ROUNDS; round++) {
      List<OutgoingMessage> messages = random.outgoing();
      assertSame(sqs -> sqs.send("https://sqs.example/1/q", messages, LIMIT));
    }
  }

  @Test
  void deletes_and_changes_of_visibility() throws Exception {
    RandomMessages random = new RandomMessages(2);
    for (int size = 1; size <= 10; size++) {
      List<String> handles =
          IntStream.range(0, size).mapToObj(_ -> "AQEB+/=" + random.text(200)).toList();
      assertSame(sqs -> sqs.delete("https://sqs.example/1/q", handles, LIMIT));
      List<Backlog.VisibilityChange> changes =
          handles.stream()
              .map(h -> new Backlog.VisibilityChange(h, h.length() % 3 == 0 ? 0 : 43_200))
              .toList();
      assertSame(sqs -> sqs.changeVisibility("https://sqs.example/1/q", changes, LIMIT));
    }
  }

  @Test
  void the_look_up_of_a_queue() throws Exception {
    clients.stub.answers(SqsStub.json("{\"QueueUrl\":\"https://sqs.example/1/q\"}"));
    assertSame(sqs -> assertEquals("https://sqs.example/1/q", sqs.queueUrl("q")));
  }

  @Test
  void the_attributes_of_a_queue() throws Exception {
    clients.stub.answers(
        SqsStub.json(
            "{\"Attributes\":{\"RedrivePolicy\":\"{\\\"maxReceiveCount\\\":5}\",\"New\":\"x\"}}"));
    assertSame(
        sqs ->
            assertEquals(
                Map.of("RedrivePolicy", "{\"maxReceiveCount\":5}", "New", "x"),
                sqs.attributes("q", List.of("RedrivePolicy", "DelaySeconds"))));
  }

  @Test
  void calls_with_a_session_token_and_an_endpoint_with_a_path() throws Exception {
    for (String path : List.of("/", "/base", "/base/", "/a%20b/c")) {
      clients.close();
      clients = new BothClients(path, new AwsAccess.Keys("id", "secret", "token/+="));
      assertSame(sqs -> sqs.delete("q", List.of("h"), LIMIT), "secret");
      assertEquals("token/+=", clients.stub.requests().getLast().header("x-amz-security-token"));
    }
  }

  @Test
  void a_large_batch_goes_as_it_is() throws Exception {
    String large = "x\u00e9\ud83d\ude00\n".repeat(20_000);
    List<OutgoingMessage> messages =
        IntStream.range(0, 10).mapToObj(_ -> new OutgoingMessage(large, Map.of())).toList();

    clients.lean.send("q", messages, LIMIT);
    clients.sdk.send("q", messages, LIMIT);

    assertArrayEquals(
        clients.stub.requests().getFirst().body(), clients.stub.requests().getLast().body());
  }
}
