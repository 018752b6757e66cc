package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's client is the judge. */
class TlsServerIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  /** Made once: each keytool is a Java of its own. */
  @TempDir private static Path folder;

  private static Tls tls;
  private SqsServer server;

  @BeforeAll
  static void makeCertificate() throws IOException {
    tls = Tls.make(JAVA, folder);
  }

  @BeforeEach
  void start() throws IOException {
    server = tls.server(Duration.ZERO);
    server.createQueues(List.of("jobs"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void messages_of_many_records_go_there_and_back_on_a_connection_that_stays() throws Exception {
    String body = "x".repeat(1_000_000);
    try (HttpClient client = client("TLSv1.3")) {
      call(client, "SendMessage", "\"MessageBody\":\"" + body + "\"");
      call(client, "SendMessage", "\"MessageBody\":\"short\"");
      String received = call(client, "ReceiveMessage", "\"MaxNumberOfMessages\":10");

      assertTrue(received.contains(body) && received.contains("\"short\""));
    }
    assertEquals(3, server.counts().total());
  }

  @Test
  void a_client_that_knows_tls_1_2_only_is_served() throws Exception {
    try (HttpClient client = client("TLSv1.2")) {
      call(client, "SendMessage", "\"MessageBody\":\"short\"");

      assertTrue(call(client, "ReceiveMessage", "\"MaxNumberOfMessages\":1").contains("short"));
    }
  }

  @Test
  void who_was_not_told_to_trust_the_server_does_not_and_others_are_still_served()
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThrows(SSLException.class, () -> call(client, "SendMessage", "\"MessageBody\":\"x\""));
    }
    try (HttpClient client = client("TLSv1.3")) {
      call(client, "SendMessage", "\"MessageBody\":\"x\"");
    }
    assertEquals(1, server.counts().total());
  }

  @Test
  void a_jvm_is_told_to_trust_the_server_and_whom_it_trusts_anyway() throws Exception {
    String option = tls.jvmOptions().getFirst();
    assertEquals(option, tls.environment().get("JOB_PROCESSOR_JVM_OPTS"));
    Path file = Path.of(option.substring("-Djavax.net.ssl.trustStore=".length()));
    KeyStore trusted = KeyStore.getInstance(file.toFile(), (char[]) null);
    KeyStore before =
        KeyStore.getInstance(JAVA.resolve("lib/security/cacerts").toFile(), (char[]) null);

    assertTrue(before.size() > 50);
    assertEquals(before.size() + 1, trusted.size());
    assertTrue(trusted.isCertificateEntry("bench"));
  }

  @Test
  void plain_http_needs_nothing_of_the_kind() throws Exception {
    assertTrue(Tls.NONE.jvmOptions().isEmpty() && Tls.NONE.environment().isEmpty());
    try (SqsServer plain = Tls.NONE.server(Duration.ZERO)) {
      assertFalse(plain.endpoint().startsWith("https"));
    }
  }

  /** Trusts what Node.js would be told to trust. */
  private HttpClient client(String protocol) throws Exception {
    Path pem = Path.of(tls.environment().get("NODE_EXTRA_CA_CERTS"));
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(pem)) {
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance(protocol);
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private String call(HttpClient client, String action, String members) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.endpoint()))
            .timeout(Duration.ofSeconds(30))
            .header("X-Amz-Target", "AmazonSQS." + action)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"QueueUrl\":\""
                        + server.endpoint()
                        + "/000000000000/jobs\","
                        + members
                        + "}"))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    return response.body();
  }
}
