package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What no connection means, and what one that breaks does. */
@Timeout(60)
class HttpPostConnectionIT {
  private static HttpPost to(String url, String... namesAndValues) {
    Map<String, String> settings = new HashMap<>(Map.of("url", url));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    HttpPost executor = new HttpPost();
    executor.configure(settings);
    return executor;
  }

  private static String failure(Class<? extends Throwable> type, HttpPost executor) {
    return Thrown.message(type, () -> executor.execute("job", Jobs.job()));
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return unused.getLocalPort();
    }
  }

  @Test
  void nobody_listening_is_the_boxs_failure_that_names_port_and_path() throws Exception {
    String url = "http://127.0.0.1:" + unusedPort() + "/jobs/run";
    assertEquals(
        "cannot connect to " + url + "?...: Connection refused",
        failure(ExecutorUnavailable.class, to(url + "?token=hush")));
  }

  /** A label of more than 63 characters: no resolver is asked. */
  @Test
  void an_unknown_host_is_the_boxs_failure() {
    String host = "x".repeat(64) + ".invalid";
    assertEquals(
        "cannot connect to http://" + host + ":8000/job: unknown host " + host,
        failure(ExecutorUnavailable.class, to("http://" + host + ":8000/job")));
  }

  @Test
  void a_server_that_speaks_no_tls_is_the_boxs_failure() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAtOnce(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"));
      String url = "https://127.0.0.1:" + socket.getLocalPort() + "/job";
      String message = failure(ExecutorUnavailable.class, to(url));
      assertTrue(message.startsWith("cannot connect to " + url + ": SSL"), message);
    }
  }

  private static void answerAtOnce(ServerSocket socket, String answer) {
    try (Socket connection = socket.accept()) {
      connection.getOutputStream().write(answer.getBytes(UTF_8));
      connection.shutdownOutput();
      connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the client has gone
    }
  }

  /** A queue of connections that nobody accepts: the next one's SYN is not answered. */
  @Test
  void a_connection_that_takes_too_long_is_the_boxs_failure() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket full = new ServerSocket(0, 1, loopback)) {
      List<Socket> waiting = new ArrayList<>();
      try {
        boolean isFull = false;
        for (int i = 0; i < 100 && !isFull; i++) {
          Socket next = new Socket();
          waiting.add(next);
          isFull = !connects(next, new InetSocketAddress(loopback, full.getLocalPort()));
        }
        assertTrue(isFull, "the system queues connections without end");
        String url = "http://127.0.0.1:" + full.getLocalPort() + "/job";
        assertEquals(
            "cannot connect to " + url + ": no connection within 1 s",
            failure(ExecutorUnavailable.class, to(url, "connect_timeout_in_secs", "1")));
        assertEquals(
            "cannot connect to " + url + ": no connection within 1 s",
            failure(ExecutorUnavailable.class, to(url, "read_timeout_in_secs", "1")));
      } finally {
        for (Socket each : waiting) {
          each.close();
        }
      }
    }
  }

  private static boolean connects(Socket socket, InetSocketAddress address) {
    try {
      socket.connect(address, 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** It may have died of the job: the attempt counts, and the job is not sent twice in it. */
  @Test
  void a_server_that_dies_of_a_job_fails_the_attempt() throws Exception {
    try (RawServer server = RawServer.of((connection, _) -> connection.setSoLinger(true, 0))) {
      String message = failure(HttpNoAnswer.class, to(server.url()));
      assertTrue(message.startsWith("no complete answer from " + server.url() + ": "), message);
      assertEquals(1, server.requests());
    }
  }

  /** The next job once met the end of a connection that was used again, and failed. */
  @Test
  void a_server_that_closes_without_a_word_after_each_answer_fails_no_job() throws Exception {
    byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone".getBytes(UTF_8);
    try (RawServer server =
            RawServer.of(
                (connection, _) -> {
                  connection.getOutputStream().write(answer);
                  connection.getOutputStream().flush();
                });
        ExecutorService slots = Executors.newFixedThreadPool(2)) {
      HttpPost executor = to(server.url());
      Callable<String> job = () -> executor.execute("job", Jobs.job());
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        results.add(slots.submit(job));
      }
      for (Future<String> each : results) {
        assertEquals("done", each.get());
      }
      assertEquals(400, server.requests());
    }
  }

  @Test
  void no_thread_is_left_behind() throws Exception {
    try (RawServer server = RawServer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      HttpPost executor = to(server.url());
      for (int i = 0; i < 20; i++) {
        executor.execute("job", Jobs.job());
      }
    }
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("HttpClient-")));
  }

  @Test
  void the_answer_comes_back_before_the_whole_job_was_read() throws Exception {
    String answer = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAtOnce(socket, answer));
      HttpPost executor = to("http://127.0.0.1:" + socket.getLocalPort() + "/job");
      String job = "x".repeat(8 * 1024 * 1024);
      String message = Thrown.message(HttpStatus.class, () -> executor.execute(job, Jobs.job()));
      assertTrue(message.endsWith("/job: big"), message);
    }
  }
}
