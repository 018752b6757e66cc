package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoConnectionTest {

  /** What the HTTP client makes of it when it has asked for the body already. */
  private static IOException wrapped(Throwable cause) {
    return new IOException("HTTP/1.1 header parser received no bytes", cause);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Unrecognized SSL message, plaintext connection?",
        "Unsupported or unrecognized SSL message"
      })
  void an_answer_without_tls_is_a_handshake_that_failed(String message) {
    SSLException failure = new SSLException(message);
    assertSame(failure, NoConnection.handshake(wrapped(failure)));
    assertSame(failure, NoConnection.handshake(failure));
  }

  @Test
  void a_refused_handshake_is_one_that_failed() {
    SSLHandshakeException failure = new SSLHandshakeException("PKIX path building failed");
    assertSame(failure, NoConnection.handshake(wrapped(failure)));
  }

  @Test
  void no_thread_for_a_request_is_the_boxes_trouble_and_no_heap_is_not() {
    URI url = URI.create("http://127.0.0.1/job");
    OutOfMemoryError threads = new OutOfMemoryError("unable to create native thread");
    OutOfMemoryError heap = new OutOfMemoryError("Java heap space");
    assertSame(threads, NoConnection.noThreads(url, Duration.ZERO, threads).getCause());
    assertSame(
        heap,
        assertThrows(
            OutOfMemoryError.class, () -> NoConnection.noThreads(url, Duration.ZERO, heap)));
  }

  @Test
  void what_breaks_after_the_handshake_may_have_cost_the_job() {
    assertNull(NoConnection.handshake(wrapped(new SSLException("Tag mismatch"))));
    assertNull(NoConnection.handshake(wrapped(new SSLException((String) null))));
    assertNull(NoConnection.handshake(new IOException("Connection reset")));
  }
}
