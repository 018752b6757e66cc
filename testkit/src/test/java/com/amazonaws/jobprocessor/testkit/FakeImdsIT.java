package com.amazonaws.jobprocessor.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.imds.Ec2MetadataClient;

@Timeout(60)
class FakeImdsIT {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final HttpClient http = HttpClient.newHttpClient();
  private FakeImds imds;

  @BeforeEach
  void start() {
    System.setProperty("aws.ec2MetadataServiceTimeout", "30"); // a busy machine may need a second
    imds = FakeImds.start(now::get);
  }

  @AfterEach
  void stop() {
    System.clearProperty("aws.ec2MetadataServiceTimeout");
    imds.close();
    http.close();
  }

  @Test
  void the_sdk_reads_user_data_and_the_instance_id() {
    imds.userData("job_failure_retries=2");
    try (Ec2MetadataClient client = Ec2MetadataClient.builder().endpoint(imds.endpoint()).build()) {
      assertEquals("job_failure_retries=2", client.get(FakeImds.USER_DATA).asString());
      assertEquals("i-0123456789abcdef0", client.get(FakeImds.INSTANCE_ID).asString());
    }
    assertEquals(1, imds.requests(FakeImds.TOKEN));
    assertEquals(1, imds.requests(FakeImds.USER_DATA));
    assertEquals(List.of(), imds.tokenless());
  }

  @Test
  void the_sdk_takes_the_role_s_credentials() {
    String key = imds.rotateCredentials(Duration.ofDays(3650));
    System.setProperty("aws.disableEc2Metadata", "false"); // the build forbids it to all tests
    try (var provider =
        InstanceProfileCredentialsProvider.builder().endpoint(imds.endpoint().toString()).build()) {
      var credentials = (AwsSessionCredentials) provider.resolveCredentials();
      assertEquals(key, credentials.accessKeyId());
      assertTrue(credentials.sessionToken().startsWith("fake-session-token"));
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
    assertNotEquals(key, imds.rotateCredentials(Duration.ofHours(1)));
  }

  @Test
  void without_a_valid_token_nothing_is_said_and_version_1_is_noticed() throws Exception {
    assertEquals(401, get(FakeImds.INSTANCE_ID, "").statusCode());
    assertEquals(List.of(FakeImds.INSTANCE_ID), imds.tokenless());
    assertEquals(401, get(FakeImds.INSTANCE_ID, "nonsense").statusCode());
    String token = token("60").body();
    assertEquals(200, get(FakeImds.INSTANCE_ID, token).statusCode());
    now.set(now.get().plusSeconds(60));
    assertEquals(401, get(FakeImds.INSTANCE_ID, token).statusCode());
    String other = token("60").body();
    imds.forgetTokens();
    assertEquals(401, get(FakeImds.INSTANCE_ID, other).statusCode());
    assertEquals(1, imds.tokenless().size());
  }

  @Test
  void a_token_needs_a_time_to_live_within_six_hours() throws Exception {
    assertEquals(400, token("").statusCode());
    assertEquals(400, token("0").statusCode());
    assertEquals(400, token("21601").statusCode());
    assertEquals(400, token("soon").statusCode());
    assertEquals(200, token("21600").statusCode());
  }

  @Test
  void what_is_not_set_is_not_found() throws Exception {
    String token = token("60").body();
    assertEquals(404, get(FakeImds.USER_DATA, token).statusCode());
    assertEquals(404, get(FakeImds.SPOT_ACTION, token).statusCode());
    imds.spotAction("terminate", now.get());
    assertEquals(
        "{\"action\": \"terminate\", \"time\": \"2026-01-01T00:00:00Z\"}",
        get(FakeImds.SPOT_ACTION, token).body());
    imds.withoutRole();
    assertEquals(404, get(FakeImds.CREDENTIALS, token).statusCode());
    assertEquals("us-east-1", get(FakeImds.REGION, token).body());
    assertTrue(get(FakeImds.DOCUMENT, token).body().contains("\"region\":\"us-east-1\""));
  }

  @Test
  void it_fails_and_is_slow_for_some_requests() throws Exception {
    imds.fail(1, 500).fail(FakeImds.INSTANCE_ID, 1, 404).slow(1, Duration.ofMillis(300));
    assertEquals(500, token("60").statusCode());
    long start = System.nanoTime();
    String token = token("60").body();
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
    assertEquals(404, get(FakeImds.INSTANCE_ID, token).statusCode());
    assertEquals(200, get(FakeImds.INSTANCE_ID, token).statusCode());
    assertEquals(4, imds.requests());
  }

  @Test
  void it_refuses_while_it_is_down_and_is_back_on_its_port() throws Exception {
    imds.down();
    // A process that another test starts has all sockets of this one for a moment.
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThrows(ConnectException.class, () -> token("60")));
    assertThrows(BindException.class, this::takePort, "nobody else gets the port meanwhile");
    imds.up();
    assertEquals(200, token("60").statusCode());
  }

  private void takePort() throws IOException {
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(false);
      other.bind(new InetSocketAddress(imds.endpoint().getHost(), imds.endpoint().getPort()));
    }
  }

  private HttpResponse<String> token(String ttl) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(FakeImds.TOKEN)).PUT(HttpRequest.BodyPublishers.noBody());
    if (!ttl.isEmpty()) {
      request.header("X-aws-ec2-metadata-token-ttl-seconds", ttl);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (!token.isEmpty()) {
      request.header("X-aws-ec2-metadata-token", token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create(imds.endpoint() + path);
  }
}
