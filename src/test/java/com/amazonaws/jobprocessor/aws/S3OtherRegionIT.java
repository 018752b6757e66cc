package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.Payloads;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A bucket that is in Ireland, while the worker is in Virginia. S3 answers requests that are signed
 * for another region with 301, or with 400, and names the right one ("Redirecting requests for
 * general purpose buckets", user guide of S3).
 */
@Timeout(60)
class S3OtherRegionIT {
  private final ConcurrentMap<String, byte[]> objects = new ConcurrentHashMap<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final HttpServer server = listen();

  private volatile int refusal;

  private static HttpServer listen() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void serve() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-west-1");
      if (!exchange.getRequestHeaders().getFirst("Authorization").contains("/eu-west-1/s3/")) {
        refused.add(exchange.getRequestMethod());
        exchange.sendResponseHeaders(refusal, -1);
      } else if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(path, chunk(body));
        exchange.sendResponseHeaders(200, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        byte[] object = objects.getOrDefault(path, new byte[0]);
        exchange.sendResponseHeaders(200, object.length);
        exchange.getResponseBody().write(object);
      }
    }
  }

  /** The one chunk of a body with the encoding aws-chunked: its size, a line, the object. */
  private static byte[] chunk(byte[] body) {
    String text = new String(body, UTF_8);
    int size = Integer.parseInt(text.substring(0, text.indexOf(';')), 16);
    int at = text.indexOf("\r\n") + 2;
    return text.substring(at, at + size).getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400})
  void a_bucket_of_another_region_is_found_told_and_used(int status) throws Exception {
    refusal = status;
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (S3Client client = S3Clients.at(endpoint, Duration.ofSeconds(20))) {
      assertEquals(
          "eu-west-1", new S3Buckets(client, new SqsCalls()).regionOf("bucket", "us-east-1"));

      Payloads payloads = new S3Payloads(client, new SqsCalls(), "bucket");
      String pointer = payloads.store("a large payload");

      assertEquals("a large payload", payloads.fetch(pointer));
      assertTrue(
          objects.values().stream()
              .anyMatch(o -> new String(o, UTF_8).contains("a large payload")));
      assertEquals(List.of("HEAD"), refused); // its region is known from then on
    }
  }
}
