package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What becomes of a call whose connection gets no TLS. */
@Timeout(60)
class TlsTest {
  private static final String ENDPOINT = "aws.endpointUrlSqs";

  /** What a server does with a connection. */
  private interface Answer {
    void to(Socket client) throws IOException;
  }

  @AfterEach
  void clear() {
    System.clearProperty(ENDPOINT);
  }

  private static CallFailed call(SqsCalls calls, Answer answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      System.setProperty(ENDPOINT, "https://127.0.0.1:" + server.getLocalPort());
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket client = server.accept()) {
                  client.getInputStream().read(new byte[4096]);
                  answer.to(client);
                } catch (IOException e) {
                  // the test ends without its answer
                }
              });
      AwsAccess.Keys keys = new AwsAccess.Keys("test", "test", null);
      try (SqsClient sqs = AwsAccess.sqs("eu-central-1", keys, Duration.ofSeconds(30))) {
        return assertThrows(CallFailed.class, () -> calls.call(sqs::listQueues));
      }
    }
  }

  @Test
  void a_server_without_tls_has_been_sent_no_request() throws Exception {
    SqsCalls calls = new SqsCalls(Service.SQS);
    CallFailed failed =
        call(
            calls,
            client ->
                client
                    .getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    assertFalse(failed.sent());
    assertEquals(0, calls.made());
  }

  @Test
  void a_connection_that_is_reset_before_tls_has_been_sent_no_request() throws Exception {
    SqsCalls calls = new SqsCalls(Service.SQS);
    CallFailed failed = call(calls, client -> client.setSoLinger(true, 0));
    assertFalse(failed.sent());
    assertEquals(0, calls.made());
  }
}
