package com.amazonaws.jobprocessor.aws.lean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.SqsClient;

/** When the SDK's client makes the calls, and where ours go. */
class LeanSqsTest {
  private final List<String> set = new ArrayList<>();

  @TempDir private Path folder;

  @AfterEach
  void clear() {
    set.forEach(System::clearProperty);
  }

  private void set(String property, String value) {
    set.add(property);
    System.setProperty(property, value);
  }

  private static boolean isLean(String region, Map<String, String> environment) throws Exception {
    Optional<SqsTransport> made = LeanSqs.transport(region, BothClients.KEYS, environment);
    made.ifPresent(SqsTransport::close);
    return made.isPresent();
  }

  @Test
  void ours_unless_the_variable_asks_for_the_sdks() throws Exception {
    assertEquals(true, isLean("eu-central-1", Map.of()));
    assertEquals(true, isLean("eu-central-1", Map.of("JOB_PROCESSOR_SQS_CLIENT", "")));
    assertEquals(true, isLean("eu-central-1", Map.of("JOB_PROCESSOR_SQS_CLIENT", "lean")));
    assertEquals(false, isLean("eu-central-1", Map.of("JOB_PROCESSOR_SQS_CLIENT", "sdk")));
  }

  @Test
  void another_value_of_the_variable_is_refused_in_a_line() {
    InvalidEnvironment refused =
        assertThrows(
            InvalidEnvironment.class,
            () -> isLean("eu-central-1", Map.of("JOB_PROCESSOR_SQS_CLIENT", "SDK")));
    assertEquals(
        "JOB_PROCESSOR_SQS_CLIENT=\"SDK\" is no client of SQS; allowed are lean and sdk",
        refused.getMessage());
  }

  @Test
  void a_proxy_is_the_sdks_affair() throws Exception {
    for (String variable : List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")) {
      assertEquals(false, isLean("eu-central-1", Map.of(variable, "http://proxy:3128")), variable);
      assertEquals(true, isLean("eu-central-1", Map.of(variable, "")), variable);
    }
    for (String property : List.of("http.proxyHost", "https.proxyHost")) {
      set(property, "proxy");
      assertEquals(false, isLean("eu-central-1", Map.of()), property);
      System.clearProperty(property);
    }
  }

  @Test
  void settings_that_only_the_sdk_knows_are_its_affair() throws Exception {
    assertEquals(false, isLean("fips-us-gov-west-1", Map.of()));
    assertEquals(false, isLean("us-east-1-fips", Map.of()));
    set("aws.defaultsMode", "in-region");
    assertEquals(false, isLean("us-east-1", Map.of()));
  }

  /** The SDK's rules refuse them together: it says so itself, call by call. */
  @Test
  void fips_with_an_endpoint_of_ones_own_is_left_to_the_sdk() throws Exception {
    set("aws.useFipsEndpoint", "true");
    set("aws.endpointUrlSqs", "http://127.0.0.1:1");
    assertEquals(false, isLean("us-east-1", Map.of()));
  }

  @Test
  void addresses_of_any_kind_are_called_as_the_sdk_calls_them() {
    for (String url :
        List.of(
            "http://[::1]:9324",
            "HTTP://LocalHost:9324/",
            "https://sqs.example/a/b%20c",
            "https://sqs.example:8443/")) {
      set("aws.endpointUrlSqs", url);
      assertSame("eu-west-1");
    }
    for (String url :
        List.of(
            "https://sqs.example//x", "https://sqs.example/?x=y", "https://user@sqs.example/")) {
      set("aws.endpointUrlSqs", url);
      assertEquals(Optional.empty(), Endpoint.of("eu-west-1"), url);
    }
  }

  @Test
  void what_refuses_a_start_with_the_sdk_refuses_it_with_ours() {
    set("aws.endpointUrlSqs", "not a url");
    assertThrows(InvalidEnvironment.class, () -> isLean("us-east-1", Map.of()));
    set("aws.endpointUrlSqs", "ftp://host");
    assertThrows(InvalidEnvironment.class, () -> isLean("us-east-1", Map.of()));
    set("aws.endpointUrlSqs", "http://127.0.0.1:1");
    set("aws.useFipsEndpoint", "maybe");
    assertThrows(InvalidEnvironment.class, () -> isLean("us-east-1", Map.of()));
    System.clearProperty("aws.useFipsEndpoint");
    set("aws.retryMode", "never");
    assertThrows(InvalidEnvironment.class, () -> isLean("us-east-1", Map.of()));
  }

  private static final class Asked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient URI uri;

    Asked(URI uri) {
      this.uri = uri;
    }
  }

  /** Tells where the SDK's client would send a call, and does not send it. */
  private static final class Destination implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      throw new Asked(context.httpRequest().getUri());
    }
  }

  private static URI ofSdk(String region) {
    try (SqsClient made = AwsAccess.sqs(region, BothClients.KEYS, Duration.ofSeconds(1));
        SqsClient client =
            SqsClient.builder()
                .region(made.serviceClientConfiguration().region())
                .credentialsProvider(AwsAccess.credentials(BothClients.KEYS))
                .overrideConfiguration(o -> o.addExecutionInterceptor(new Destination()))
                .build()) {
      return assertThrows(Asked.class, client::listQueues).uri;
    }
  }

  private static void assertSame(String region) {
    assertEquals(ofSdk(region), Endpoint.of(region).orElseThrow().url(), region);
  }

  @Test
  void calls_go_where_the_sdks_go() {
    for (String region :
        List.of("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "elsewhere-9")) {
      assertSame(region);
    }
    set("aws.useDualstackEndpoint", "true");
    assertSame("eu-central-1");
    assertSame("cn-north-1");
    set("aws.useFipsEndpoint", "true");
    assertSame("us-east-1");
    System.clearProperty("aws.useDualstackEndpoint");
    assertSame("us-east-1");
    assertSame("us-gov-west-1");
  }

  @Test
  void properties_and_profiles_say_where_in_the_sdks_order() throws Exception {
    Path config = folder.resolve("config");
    Files.writeString(
        config,
        """
        [profile there]
        endpoint_url = http://all.example:1
        services = own
        [services own]
        sqs =
          endpoint_url = http://sqs.example:2/base
        [profile dual]
        use_dualstack_endpoint = true
        [profile fips]
        use_fips_endpoint = true
        use_dualstack_endpoint = true
        [profile ignoring]
        ignore_configured_endpoint_urls = true
        endpoint_url = http://all.example:1
        [profile other]
        services = foreign
        endpoint_url = http://all.example:1/
        [services foreign]
        s3 =
          endpoint_url = http://s3.example:2
        """);
    set("aws.configFile", config.toString());
    set("aws.sharedCredentialsFile", folder.resolve("none").toString());
    for (String profile : List.of("dual", "fips", "ignoring", "other")) {
      set("aws.profile", profile);
      assertSame("us-west-2");
    }
    set("aws.profile", "there");
    assertSame("eu-west-1");
    assertEquals(
        "http://sqs.example:2/base/", Endpoint.of("eu-west-1").orElseThrow().url().toString());
    set("aws.endpointUrl", "http://property.example:3");
    assertSame("eu-west-1");
    set("aws.endpointUrlSqs", "https://own.example/x");
    assertSame("eu-west-1");
  }
}
