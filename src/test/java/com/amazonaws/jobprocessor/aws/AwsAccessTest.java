package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

class AwsAccessTest {
  private static final String OF_S3 = "aws.endpointUrlS3";
  private static final String OF_SQS = "aws.endpointUrlSqs";
  private static final String OF_ALL = "aws.endpointUrl";

  @AfterEach
  void clear() {
    System.clearProperty(OF_S3);
    System.clearProperty(OF_SQS);
    System.clearProperty(OF_ALL);
  }

  private static String address() {
    AwsAccess.Keys keys = new AwsAccess.Keys("test", "test", null);
    try (S3Client s3 = AwsAccess.s3("eu-central-1", keys, Duration.ofSeconds(1))) {
      return s3.utilities().getUrl(r -> r.bucket("my-bucket").key("k")).toString();
    }
  }

  @Test
  void the_bucket_is_in_the_host_name_at_amazon() {
    assertEquals("https://my-bucket.s3.eu-central-1.amazonaws.com/k", address());
  }

  @Test
  void the_bucket_is_in_the_path_at_an_endpoint_of_ones_own() {
    System.setProperty(OF_ALL, "http://everything.example:1");
    assertEquals("http://everything.example:1/my-bucket/k", address());

    System.setProperty(OF_S3, "http://storage.example:9000");
    assertEquals("http://storage.example:9000/my-bucket/k", address());
  }

  @Test
  void a_call_is_cut_at_its_limit_and_one_that_is_over_leaves_no_limit_behind() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] request = exchange.getRequestBody().readAllBytes();
          if (new String(request, StandardCharsets.UTF_8).contains("hangs")) {
            awaitQuietly(end);
          }
          byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    try (var serving = Executors.newCachedThreadPool()) {
      server.setExecutor(serving);
      server.start();
      System.setProperty(OF_SQS, "http://localhost:" + server.getAddress().getPort());
      AwsAccess.Keys keys = new AwsAccess.Keys("test", "test", null);
      try (SqsClient sqs = AwsAccess.sqs("eu-central-1", keys, Duration.ofSeconds(30))) {
        for (int i = 0; i < 20; i++) {
          sqs.getQueueUrl(request -> request.queueName("answers"));
        }
        assertTrue(AwsAccess.TIME_LIMITS.getQueue().isEmpty());

        assertThrows(
            ApiCallTimeoutException.class,
            () ->
                sqs.getQueueUrl(
                    request ->
                        request
                            .queueName("hangs")
                            .overrideConfiguration(o -> o.apiCallTimeout(Duration.ofMillis(300)))));
      } finally {
        end.countDown();
        server.stop(0);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_file_of_profiles_that_cannot_be_read_is_named_where_it_may_tell_the_region(
      @TempDir Path folder) throws IOException {
    assumeTrue(System.getenv("AWS_REGION") == null, "a region that is set is taken");
    Path file = Files.writeString(folder.resolve("config"), "garbage here\n");
    System.setProperty("aws.configFile", file.toString());
    System.setProperty("aws.sharedCredentialsFile", folder.resolve("none").toString());
    try {
      InvalidEnvironment refused =
          assertThrows(
              InvalidEnvironment.class,
              () -> InvalidEnvironment.check(AwsAccess::regionOfEnvironment));
      assertEquals(
          file + " (AWS_CONFIG_FILE): Expected a profile definition on line 1",
          refused.getMessage());
      assertEquals(
          refused.getMessage(),
          assertThrows(InvalidEnvironment.class, AwsSession::usualRegion).getMessage());
    } finally {
      System.clearProperty("aws.configFile");
      System.clearProperty("aws.sharedCredentialsFile");
    }
  }
}
