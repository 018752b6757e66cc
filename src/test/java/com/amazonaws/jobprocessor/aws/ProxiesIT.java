package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.lean.LeanSqs;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.LoopbackProxy;
import com.amazonaws.jobprocessor.testkit.TlsRelay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A JVM whose environment names a proxy calls each service through it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProxiesIT {
  private static final Map<String, String> HOSTS =
      Map.of(
          "SQS", "sqs.eu-central-1.amazonaws.com",
          "DynamoDB", "dynamodb.eu-central-1.amazonaws.com",
          "S3", "s3.eu-central-1.amazonaws.com",
          "EC2", "ec2.eu-central-1.amazonaws.com");
  private static final Set<String> ALL =
      Set.copyOf(HOSTS.values().stream().map(host -> "CONNECT " + host + ":443").toList());
  private static final String NO_GATEWAY = "502 Bad Gateway";

  /** Calls each service, or SQS only, and prints what comes of it. */
  static final class Caller {
    private Caller() {}

    public static void main(String[] args) throws Exception {
      AwsAccess.Keys keys = new AwsAccess.Keys("test", "test", null);
      Duration limit = Duration.ofSeconds(30);
      if (LeanSqs.transport("eu-central-1", keys, System.getenv()).isPresent()) {
        throw new IllegalStateException("the lean client knows no proxy");
      }
      try (SqsClient sqs = AwsAccess.sqs("eu-central-1", keys, limit);
          DynamoDbClient dynamo = AwsAccess.dynamo("eu-central-1", keys, limit);
          S3Client s3 = AwsAccess.s3("eu-central-1", keys, limit);
          Ec2Client ec2 = AwsAccess.client(Ec2Client.builder(), "eu-central-1", keys, limit)) {
        Map<Service, Supplier<Object>> calls = new EnumMap<>(Service.class);
        calls.put(Service.SQS, () -> sqs.listQueues().queueUrls());
        if (args.length == 0) {
          calls.put(Service.DYNAMODB, dynamo::listTables);
          calls.put(Service.S3, s3::listBuckets);
          calls.put(Service.EC2, ec2::describeRegions);
        }
        for (Map.Entry<Service, Supplier<Object>> call : calls.entrySet()) {
          System.out.println(outcome(call.getKey(), call.getValue()));
        }
        if (args.length > 0 && args[0].equals("payload")) {
          String pointer =
              "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
                  + "{\"s3BucketName\":\"bucket\",\"s3Key\":\"key\"}]";
          Payloads payloads = new S3Payloads(s3, new SqsCalls(Service.S3), "bucket");
          System.out.println(
              Assertions.assertThrows(Exception.class, () -> payloads.fetch(pointer)));
        } else if (args.length > 0) { // over the same connection
          System.out.println(outcome(Service.SQS, () -> sqs.getQueueUrl(r -> r.queueName("none"))));
        }
      }
    }

    private static String outcome(Service service, Supplier<Object> call) throws Exception {
      SqsCalls calls = new SqsCalls(service);
      try {
        return service + " " + calls.call(call);
      } catch (CallFailed e) {
        String sent = e.sent() ? "sent" : "unsent";
        return Stream.of(service, e.code(), e.kind(), sent, calls.made(), e.getMessage())
            .map(String::valueOf)
            .collect(joining(" "));
      }
    }
  }

  @TempDir Path work;

  /** What is printed for each call. */
  private static List<String> call(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> options =
        Stream.of(arguments).filter(argument -> argument.startsWith("-D")).toList();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // it does not live long
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Caller.class.getName()));
    command.addAll(Stream.of(arguments).filter(argument -> !argument.startsWith("-D")).toList());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    for (String name : List.of("https_proxy", "http_proxy", "no_proxy")) {
      builder.environment().remove(name);
      builder.environment().remove(name.toUpperCase(Locale.ROOT));
    }
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_ENDPOINT_URL"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor());
    return said.lines().filter(line -> !line.contains("SQS is called by")).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"})
  void all_services_are_called_through_the_proxy_of_a_variable(String name) throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing(NO_GATEWAY)) {
      call(Map.of(name, "http://127.0.0.1:" + proxy.port()));
      assertEquals(ALL, proxy.requests());
      assertEquals(Set.of(), proxy.logins());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "http"})
  void all_services_are_called_through_the_proxy_of_a_property(String scheme) throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing(NO_GATEWAY)) {
      call(
          Map.of(),
          "-D%s.proxyHost=127.0.0.1".formatted(scheme),
          "-D%s.proxyPort=%d".formatted(scheme, proxy.port()));
      assertEquals(ALL, proxy.requests());
    }
  }

  @Test
  void the_proxy_is_told_the_user_and_the_password_of_its_url() throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing("407 Proxy Authentication Required")) {
      call(Map.of("HTTPS_PROXY", "http://me%40here:a%3Ab+c@127.0.0.1:" + proxy.port()));
      assertEquals(ALL, proxy.requests());
      String login = Base64.getEncoder().encodeToString("me@here:a:b+c".getBytes(UTF_8));
      assertEquals(Set.of(login), proxy.logins());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"403 Forbidden", "407 Proxy Authentication Required", NO_GATEWAY})
  void what_the_proxy_says_is_told_as_its_own_words(String status) throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing(status)) {
      String url = "http://127.0.0.1:" + proxy.port();
      List<String> told = call(Map.of("https_proxy", url));
      String kind = status.equals(NO_GATEWAY) ? "UNKNOWN" : "REJECTED";
      assertEquals(4, told.size(), told::toString);
      for (String line : told) {
        String service = line.substring(0, line.indexOf(' '));
        String said =
            "%s ProxyRefused %s unsent 0 the proxy %s does not connect to %s: HTTP %s"
                .formatted(service, kind, url, HOSTS.get(service), status);
        assertTrue(line.startsWith(said), line);
      }
    }
  }

  /** It could not be had from S3 by anybody, were that S3's word. */
  @Test
  void a_proxy_that_says_no_does_not_end_the_job_of_a_payload() throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing("403 Forbidden")) {
      String told =
          call(Map.of("https_proxy", "http://127.0.0.1:" + proxy.port()), "payload").getLast();
      assertTrue(told.startsWith(CallFailed.class.getName() + ": the proxy "), told);
    }
  }

  /** By plain HTTP the answers of the two cannot be told apart, but for this one. */
  @Test
  void a_proxy_that_wants_a_login_is_told_of_plain_http_too() throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing("407 Proxy Authentication Required")) {
      String url = "http://127.0.0.1:" + proxy.port();
      String told =
          call(Map.of("http_proxy", url, "AWS_ENDPOINT_URL_SQS", "http://sqs.example"), "sqs")
              .getFirst();
      assertTrue(
          told.startsWith(
              "SQS ProxyRefused REJECTED unsent 0 the proxy "
                  + url
                  + " does not connect to sqs.example: HTTP 407 "),
          told);
    }
  }

  @Test
  void what_the_service_says_through_a_proxy_is_its_own_word() throws Exception {
    try (EmbeddedSqs sqs = EmbeddedSqs.start();
        TlsRelay tls = TlsRelay.start(work, "localhost", sqs.endpoint().getPort());
        LoopbackProxy proxy = LoopbackProxy.open()) {
      sqs.createQueue("there");
      assertReached(tls, proxy, "http://127.0.0.1:" + proxy.port());
    }
  }

  @Test
  void a_proxy_may_want_tls_itself() throws Exception {
    try (EmbeddedSqs sqs = EmbeddedSqs.start();
        TlsRelay tls = TlsRelay.start(work, "localhost", sqs.endpoint().getPort());
        LoopbackProxy proxy = LoopbackProxy.open();
        TlsRelay before = tls.to(proxy.port())) {
      sqs.createQueue("there");
      assertReached(tls, proxy, before.endpoint().toString());
    }
  }

  /** It has TLS of its own, and so a session, before anything is known of the service. */
  @Test
  void what_a_proxy_with_tls_refuses_is_its_own_word() throws Exception {
    try (LoopbackProxy proxy = LoopbackProxy.refusing("403 Forbidden");
        TlsRelay before = TlsRelay.start(work, "localhost", proxy.port())) {
      String url = before.endpoint().toString();
      List<String> told =
          call(
              Map.of("https_proxy", url),
              "-Djavax.net.ssl.trustStore=" + before.trustStore(),
              "sqs");
      assertEquals(2, told.size(), told::toString);
      for (String line : told) {
        String said =
            "SQS ProxyRefused REJECTED unsent 0 the proxy %s does not connect to %s: HTTP 403"
                .formatted(url, HOSTS.get("SQS"));
        assertTrue(line.startsWith(said), line);
      }
    }
  }

  private static void assertReached(TlsRelay tls, LoopbackProxy proxy, String url)
      throws Exception {
    List<String> told =
        call(
            Map.of("https_proxy", url, "AWS_ENDPOINT_URL_SQS", tls.endpoint().toString()),
            "-Djavax.net.ssl.trustStore=" + tls.trustStore(),
            "sqs");
    assertEquals(2, told.size(), told::toString);
    assertTrue(told.getFirst().contains("/there]"), told::toString);
    assertTrue(told.getLast().matches("SQS \\w+ REJECTED sent 1 HTTP 400: .*"), told::toString);
    assertEquals(Set.of("CONNECT localhost:" + tls.endpoint().getPort()), proxy.requests());
  }
}
