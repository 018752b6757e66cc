package com.amazonaws.jobprocessor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.RequestThrottledException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

@Tag("long")
@Timeout(180)
class FaultyProxyIT {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static EmbeddedSqs sqs;

  private FaultyProxy proxy;
  private SqsClient client;
  private String queue;
  private String url;

  @BeforeAll
  static void startSqs() {
    sqs = EmbeddedSqs.start();
  }

  @AfterAll
  static void stopSqs() {
    sqs.close();
  }

  @BeforeEach
  void start(TestInfo test) {
    queue = test.getTestMethod().orElseThrow().getName();
    sqs.createQueue(queue);
    proxy = FaultyProxy.before(sqs.rawEndpoint());
    client = EmbeddedSqs.clientFor(proxy.endpoint());
    url = client.getQueueUrl(r -> r.queueName(queue)).queueUrl();
  }

  @AfterEach
  void stop() {
    client.close();
    proxy.close();
  }

  @Test
  void without_faults_it_passes_and_records_every_call() {
    assertTrue(url.startsWith(proxy.endpoint() + "/"), url);
    send("one", "two");
    var messages =
        client
            .receiveMessage(
                r ->
                    r.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1).visibilityTimeout(7))
            .messages();
    assertEquals(2, messages.size());
    client.deleteMessage(r -> r.queueUrl(url).receiptHandle(messages.getFirst().receiptHandle()));

