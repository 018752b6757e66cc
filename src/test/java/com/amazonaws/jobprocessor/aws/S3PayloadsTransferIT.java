package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.port.Payloads.Unreadable;
import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.S3Client;

/** Objects that no S3 of a test's can hold: endless, slow, cut. */
@Timeout(60)
class S3PayloadsTransferIT {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(2);
  private static final String POINTER =
      "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\"b\",\"s3Key\":\"k\"}]";

  private final ServerSocket server = listen();
  private final S3Client client = client(LONGEST_CALL);
  private final Payloads payloads = new S3Payloads(client, new SqsCalls(), "b");

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private S3Client client(Duration longestCall) {
    return client(server.getLocalPort(), longestCall);
  }

  private static S3Client client(int port, Duration longestCall) {
    return S3Clients.at(URI.create("http://127.0.0.1:" + port), longestCall);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  /** What an answer does after its head; returns how many bytes it got rid of. */
  private interface Body {
    long write(OutputStream out) throws IOException, InterruptedException;
  }

  /** Answers one request; the future is done when the client has gone. */
  private CompletableFuture<Long> answer(String head, Body body) {
    CompletableFuture<Long> sent = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = server.accept()) {
                int seen = 0;
                while (seen != 0x0d0a0d0a) {
                  seen = seen << 8 | socket.getInputStream().read();
                }
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n").getBytes(ISO_8859_1));
                out.flush();
                sent.complete(body.write(out));
              } catch (IOException | InterruptedException e) {
                sent.completeExceptionally(e);
              }
            });
    return sent;
  }

  private static long writeUntilCut(OutputStream out) {
    byte[] zeros = new byte[1 << 16];
    long written = 0;
    try {
      while (true) {
        out.write(zeros);
        written += zeros.length;
      }
    } catch (IOException e) {
      return written;
    }
  }

  private static long writeChunksUntilCut(OutputStream out) {
    byte[] chunk = ("10000\r\n" + "x".repeat(1 << 16) + "\r\n").getBytes(ISO_8859_1);
    long written = 0;
    try {
      while (true) {
        out.write(chunk);
        written += 1 << 16;
      }
    } catch (IOException e) {
      return written;
    }
  }

  private static long writeByteByByte(OutputStream out) throws InterruptedException {
    long written = 0;
    try {
      while (true) {
        out.write('x');
        out.flush();
        written++;
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (IOException e) {
      return written;
    }
  }

  @Test
  void of_an_object_that_says_it_is_too_large_nothing_is_read() throws Exception {
    CompletableFuture<Long> sent =
        answer("Content-Length: 5497558138880", S3PayloadsTransferIT::writeUntilCut);

    Unreadable refused;
    try (S3Client unhurried = client(Duration.ofSeconds(60))) { // the first call loads classes
      Payloads patient = new S3Payloads(unhurried, new SqsCalls(), "b");
      refused = assertThrows(Unreadable.class, () -> patient.fetch(POINTER));
    }

    assertEquals(Unreadable.TOO_LARGE, refused.type());
    // What the sockets' buffers have swallowed; the object has 5 TiB.
    assertTrue(sent.get(60, TimeUnit.SECONDS) < 32 << 20, sent.toString());
  }

  @Test
  void of_an_endless_object_no_more_is_read_than_may_be() throws Exception {
    CompletableFuture<Long> sent =
        answer("Transfer-Encoding: chunked", S3PayloadsTransferIT::writeChunksUntilCut);

    Unreadable refused;
    try (S3Client unhurried = client(Duration.ofSeconds(60))) { // 64 MiB may take more than 2
      Payloads patient = new S3Payloads(unhurried, new SqsCalls(), "b");
      refused = assertThrows(Unreadable.class, () -> patient.fetch(POINTER));
    }

    assertEquals(Unreadable.TOO_LARGE, refused.type());
    assertTrue(sent.get(60, TimeUnit.SECONDS) < Payloads.MAX_BYTES + (32 << 20), sent.toString());
  }

  /** Its bytes found no room beside it, and the worker ended. */
  @Test
  void a_text_is_stored_without_its_bytes_in_memory() throws Exception {
    String text = "é".repeat(16 << 20);
    AtomicLong stored = new AtomicLong();
    HttpServer bucket = HttpServer.create(new InetSocketAddress(server.getInetAddress(), 0), 5);
    bucket.createContext(
        "/",
        exchange -> {
          long read = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
          stored.addAndGet(read);
          exchange.sendResponseHeaders(200, -1);
        });
    bucket.start();
    try (S3Client s3 = client(bucket.getAddress().getPort(), Duration.ofSeconds(60))) {
      Payloads patient = new S3Payloads(s3, new SqsCalls(), "b");
      patient.store("loads classes");
      stored.set(0);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();

      patient.store(text);

      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(stored.get() >= 32 << 20, stored.toString());
      // The SDK copies each piece once, and lets it go.
      assertTrue(allocated < 48 << 20, "allocated " + allocated);
    } finally {
      bucket.stop(0);
    }
  }

  private void fetchFailsInTime() {
    long start = System.nanoTime();

    CallFailed failed = assertThrows(CallFailed.class, () -> payloads.fetch(POINTER));

    assertEquals(CallFailed.Kind.UNKNOWN, failed.kind());
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(25).toNanos());
  }

  @Test
  void an_object_that_comes_byte_by_byte_ends_with_the_calls_bound() throws Exception {
    CompletableFuture<Long> sent =
        answer("Content-Length: 1000000", S3PayloadsTransferIT::writeByteByByte);

    fetchFailsInTime();

    assertTrue(sent.get(60, TimeUnit.SECONDS) > 0);
  }

  /** Sends that many zeros and closes. */
  private CompletableFuture<Long> answer(String head, int bytes) {
    return answer(
        head,
        out -> {
          out.write(new byte[bytes]);
          out.flush();
          return bytes;
        });
  }

  @Test
  void an_object_that_stops_half_way_ends_with_the_calls_bound() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<Long> sent =
        answer(
            "Content-Length: 1000",
            out -> {
              out.write(new byte[500]);
              out.flush();
              over.await();
              return 500;
            });

    fetchFailsInTime();

    assertFalse(sent.isDone(), "it was not cut by the server");
    over.countDown();
  }

  @Test
  void an_object_that_is_cut_is_no_shorter_object() throws Exception {
    CompletableFuture<Long> sent = answer("Content-Length: 1000", 999);

    fetchFailsInTime();

    assertEquals(999, sent.get(60, TimeUnit.SECONDS));
  }

  @Test
  void an_object_that_does_not_match_its_checksum_is_not_taken() throws Exception {
    CompletableFuture<Long> sent = answer("Content-Length: 1\r\nx-amz-checksum-crc32: AAAAAA==", 1);

    fetchFailsInTime();

    assertEquals(1, sent.get(60, TimeUnit.SECONDS));
  }
}
