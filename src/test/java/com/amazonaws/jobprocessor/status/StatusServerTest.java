package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.status.http.Pace;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusServerTest {
  private static final String LONG = "all work and no play ".repeat(500);

  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final WorkThreads threads = new WorkThreads(fatal::add);
  private StatusServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new StatusServer(
            "127.0.0.1",
            0,
            new StatusServer.Site(
                Map.of(
                    "/",
                    _ -> new Reply(200, Reply.HTML, "<p>page"),
                    "/long",
                    _ -> new Reply(200, Reply.PLAIN, LONG),
                    "/accept",
                    accept -> Reply.line(200, accept),
                    "/broken",
                    _ -> {
                      throw new IllegalStateException("a secret");
                    },
                    "/deep",
                    _ -> {
                      throw new StackOverflowError("a secret");
                    }),
                Map.of("/act", StatusServerTest::act)),
            (name, loop) -> threads.startVirtual(name, loop::run),
            new Pace(1_000, 1_000, System::nanoTime),
            System::nanoTime);
  }

  private static Reply act(Request request) {
    return Reply.line(
        200,
        request
            + " "
            + request.query().get("a")
            + " "
            + request.form().get("b")
            + " "
            + request.header("x-y"));
  }

  @AfterEach
  void end() {
    server.close();
    assertEquals(List.of(), fatal);
  }

  /** An answer as it came: the head with a line for each header, and the body. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Raw(String head, byte[] bytes) {
    String body() {
      return new String(bytes, UTF_8);
    }

    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }
  }

  private Raw send(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write((head + "\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      socket.shutdownOutput();
      byte[] all = socket.getInputStream().readAllBytes();
      String text = new String(all, ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      return new Raw(text.substring(0, end), Arrays.copyOfRange(all, end + 4, all.length));
    }
  }

  private Raw get(String path, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost");
    for (String header : headers) {
      head.append("\r\n").append(header);
    }
    return send(head.toString());
  }

  @Test
  void every_answer_has_the_headers_that_keep_a_browser_from_harm() throws Exception {
    for (Raw answer :
        new Raw[] {
          get("/"),
          get("/nowhere"),
          get("/broken"),
          send("POST / HTTP/1.1\r\nHost: localhost"),
          get("/", "Host: evil.example")
        }) {
      for (String header :
          new String[] {
            "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self';"
                + " connect-src 'self'; img-src 'self' data:; form-action 'self';"
                + " frame-ancestors 'none'; base-uri 'none'",
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: no-referrer",
            "Connection: close",
            "Cache-Control: no-store"
          }) {
        assertTrue(answer.head().contains("\r\n" + header), answer::head);
      }
    }
  }

  @Test
  void what_is_there_is_given_and_what_is_not_is_not_found() throws Exception {
    Raw page = get("/?theme=dark");
    assertEquals(200, page.status());
    assertEquals("<p>page", page.body());
    assertTrue(page.head().contains("Content-Type: text/html; charset=utf-8"), page::head);

    for (String path : new String[] {"/nowhere", "/long/", "/%2e%2e/etc/passwd"}) {
      assertEquals(404, get(path).status(), path);
    }
    assertEquals("text/x\n", get("/accept", "Accept: text/x").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "X"})
  void only_get_and_head_are_allowed(String method) throws Exception {
    Raw answer = send(method + " / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");

    assertEquals(405, answer.status());
    assertTrue(answer.head().contains("\r\nAllow: GET, HEAD"), answer::head);
  }

  @Test
  void a_head_is_answered_as_a_get_without_a_body() throws Exception {
    Raw head = send("HEAD / HTTP/1.1\r\nHost: localhost");

    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertTrue(head.head().contains("\r\nContent-Length: 7"), head::head);
  }

  @Test
  void a_host_that_is_the_name_of_another_machine_is_refused() throws Exception {
    Raw refused = send("GET / HTTP/1.1\r\nHost: evil.example:" + server.port());
    assertEquals(403, refused.status());
    assertFalse(refused.body().contains("page"), refused::body);

    assertEquals(403, send("GET / HTTP/1.1\r\nHost: ").status());
    assertEquals(403, get("http://evil.example/").status());
    assertEquals(400, get("/", "Host: localhost").status());
    assertEquals(200, send("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()).status());
    assertEquals(200, send("GET / HTTP/1.0\r\nX: y").status(), "a load balancer of old");
    assertEquals(200, send("GET / HTTP/1.1\r\nHost: 203.0.113.9:80").status(), "behind a NAT");
  }

  @Test
  void long_answers_are_compressed_for_whom_can_read_that() throws Exception {
    Raw packed = get("/long", "Accept-Encoding: br, gzip");
    assertTrue(packed.head().contains("\r\nContent-Encoding: gzip"), packed::head);
    assertTrue(packed.bytes().length < LONG.length() / 10);
    assertArrayEquals(
        LONG.getBytes(UTF_8),
        new GZIPInputStream(new ByteArrayInputStream(packed.bytes())).readAllBytes());

    for (String refused : new String[] {"identity", "gzip;q=0", "gzip;q=0.0", "br", "*;q=0"}) {
      Raw plain = get("/long", "Accept-Encoding: " + refused);
      assertEquals(LONG, plain.body(), refused);
      assertTrue(plain.head().contains("\r\nVary: Accept-Encoding"), plain::head);
    }
  }

  @Test
  void what_acts_is_told_the_query_the_form_and_the_headers() throws Exception {
    assertEquals("GET /act 1  null\n", get("/act?a=1").body());
    Raw posted =
        send(
            "POST /act?a=%C3%BC HTTP/1.1\r\nHost: localhost\r\nX-Y: z\r\nConnection: close\r\n"
                + "Content-Length: 35\r\n\r\nb=1+%26+2&c="); // and what ends each head
    assertEquals("POST /act ü 1 & 2 z\n", posted.body());
    assertEquals("", send("HEAD /act HTTP/1.1\r\nHost: localhost").body());
  }

  @Test
  void what_acts_takes_no_other_method_no_other_host_and_no_long_body() throws Exception {
    Raw put = send("PUT /act HTTP/1.1\r\nHost: localhost");
    assertEquals(405, put.status());
    assertTrue(put.head().contains("\r\nAllow: GET, HEAD, POST"), put::head);

    String post = "POST /act HTTP/1.1\r\nHost: ";
    assertEquals(403, send(post + "evil.example\r\nContent-Length: 3\r\n\r\nb=1").status());
    String body = "x".repeat(20_000 - "\r\nConnection: close\r\n\r\n".length());
    Raw tooLong = send(post + "localhost\r\nContent-Length: 20000\r\n\r\n" + body);
    assertEquals(413, tooLong.status());
    Raw chunked = send(post + "localhost\r\nTransfer-Encoding: chunked\r\n\r\n5000\r\n" + body);
    assertEquals(411, chunked.status());
  }

  @Test
  void nothing_can_be_posted_where_nothing_is() throws Exception {
    assertEquals(404, send("POST /boxes/start HTTP/1.1\r\nHost: localhost").status());
  }

  @Test
  void an_error_of_ours_is_told_without_its_text() throws Exception {
    for (String path : new String[] {"/broken", "/deep"}) {
      Raw answer = get(path);

      assertEquals(500, answer.status());
      assertFalse(answer.body().contains("secret"), answer::body);
    }
  }

  @Test
  void a_port_that_is_taken_is_refused_at_once() {
    assertThrows(
        IOException.class,
        () ->
            new StatusServer(
                "127.0.0.1",
                server.port(),
                new StatusServer.Site(Map.of(), Map.of()),
                (name, loop) -> threads.startVirtual(name, loop::run),
                new Pace(1, 1, System::nanoTime),
                System::nanoTime));
  }
}
