package com.amazonaws.jobprocessor.status;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status server: the JDK's, with each request on a virtual thread. It takes no part in the work
 * and is bounded in everything: connections, requests and answers ({@link ServerLimits}), requests
 * a second ({@link Pace}).
 */
public final class StatusServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusServer.class);
  private static final int MIN_GZIP_BYTES = 1_024;

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 50;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
              + " img-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
              + " base-uri 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "X-Frame-Options",
          "DENY",
          "Cache-Control",
          "no-store");

  private final HttpServer server;
  private final Map<String, Resource> resources;
  private final Pace pace;
  private final HostCheck hosts;
  private final AtomicBoolean failed = new AtomicBoolean();

  private StatusServer(
      HttpServer server, Map<String, Resource> resources, Pace pace, HostCheck hosts) {
    this.server = server;
    this.resources = Map.copyOf(resources);
    this.pace = pace;
    this.hosts = hosts;
  }

  /**
   * Starts a server.
   *
   * @param address an IP address
   * @param port 1 to 65,535, or 0 for any
   * @param resources by path
   * @throws IOException if it cannot listen there
   */
  static StatusServer start(
      String address, int port, Map<String, Resource> resources, Pace pace, HostCheck hosts)
      throws IOException {
    ServerLimits.set();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
    StatusServer made = new StatusServer(server, resources, pace, hosts);
    server.setExecutor(request -> Thread.ofVirtual().name("page").start(request));
    server.createContext("/", made::answer);
    server.start();
    return made;
  }

  /** The port that it listens at. */
  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      send(exchange, reply(exchange));
    } catch (IOException e) {
      // whoever asked has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply reply(HttpExchange exchange) throws InterruptedException {
    Reply refusal = refusal(exchange);
    if (refusal != null) {
      return refusal;
    }
    Resource resource = resources.get(exchange.getRequestURI().getPath());
    if (resource == null) {
      return Reply.line(404, "nothing is here; see /");
    }
    pace.awaitTurn();
    try {
      String accept = exchange.getRequestHeaders().getFirst("Accept");
      return resource.get(accept == null ? "" : accept);
    } catch (RuntimeException | LinkageError e) {
      if (failed.compareAndSet(false, true)) {
        log.error("the status page failed; further errors are not logged", e);
      }
      return Reply.line(500, "the status page failed; the worker's log has the reason");
    }
  }

  private @Nullable Reply refusal(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Connection", "close"); // its body is not read
      return new Reply(405, Reply.PLAIN, "only GET and HEAD\n", Map.of("Allow", "GET, HEAD"));
    }
    List<String> host = exchange.getRequestHeaders().getOrDefault("Host", List.of());
    if (host.size() > 1) {
      return Reply.line(400, "more than one Host");
    }
    if (!host.isEmpty() && !hosts.isHere(host.getFirst())) {
      return Reply.line(
          403, "Host is not this machine; use its address, or localhost and a tunnel");
    }
    return null;
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    reply.headers().forEach(headers::set);
    headers.set("Content-Type", reply.contentType());
    byte[] body = reply.bytes();
    if (body.length >= MIN_GZIP_BYTES) {
      headers.set("Vary", "Accept-Encoding");
      if (acceptsGzip(exchange.getRequestHeaders())) {
        headers.set("Content-Encoding", "gzip");
        body = gzip(body);
      }
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(reply.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static boolean acceptsGzip(Headers request) {
    return request.getOrDefault("Accept-Encoding", List.of()).stream()
        .flatMap(codings -> List.of(codings.split(",", -1)).stream())
        .map(coding -> coding.replace(" ", ""))
        .anyMatch(coding -> coding.matches("(?i)gzip(;q=(1|0?\\.[0-9]*[1-9]).*)?"));
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.toByteArray();
  }

  /** Closes all connections at once. */
  @Override
  public void close() {
    server.stop(0);
  }
}
