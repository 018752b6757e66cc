package com.amazonaws.jobprocessor.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.testkit.KeptPort;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Asks a daemon's status server, as browsers, collectors and attackers do. */
final class StatusPageClient implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Queue<KeptPort> KEPT = new ConcurrentLinkedQueue<>();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  StatusPageClient(int port) {
    this.port = port;
  }

  /** A port for a daemon's server, which nobody else is given while this JVM runs. */
  static int freePort() {
    KeptPort kept = KeptPort.free();
    KEPT.add(kept);
    return kept.port();
  }

  int port() {
    return port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, Map.of());
  }

  HttpResponse<String> get(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(request(path, headers));
  }

  /** Sends a form. */
  HttpResponse<String> post(String path, String form, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(
        request(path, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(LONGEST);
    headers.forEach(request::header);
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The status and the line of a health check, e.g. {@code 503 draining}. */
  String health(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    return answer.statusCode() + " " + answer.body().strip();
  }

  JsonNode json() throws IOException, InterruptedException {
    return new ObjectMapper().readTree(get("/status.json").body());
  }

  /** The page's text as it is seen, without markup, on one line. */
  String text() throws IOException, InterruptedException {
    return get("/")
        .body()
        .replaceAll("(?s)<head>.*</head>", "")
        .replaceAll("<[^>]*>", "")
        .replace("&#39;", "'")
        .replaceAll("\\s+", " ");
  }

  /** A connection on which nothing is sent yet. */
  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    socket.setSoTimeout((int) LONGEST.toMillis());
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  /** What comes until the other side closes the connection, by whatever means. */
  static String readAll(Socket socket) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[8_192];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.append(new String(buffer, 0, n, UTF_8));
      }
    } catch (SocketException e) {
      // reset: closed while something of ours was on its way
    }
    return all.toString();
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