    assertEquals(2, proxy.calls("SendMessageBatch").getFirst().entries());
    Call receive = proxy.calls("ReceiveMessage").getFirst();
    assertEquals(10, receive.maxNumber());
    assertEquals(1, receive.waitSeconds());
    assertEquals(7, receive.visibilitySeconds());
    assertEquals(2, receive.messages());
    assertEquals(queue, receive.queue());
    Call delete = proxy.calls("DeleteMessage").getFirst();
    assertEquals(List.of(messages.getFirst().receiptHandle()), delete.receiptHandles());
    assertTrue(delete.arrivedNanos() >= receive.answeredNanos());
    assertEquals(1, proxy.successes("DeleteMessage"));
    assertEquals(4, proxy.requests(FaultyProxy.ANY));
  }

  @Test
  void it_fails_as_often_as_it_is_told() {
    Fault fault = proxy.on("SendMessageBatch").fail(500).times(2);
    for (int i = 0; i < 2; i++) {
      assertEquals(500, assertThrows(SqsException.class, () -> send("x")).statusCode());
    }
    send("x");
    assertEquals(2, fault.hits());
    assertEquals(3, proxy.requests("SendMessageBatch"));
    assertEquals(1, proxy.successes("SendMessageBatch"));
    assertEquals(1, sqs.counts(queue).visible());
  }

  @Test
  void other_actions_and_other_queues_go_on() {
    sqs.createQueue("another");
    proxy.on("SendMessageBatch").queue("another").fail(503).forever();
    send("x");
    String another = client.getQueueUrl(r -> r.queueName("another")).queueUrl();
    assertThrows(
        SqsException.class,
        () -> client.sendMessageBatch(r -> r.queueUrl(another).entries(entries("x"))));
  }

  @Test
  void faults_follow_each_other_and_spare_the_first_calls() {
    proxy.onAll().afterFirst(1).fail(500).once();
    proxy.onAll().afterFirst(1).fail(502).once();
    send("x");
    assertEquals(500, assertThrows(SqsException.class, () -> send("x")).statusCode());
    assertEquals(502, assertThrows(SqsException.class, () -> send("x")).statusCode());
    send("x");
  }

  @Test
  void errors_look_to_the_sdk_like_those_of_sqs() {
    proxy.on("SendMessageBatch").throttle().once();
    RequestThrottledException throttled =
        assertThrows(RequestThrottledException.class, () -> send("x"));
    assertTrue(throttled.isThrottlingException());

    proxy.on("SendMessageBatch").throttlingException().once();
    assertTrue(assertThrows(SqsException.class, () -> send("x")).isThrottlingException());

    proxy.on("SendMessageBatch").deny().once();
    SqsException denied = assertThrows(SqsException.class, () -> send("x"));
    assertEquals(403, denied.statusCode());
    assertEquals("AccessDenied", denied.awsErrorDetails().errorCode());

    proxy.on("SendMessageBatch").queueGone().once();
    assertThrows(QueueDoesNotExistException.class, () -> send("x"));

    proxy.on("SendMessageBatch").error(403, "ExpiredToken", "Too old").once();
    SqsException expired = assertThrows(SqsException.class, () -> send("x"));
    assertEquals("ExpiredToken", expired.awsErrorDetails().errorCode());
    assertEquals("Too old", expired.awsErrorDetails().errorMessage());
    assertEquals(0, sqs.counts(queue).total());
  }

  @Test
  void a_cut_call_has_no_effect_and_a_lost_answer_has() {
    proxy.on("SendMessageBatch").cut().once();
    assertThrows(SdkClientException.class, () -> send("cut"));
    assertEquals(0, sqs.counts(queue).total());

    proxy.on("SendMessageBatch").loseAnswer().once();
    assertThrows(SdkClientException.class, () -> send("lost"));
    assertEquals(1, sqs.counts(queue).visible());
    assertEquals(0, proxy.successes("SendMessageBatch"));
    assertEquals(1, proxy.effects("SendMessageBatch"));
  }

  @Test
  void a_call_hangs_until_it_is_released() throws Exception {
    Fault fault = proxy.on("SendMessageBatch").hang().forever();
    FutureTask<Integer> sending = inBackground(() -> send("x"));
    fault.awaitHit(SOON);
    assertFalse(sending.isDone());
    assertEquals(0, sqs.counts(queue).total());
    fault.release();
    sending.get(40, TimeUnit.SECONDS);
    assertEquals(1, sqs.counts(queue).visible());
  }

  @Test
  void a_call_that_hangs_ends_when_the_proxy_is_closed() throws Exception {
    Fault fault = proxy.onAll().hang().forever();
    FutureTask<Integer> sending = inBackground(() -> send("x"));
    fault.awaitHit(SOON);
    proxy.close();
    assertThrows(ExecutionException.class, () -> sending.get(40, TimeUnit.SECONDS));
    assertEquals(0, sqs.counts(queue).total());
  }

  @Test
  void the_second_call_is_held_before_its_effect() throws Exception {
    Fault fault = proxy.on("SendMessageBatch").holdBefore(2);
    send("first");
    FutureTask<Integer> second = inBackground(() -> send("second"));
    fault.awaitHit(SOON);
    assertEquals(1, sqs.counts(queue).visible());
    fault.release();
    second.get(40, TimeUnit.SECONDS);
    assertEquals(2, sqs.counts(queue).visible());
  }

  @Test
  void a_call_is_held_between_its_effect_and_its_answer() throws Exception {
    Fault fault = proxy.on("SendMessageBatch").holdAfter(1);
    FutureTask<Integer> sending = inBackground(() -> send("x"));
    fault.awaitHit(SOON);
    assertEquals(1, sqs.counts(queue).visible());
    assertFalse(sending.isDone());
    fault.release();
    sending.get(40, TimeUnit.SECONDS);
  }

  @Test
  void a_held_call_whose_client_has_gone_is_dropped() throws Exception {
    Fault fault = proxy.on("SendMessageBatch").holdBefore(1);
    FutureTask<Integer> sending = inBackground(() -> send("x"));
    fault.awaitHit(SOON);
    client.close();
    assertThrows(ExecutionException.class, () -> sending.get(40, TimeUnit.SECONDS));
    Awaitility.await().atMost(SOON).until(() -> proxy.openConnections() == 0);
    fault.release();
    assertEquals(0, sqs.counts(queue).total());
  }

  @Test
  void a_delayed_call_takes_its_time() {
    proxy.on("SendMessageBatch").delay(Duration.ofMillis(300)).once();
    long start = System.nanoTime();
    send("x");
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
    assertEquals(1, sqs.counts(queue).visible());
  }

  @Test
  void some_entries_of_a_batch_fail_and_the_others_are_done() {
    proxy.on("SendMessageBatch").partialFail(2, "ServiceUnavailable", false).once();
    var answer = client.sendMessageBatch(r -> r.queueUrl(url).entries(entries("a", "b", "c\"é😀")));
    assertEquals(List.of("0", "1"), answer.failed().stream().map(f -> f.id()).toList());
    assertEquals("ServiceUnavailable", answer.failed().getFirst().code());
    assertFalse(answer.failed().getFirst().senderFault());
    assertEquals(List.of("2"), answer.successful().stream().map(s -> s.id()).toList());
    assertEquals("c\"é😀", sqs.receiveAll(queue).getFirst().body());
  }

  @Test
  void all_entries_of_a_batch_fail_without_a_call() {
    proxy.on("SendMessageBatch").partialFail(10, "InvalidMessageContents", true).once();
    var answer = client.sendMessageBatch(r -> r.queueUrl(url).entries(entries("a", "b")));
    assertEquals(2, answer.failed().size());
    assertTrue(answer.failed().getFirst().senderFault());
    assertEquals(0, sqs.counts(queue).total());
  }

  @Test
  void an_answer_is_given_or_rewritten_as_a_test_wants() {
    proxy.on("ReceiveMessage").answer(200, "{}").once();
    send("x");
    assertEquals(0, client.receiveMessage(r -> r.queueUrl(url)).messages().size());
    proxy.on("ReceiveMessage").rewriteAnswer(body -> body.replace("\"x\"", "\"y\"")).once();
    assertThrows(
        SdkClientException.class,
        () -> client.receiveMessage(r -> r.queueUrl(url)),
        "the SDK checks the MD5 of a body");
  }

  @Test
  void down_refuses_and_cuts_and_up_is_on_the_same_port() throws Exception {
    send("x");
    FutureTask<Integer> polling =
        inBackground(
            () -> {
              sqs.receiveAll(queue);
              client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20));
            });
    Awaitility.await().atMost(SOON).until(() -> proxy.requests("ReceiveMessage") == 1);
    proxy.down();
    assertThrows(ExecutionException.class, () -> polling.get(40, TimeUnit.SECONDS));
    // A process that another test starts has all sockets of this one for a moment.
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThrows(ConnectException.class, () -> connect().close()));
    assertThrows(SdkClientException.class, () -> send("x"));
    assertThrows(BindException.class, this::takePort, "nobody else gets the port meanwhile");
    proxy.up();
    send("x");
    assertEquals(1, sqs.counts(queue).visible());
  }

  private void takePort() throws IOException {
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(false);
      other.bind(new InetSocketAddress(proxy.endpoint().getHost(), proxy.endpoint().getPort()));
    }
  }

  @Test
  void a_long_poll_of_twenty_seconds_passes() {
    long start = System.nanoTime();
    assertEquals(
        0, client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)).messages().size());
    assertTrue(System.nanoTime() - start > Duration.ofSeconds(19).toNanos());
    send("x");
  }

  @Test
  void a_client_that_goes_takes_its_long_poll_along() throws Exception {
    FutureTask<Integer> polling =
        inBackground(() -> client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)));
    Awaitility.await().atMost(SOON).until(() -> proxy.requests("ReceiveMessage") == 1);
    client.close();
    assertThrows(ExecutionException.class, () -> polling.get(40, TimeUnit.SECONDS));
    Awaitility.await().atMost(SOON).until(() -> proxy.openConnections() == 0);
    assertEquals(0, proxy.calls("ReceiveMessage").getFirst().status());
    sqs.send(queue, "x");
    assertEquals(new EmbeddedSqs.Counts(1, 0, 0), sqs.counts(queue), "nobody polls any more");
  }

  @Test
  void a_long_poll_is_answered_when_a_message_arrives() throws Exception {
    FutureTask<Integer> polling =
        inBackground(() -> client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)));
    Awaitility.await().atMost(SOON).until(() -> proxy.requests("ReceiveMessage") == 1);
    send("x");
    polling.get(19, TimeUnit.SECONDS); // of 20
    assertEquals(1, proxy.calls("ReceiveMessage").getFirst().messages());
  }

  @Test
  void chunks_expect_continue_and_form_actions_are_understood() throws IOException {
    proxy.on("ListQueues").error(400, "Odd", "why").once();
    try (Socket socket = connect()) {
      String request =
          """
          POST / HTTP/1.1
          Host: h
          Content-Type: application/x-www-form-urlencoded
          Transfer-Encoding: chunked
          Expect: 100-continue
          Connection: close

          7
          Action=
          a
          ListQueues
          0

          """;
      socket
          .getOutputStream()
          .write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(answer.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 "), answer);
      assertTrue(answer.contains("<Code>Odd</Code>"), answer);
    }
  }

  @Test
  void it_bears_thousands_of_calls() throws Exception {
    proxy.onAll().answer(200, "{}").forever();
    int callers = 4;
    int each = 1_000;
    List<FutureTask<Integer>> all =
        IntStream.range(0, callers).mapToObj(_ -> inBackground(() -> callOften(each))).toList();
    for (FutureTask<Integer> one : all) {
      one.get(50, TimeUnit.SECONDS);
    }
    assertEquals(callers * each, proxy.successes("ListQueues"));
  }

  /** Without the SDK, which is slower than the proxy. */
  private void callOften(int times) {
    byte[] request =
        ("POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n"
                + "Content-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}")
            .getBytes(StandardCharsets.ISO_8859_1);
    try (Socket socket = connect()) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(request);
        assertEquals(200, Http.readAnswer(in, "POST").status());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.endpoint().getPort());
  }

  private void send(String... bodies) {
    client.sendMessageBatch(r -> r.queueUrl(url).entries(entries(bodies)));
  }

  private static List<SendMessageBatchRequestEntry> entries(String... bodies) {
    return IntStream.range(0, bodies.length)
        .mapToObj(
            i ->
                SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .messageBody(bodies[i])
                    .build())
        .toList();
  }

  private static FutureTask<Integer> inBackground(Runnable work) {
    FutureTask<Integer> task = new FutureTask<>(work, 0);
    Thread.ofVirtual().start(task);
    return task;
  }
}
