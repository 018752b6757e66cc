package com.amazonaws.jobprocessor.status.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpListenerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger open = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final WorkThreads threads = new WorkThreads(fatal::add);
  private Pace pace = new Pace(1_000, 10_000, clock);
  private byte[] body = "ok".getBytes(ISO_8859_1);
  private HttpListener listener;

  @BeforeEach
  void start() throws IOException {
    listener = start(clock, this::handle);
  }

  private HttpListener start(MonotonicClock time, HttpListener.Handler handler) throws IOException {
    return HttpListener.start(
        InetAddress.getLoopbackAddress(),
        0,
        (name, loop) -> threads.startVirtual(name, loop::run),
        pace,
        time,
        handler);
  }

  private void handle(HttpConnection connection) throws IOException {
    open.incrementAndGet();
    try {
      RequestHead head = connection.readHead();
      if (head != null) {
        boolean posted = head.method().equals("POST");
        byte[] text = posted ? connection.readBody(head) : body;
        connection.answer(200, Map.of("X", "y"), text, false);
      }
    } catch (RequestRefused e) {
      connection.answer(e.status(), Map.of(), new byte[0], false);
    } finally {
      open.decrementAndGet();
    }
  }

  @AfterEach
  void end() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private Socket connect(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    sockets.add(socket);
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException e) {
      return "reset";
    }
  }

  /** The kernel resets a connection that is closed with something in it that nobody has read. */
  private static void assertCut(Socket socket) throws IOException {
    String answer = answer(socket);
    assertTrue(answer.isEmpty() || answer.equals("reset"), answer);
  }

  private void awaitOpen(int connections) {
    await().until(() -> open.get() == connections);
  }

  @Test
  void a_request_is_answered_and_its_connection_closed() throws Exception {
    assertEquals(
        "HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        answer(connect(GET)));
  }

  @Test
  void a_request_that_comes_byte_by_byte_is_answered() throws Exception {
    Socket socket = connect("");
    socket.setTcpNoDelay(true);
    for (byte one : GET.getBytes(ISO_8859_1)) {
      socket.getOutputStream().write(one);
    }

    assertTrue(answer(socket).endsWith("ok"));
  }

  @Test
  void beyond_sixty_four_none_is_accepted_until_there_is_room() throws Exception {
    for (int i = 0; i < 64; i++) {
      connect("GET / HTTP/1.1\r\nX-Slow: ");
    }
    awaitOpen(64);
    Socket one = connect(GET); // the kernel has it

    clock.advance(Duration.ofMillis(999));
    await().until(() -> clock.waiters() == 1); // who watches has looked
    assertEquals(64, open.get());

    await() // the slow ones are cut, since another waits
        .until(
            () -> {
              clock.advance(Duration.ofMillis(250));
              return open.get() < 64;
            });
    assertTrue(answer(one).endsWith("ok"));
  }

  @Test
  void a_slow_one_that_is_in_nobodys_way_has_five_seconds() throws Exception {
    Socket slow = connect("GET / HTTP/1.1\r\nX-Slow: ");
    awaitOpen(1);
    for (int i = 0; i < 19; i++) {
      await().until(() -> clock.waiters() == 1);
      clock.advance(Duration.ofMillis(250));
    }
    await().until(() -> clock.waiters() == 1);
    assertEquals(1, open.get());

    await()
        .until(
            () -> {
              clock.advance(Duration.ofMillis(250));
              return open.get() == 0;
            });
    assertCut(slow);
  }

  @Test
  void an_answer_that_nobody_reads_is_cut_off() throws Exception {
    body = new byte[100_000_000]; // more than the kernel's buffers take
    connect(GET);
    awaitOpen(1);

    await()
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              return open.get() == 0;
            });
  }

  @Test
  void what_is_refused_can_be_read_though_more_was_sent() throws Exception {
    String post = "POST / HTTP/1.1\r\nHost: localhost\r\n";

    assertTrue(
        answer(connect(post + "Content-Length: 60000\r\n\r\n" + "x".repeat(60_000 - 1)))
            .startsWith("HTTP/1.1 413 Content Too Large\r\n"));
    assertTrue(
        answer(connect(post + "X: " + "y".repeat(60_000)))
            .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
  }

  @Test
  void of_what_was_not_asked_for_little_is_read_for_a_second_at_most() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485760\r\n\r\n";
    connect(head); // and sends nothing
    awaitOpen(1);
    await()
        .until(
            () -> {
              clock.advance(Duration.ofMillis(250));
              return open.get() == 0;
            });

    Socket flood = connect(head);
    byte[] part = new byte[1 << 16];
    assertThrows(
        SocketException.class,
        () -> {
          for (int i = 0; i < 10_000; i++) {
            flood.getOutputStream().write(part);
          }
        });
  }

  @Test
  void bodies_are_read_as_they_are_announced() throws Exception {
    String post = "POST / HTTP/1.1\r\nHost: localhost\r\n";

    assertTrue(answer(connect(post + "Content-Length: 3\r\n\r\na=1&more")).endsWith("\r\n\r\na=1"));
    assertTrue(answer(connect(post + "Content-Length: 00\r\n\r\n")).endsWith("\r\n\r\n"));
    assertTrue(answer(connect(post + "\r\n")).contains("Content-Length: 0\r\n"));
    Socket late = connect(post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    byte[] go = late.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
    assertEquals("HTTP/1.1 100 Continue\r\n\r\n", new String(go, ISO_8859_1));
    late.getOutputStream().write("b=2".getBytes(ISO_8859_1));
    assertTrue(answer(late).endsWith("\r\n\r\nb=2"));
  }

  /** {@code boxes=20} that was cut is {@code boxes=2}: another order. */
  @Test
  void a_body_that_is_cut_short_is_refused() throws Exception {
    for (String part : new String[] {"", "boxes=2"}) {
      Socket cut =
          connect("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n" + part);
      cut.shutdownOutput();

      String answer = answer(cut);
      assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
    }
  }

  @Test
  void lengths_that_are_none_are_refused() throws Exception {
    String post = "POST / HTTP/1.1\r\nHost: localhost\r\n";

    for (String length : new String[] {"-1", "+1", "0x1", "1, 1", "1\r\nContent-Length: 2"}) {
      assertTrue(
          answer(connect(post + "Content-Length: " + length + "\r\n\r\na"))
              .startsWith("HTTP/1.1 400 "),
          length);
    }
    for (String length : new String[] {"16385", "4294967297", "9".repeat(40)}) {
      assertTrue(
          answer(connect(post + "Content-Length: " + length + "\r\n\r\na"))
              .startsWith("HTTP/1.1 413 "),
          length);
    }
    assertTrue(
        answer(connect(post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
            .startsWith("HTTP/1.1 411 "));
  }

  @Test
  void so_many_are_accepted_at_once_and_then_so_many_a_second() throws Exception {
    listener.close();
    pace = new Pace(10, 3, clock);
    start();
    List<Socket> asking = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      asking.add(connect(GET));
    }

    for (int i = 0; i < 3; i++) {
      assertTrue(answer(asking.get(i)).endsWith("ok"));
    }
    assertEquals(0, asking.get(3).getInputStream().available());
    clock.advance(Duration.ofMillis(200));
    await().until(() -> asking.get(4).getInputStream().available() > 0);
  }

  /** Such as memory that runs out: a worker that is half dead is worse than none. */
  @Test
  void what_its_threads_cannot_handle_is_told() throws Exception {
    Error inListener = new OutOfMemoryError("listener");
    Error inWatch = new OutOfMemoryError("watch");
    Error inPage = new OutOfMemoryError("page");

    listener.close();
    pace = new Pace(1, 0, new FailingClock(inListener));
    start();
    await().until(() -> fatal.contains(inListener));

    listener.close();
    pace = new Pace(1_000, 10_000, clock);
    listener = start(new FailingClock(inWatch), this::handle);
    connect("GET / HTTP/1.1\r\nX-Slow: ");
    await().until(() -> fatal.contains(inWatch));

    listener.close();
    listener =
        start(
            clock,
            _ -> {
              throw inPage;
            });
    connect(GET);
    await().until(() -> fatal.contains(inPage));
  }

  /** Tells the time, and fails when somebody sleeps by it. */
  private record FailingClock(Error error) implements MonotonicClock {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void sleep(long nanos) {
      throw error;
    }
  }

  @Test
  void closed_it_cuts_all_and_listens_no_more() throws Exception {
    Socket slow = connect("GET / HTTP/1.1\r\n");
    awaitOpen(1);
    int port = listener.port();

    listener.close();

    assertCut(slow);
    // A process that another test starts has all sockets of this one for a moment.
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThrows(
                    ConnectException.class,
                    () -> new Socket(InetAddress.getLoopbackAddress(), port).close()));
  }
}
