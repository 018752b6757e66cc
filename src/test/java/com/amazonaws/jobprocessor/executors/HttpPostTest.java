package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.RetryAfter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpPostTest {
  private final HttpPost executor = new HttpPost();
  private final ExecutorService serverThreads = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<Headers> headers = new CompletableFuture<>();
  private final CompletableFuture<String> received = new CompletableFuture<>();
  private final CompletableFuture<String> path = new CompletableFuture<>();
  private Charset receivedIn = UTF_8;
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Headers answerHeaders = new Headers();
  private int status = 200;
  private byte[] answer = "done".getBytes(UTF_8);
  private boolean hangs;
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(serverThreads);
    server.start();
  }

  @AfterEach
  void stopServer() {
    release.countDown();
    server.stop(0);
    serverThreads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    headers.complete(exchange.getRequestHeaders());
    path.complete(exchange.getRequestURI().toASCIIString());
    received.complete(new String(exchange.getRequestBody().readAllBytes(), receivedIn));
    if (hangs) {
      awaitRelease();
    }
    exchange.getResponseHeaders().putAll(answerHeaders);
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : 0);
    try (exchange;
        OutputStream body = exchange.getResponseBody()) {
      body.write(answer);
    }
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/job";
  }

  private HttpPost configured(String... namesAndValues) {
    Map<String, String> settings = new HashMap<>(Map.of("url", url()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    executor.configure(settings);
    return executor;
  }

  private String post() throws Exception {
    return executor.execute("job", Jobs.job());
  }

  private String failure() {
    return Thrown.message(HttpStatus.class, this::post);
  }

  @Test
  void the_job_is_posted_as_beanstalk_does_and_the_answer_is_the_result() throws Exception {
    answer = "ergebnis 😀\n".getBytes(UTF_8);
    JobContext job = Jobs.job("job-1", Map.of("customer", "acme", "size.max", "3"));

    assertEquals("ergebnis 😀\n", configured().execute("auftrag ü", job));

    assertEquals("auftrag ü", received.join());
    Headers sent = headers.join();
    assertEquals("text/plain; charset=utf-8", sent.getFirst("Content-Type"));
    assertEquals("message-1", sent.getFirst("X-Aws-Sqsd-Msgid"));
    assertEquals("3", sent.getFirst("X-Aws-Sqsd-Receive-Count"));
    assertEquals("acme", sent.getFirst("X-Aws-Sqsd-Attr-customer"));
    assertEquals("3", sent.getFirst("X-Aws-Sqsd-Attr-size.max"));
    assertEquals("job-1", sent.getFirst("X-Job-Id"));
    assertTrue(String.valueOf(sent.getFirst("User-Agent")).startsWith("aws-sqsd/"));
  }

  @Test
  void what_a_header_cannot_carry_is_left_out_and_injects_nothing() throws Exception {
    JobContext job =
        Jobs.job(
            "id\r\nX-Injected: 1",
            Map.of(
                "a", "x\nX-Injected: 1", "b", "ü", "c", "\0", "d: X-Injected", "1", "e", "fine"));

    configured().execute("job", job);

    Headers sent = headers.join();
    assertNull(sent.getFirst("X-Job-Id"));
    assertNull(sent.getFirst("X-Injected"));
    assertEquals(
        1, sent.keySet().stream().filter(name -> name.startsWith("X-aws-sqsd-attr")).count());
    assertEquals("fine", sent.getFirst("X-Aws-Sqsd-Attr-e"));
  }

  @Test
  void the_content_type_can_be_beanstalks() throws Exception {
    configured("content_type", "application/json");
    post();
    assertEquals("application/json", headers.join().getFirst("Content-Type"));
  }

  @Test
  void the_job_is_sent_in_the_charset_of_the_content_type() throws Exception {
    receivedIn = StandardCharsets.ISO_8859_1;
    configured("content_type", "text/plain; charset=\"iso-8859-1\"").execute("ü", Jobs.job());
    assertEquals("ü", received.join());

    String message =
        Thrown.message(PermanentJobFailure.class, () -> executor.execute("5 €", Jobs.job()));
    assertTrue(message.contains("ISO-8859-1"), message);
  }

  @Test
  void a_url_may_have_other_characters_than_ascii() throws Exception {
    configured("url", url() + "/grüße?größe=1");
    assertEquals("done", post());
    assertEquals("/job/gr%C3%BC%C3%9Fe?gr%C3%B6%C3%9Fe=1", path.join());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 299})
  void every_2xx_is_success(int code) throws Exception {
    status = code;
    configured();
    assertEquals("done", post());
  }

  @Test
  void an_answer_without_a_body_is_an_empty_result() throws Exception {
    status = 204;
    answer = new byte[0];
    configured();
    assertEquals("", post());
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 308, 400, 401, 404, 407, 429, 500, 503, 599})
  void any_other_status_is_a_failure_with_the_beginning_of_the_answer(int code) {
    status = code;
    answer = ("no disk" + "x".repeat(5_000)).getBytes(UTF_8);
    if (code == 304) {
      answer = new byte[0];
    }
    configured("url", url() + "?token=hush");
    String message = failure();
    String start = "HTTP status " + code + " from " + url() + "?...";
    assertTrue(message.startsWith(code == 304 ? start : start + ": no diskx"), message);
    assertTrue(message.length() < 600, message);
    assertEquals(1, requests.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_is_not_followed_and_told_without_its_secrets(int code) {
    status = code;
    answer = new byte[0];
    answerHeaders.set("Location", "https://user:hush@other.example/job/?token=hush");
    configured();
    assertEquals(
        "HTTP status " + code + " from " + url() + ", a redirect to https://other.example/job/?...",
        failure());
    assertEquals(1, requests.get());
  }

  @ParameterizedTest
  @CsvSource({"429,7,7", "503,0,0", "503,' 90 ',90"})
  void retry_after_says_when_to_try_again(int code, String value, long seconds) {
    status = code;
    answerHeaders.set("Retry-After", value);
    configured();
    RetryAfter thrown = assertThrows(HttpStatusRetryAfter.class, this::post);
    assertEquals(seconds, thrown.delay().toSeconds());
    assertEquals("HTTP status " + code + " from " + url() + ": done", thrown.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"503,soon", "429,1.5", "500,7", "404,7"})
  void a_malformed_or_misplaced_retry_after_is_a_plain_failure(int code, String value) {
    status = code;
    answerHeaders.set("Retry-After", value);
    configured();
    assertTrue(failure().startsWith("HTTP status " + code));
  }

  @Test
  void listed_statuses_are_for_good() {
    status = 422;
    configured("permanent_statuses", "400 422;429");
    assertEquals(
        "HTTP status 422 from " + url() + ": done",
        Thrown.message(HttpStatusForGood.class, this::post));

    status = 429;
    answerHeaders.set("Retry-After", "7");
    assertInstanceOf(PermanentJobFailure.class, assertThrows(HttpStatusForGood.class, this::post));
  }

  @Test
  void no_answer_in_time_is_a_failure() {
    hangs = true;
    configured("read_timeout_in_secs", "1");
    Throwable thrown = assertThrows(Exception.class, this::post);
    // A busy machine may need a second to connect.
    for (int i = 0; i < 10 && thrown instanceof ExecutorUnavailable; i++) {
      thrown = assertThrows(Exception.class, this::post);
    }
    assertInstanceOf(HttpNoAnswer.class, thrown);
    assertEquals("no complete answer from " + url() + " within 1 s", thrown.getMessage());
  }

  @Test
  void an_interrupt_ends_the_request() {
    hangs = true;
    configured();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> thrown.complete(assertThrows(Throwable.class, this::post)));
    await().atMost(60, SECONDS).until(() -> requests.get() == 1);

    thread.interrupt();

    assertInstanceOf(InterruptedException.class, thrown.orTimeout(10, SECONDS).join());
  }

  @ParameterizedTest
  @CsvSource({
    "connect_timeout_in_secs,1",
    "connect_timeout_in_secs,60",
    "read_timeout_in_secs,1",
    "read_timeout_in_secs,43000",
    "permanent_statuses,300 599"
  })
  void settings_may_be_at_their_bounds(String name, String value) throws Exception {
    configured(name, value);
    if (!value.equals("1")) { // a busy machine may take longer than a second
      assertEquals("done", post());
    }
  }
}
