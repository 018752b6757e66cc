package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.UTF_8;

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
  private final Site site;
  private final Pace pace;
  private final HostCheck hosts;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * What there is, by path.
   *
   * @param resources to be looked at
   * @param actions that may be posted to
   */
  record Site(Map<String, Resource> resources, Map<String, Action> actions) {
    Site {
      resources = Map.copyOf(resources);
      actions = Map.copyOf(actions);
    }
  }

  private StatusServer(HttpServer server, Site site, Pace pace, HostCheck hosts) {
    this.server = server;
    this.site = site;
    this.pace = pace;
    this.hosts = hosts;
  }

  /**
   * Starts a server.
   *
   * @param address an IP address
   * @param port 1 to 65,535, or 0 for any
   * @throws IOException if it cannot listen there
   */
  static StatusServer start(String address, int port, Site site, Pace pace, HostCheck hosts)
      throws IOException {
    ServerLimits.set();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
    StatusServer made = new StatusServer(server, site, pace, hosts);
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

  private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
    Reply refusal = refusal(exchange);
    if (refusal != null) {
      return refusal;
    }
    String path = exchange.getRequestURI().getPath();
    Resource resource = site.resources().get(path);
    Action action = site.actions().get(path);
    if (resource == null && action == null) {
      return Reply.line(404, "nothing is here; see /");
    }
    pace.awaitTurn();
    try {
      if (action != null) {
        return act(exchange, path, action);
      }
      String accept = exchange.getRequestHeaders().getFirst("Accept");
      return resource == null
          ? Reply.line(404, "nothing is here; see /")
          : resource.get(accept == null ? "" : accept);
    } catch (RuntimeException | LinkageError e) {
      if (failed.compareAndSet(false, true)) {
        log.error("the status page failed; further errors are not logged", e);
      }
      return Reply.line(500, "the status page failed; the worker's log has the reason");
    }
  }

  private static Reply act(HttpExchange exchange, String path, Action action)
      throws IOException, InterruptedException {
    boolean isPost = exchange.getRequestMethod().equals("POST");
    String body = isPost ? body(exchange) : "";
    if (body == null) {
      return Reply.line(413, "a form has at most " + ServerLimits.MAX_BODY_BYTES + " bytes");
    }
    return action.answer(
        new Request(
            isPost,
            path,
            Form.of(exchange.getRequestURI().getRawQuery()),
            Form.of(body),
            exchange.getRequestHeaders()));
  }

  /** Null if it is too long. */
  private static @Nullable String body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(ServerLimits.MAX_BODY_BYTES + 1);
    return bytes.length > ServerLimits.MAX_BODY_BYTES ? null : new String(bytes, UTF_8);
  }

  private @Nullable Reply refusal(HttpExchange exchange) {
    Reply ofMethod = refusalOfMethod(exchange);
    if (ofMethod != null) {
      return ofMethod; // its body is not read
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

  private @Nullable Reply refusalOfMethod(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    boolean acts = site.actions().containsKey(path);
    if (method.equals("GET") || method.equals("HEAD") || (acts && method.equals("POST"))) {
      return null;
    }
    if (!acts && !site.resources().containsKey(path)) {
      return Reply.line(404, "nothing is here; see /");
    }
    String allowed = acts ? "GET, HEAD, POST" : "GET, HEAD";
    String only = acts ? "only GET, HEAD and POST\n" : "only GET and HEAD\n";
    return new Reply(405, Reply.PLAIN, only, Map.of("Allow", allowed));
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    // The JDK's server closes the connection of a request whose body was not asked for; without a
    // word of it, a client would send its next request there, and a form is not sent twice.
    headers.set("Connection", "close");
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
