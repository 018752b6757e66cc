package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.aws.lean.LeanSqs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A JVM whose environment names a proxy calls each service through it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProxiesIT {
  private static final Set<String> ALL =
      Set.of(
          "CONNECT sqs.eu-central-1.amazonaws.com:443",
          "CONNECT dynamodb.eu-central-1.amazonaws.com:443",
          "CONNECT s3.eu-central-1.amazonaws.com:443",
          "CONNECT ec2.eu-central-1.amazonaws.com:443");

  /** Calls each service once; no call can be answered. */
  static final class Caller {
    private Caller() {}

    public static void main(String[] args) throws InvalidEnvironment {
      AwsAccess.Keys keys = new AwsAccess.Keys("test", "test", null);
      Duration limit = Duration.ofSeconds(30);
      if (LeanSqs.transport("eu-central-1", keys, System.getenv()).isPresent()) {
        throw new IllegalStateException("the lean client knows no proxy");
      }
      try (SqsClient sqs = AwsAccess.sqs("eu-central-1", keys, limit);
          DynamoDbClient dynamo = AwsAccess.dynamo("eu-central-1", keys, limit);
          S3Client s3 = AwsAccess.s3("eu-central-1", keys, limit);
          Ec2Client ec2 = AwsAccess.client(Ec2Client.builder(), "eu-central-1", keys, limit)) {
        List<Runnable> calls =
            List.of(sqs::listQueues, dynamo::listTables, s3::listBuckets, ec2::describeRegions);
        for (Runnable call : calls) {
          try {
            call.run();
          } catch (SdkException e) {
            // of course
          }
        }
      }
    }
  }

  /** A proxy that lets nobody through. */
  private static final class ClosedProxy implements AutoCloseable {
    final Set<String> connects = new ConcurrentSkipListSet<>();
    final Set<String> logins = new ConcurrentSkipListSet<>();
    private final ServerSocket server;

    ClosedProxy() throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::serve);
    }

    int port() {
      return server.getLocalPort();
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          answer(socket);
        } catch (SocketException e) {
          // closed by one of the two
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private void answer(Socket socket) throws IOException {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String line = in.readLine();
      if (line == null) {
        return;
      }
      connects.add(line.replace(" HTTP/1.1", ""));
      String status = "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"";
      for (String header = in.readLine(); header != null && !header.isEmpty(); ) {
        if (header.startsWith("Proxy-Authorization: Basic ")) {
          logins.add(header.substring("Proxy-Authorization: Basic ".length()));
          status = "502 Bad Gateway";
        }
        header = in.readLine();
      }
      String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static void call(Map<String, String> environment, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Caller.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    for (String name : List.of("https_proxy", "http_proxy", "no_proxy")) {
      builder.environment().remove(name);
      builder.environment().remove(name.toUpperCase(Locale.ROOT));
    }
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_ENDPOINT_URL"));
    builder.environment().putAll(environment);
    assertEquals(0, builder.start().waitFor());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"})
  void all_services_are_called_through_the_proxy_of_a_variable(String name) throws Exception {
    try (ClosedProxy proxy = new ClosedProxy()) {
      call(Map.of(name, "http://127.0.0.1:" + proxy.port()));
      assertEquals(ALL, proxy.connects);
      assertEquals(Set.of(), proxy.logins);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "http"})
  void all_services_are_called_through_the_proxy_of_a_property(String scheme) throws Exception {
    try (ClosedProxy proxy = new ClosedProxy()) {
      call(
          Map.of(),
          "-D%s.proxyHost=127.0.0.1".formatted(scheme),
          "-D%s.proxyPort=%d".formatted(scheme, proxy.port()));
      assertEquals(ALL, proxy.connects);
    }
  }

  @Test
  void the_proxy_is_told_the_user_and_the_password_of_its_url() throws Exception {
    try (ClosedProxy proxy = new ClosedProxy()) {
      call(Map.of("HTTPS_PROXY", "http://me%40here:a%3Ab+c@127.0.0.1:" + proxy.port()));
      assertEquals(ALL, proxy.connects);
      String login =
          Base64.getEncoder().encodeToString("me@here:a:b+c".getBytes(StandardCharsets.UTF_8));
      assertEquals(Set.of(login), proxy.logins);
    }
  }
}
