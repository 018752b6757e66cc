package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;

class InvalidEnvironmentTest {
  @Test
  void an_address_that_is_none_is_named_with_its_variable_and_value() {
    assertEquals(
        "AWS_ENDPOINT_URL_SQS=\"not a url\" is no URL such as http://127.0.0.1:9324",
        InvalidEnvironment.explain(
            SdkClientException.create(
                "An invalid URI was configured in environment variable AWS_ENDPOINT_URL_SQS"),
            Map.of("AWS_ENDPOINT_URL_SQS", "not a url")));
  }

  @Test
  void a_switch_that_is_none_is_named_with_what_is_allowed() {
    assertEquals(
        "AWS_USE_FIPS_ENDPOINT=\"maybe\": allowed are 'false' or 'true'",
        InvalidEnvironment.explain(
            new IllegalStateException(
                "Environment variable 'AWS_USE_FIPS_ENDPOINT' or system property"
                    + " 'aws.useFipsEndpoint' was defined as 'maybe', but should be 'false' or"
                    + " 'true'"),
            Map.of()));
  }

  /** The SDK's own refusals, so that its words may not change unnoticed. */
  @Test
  void a_region_that_is_none_is_quoted() {
    for (String region : new String[] {"us east 1", "nonsense!", "a+b", ""}) {
      InvalidEnvironment refused =
          assertThrows(
              InvalidEnvironment.class,
              () ->
                  InvalidEnvironment.check(
                      () -> AwsAccess.dynamo(region, null, Duration.ofSeconds(1))));
      assertTrue(
          String.valueOf(refused.getMessage()).startsWith("\"" + region + "\" is no region"),
          refused.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://user:hunter2@host", "http://user:hunter2@/", "user:hunter2@localhost:9324"})
  void a_password_in_an_address_is_not_shown(String address) {
    String refused =
        String.valueOf(
            assertThrows(
                    InvalidEnvironment.class,
                    () -> InvalidEnvironment.checkEndpoint(Optional.of(URI.create(address)), "SQS"))
                .getMessage());
    assertFalse(refused.contains("ter2"), refused);
    assertTrue(
        refused.startsWith("endpoint_url (of the profile or by a system property)=\"****@"),
        refused);
  }

  @Test
  void a_password_in_what_the_sdk_cannot_read_is_not_shown() {
    String variable = "AWS_ENDPOINT_URL_S3";
    assertEquals(
        variable + "=\"****@a b\" is no URL such as http://127.0.0.1:9324",
        InvalidEnvironment.explain(
            SdkClientException.create(
                "An invalid URI was configured in environment variable " + variable),
            Map.of(variable, "http://user:hunter2@a b")));
    assertEquals(
        "the environment's AWS settings cannot be used: no URI: http://****@a b",
        InvalidEnvironment.explain(
            SdkClientException.create("no URI: http://user:hunter2@a b"), Map.of()));
  }

  @Test
  void an_address_needs_a_scheme_and_a_host() {
    for (String address : new String[] {"", "localhost:9324", "ftp://host", "http:/x"}) {
      assertThrows(
          InvalidEnvironment.class,
          () -> InvalidEnvironment.checkEndpoint(Optional.of(URI.create(address)), "SQS"),
          address);
    }
    assertDoesNotThrow(
        () ->
            InvalidEnvironment.checkEndpoint(Optional.of(URI.create("http://localhost:1")), "SQS"));
  }

  @Test
  void an_endpoint_is_refused_under_the_name_that_has_it() {
    String own = "AWS_ENDPOINT_URL_SQS";
    String all = "AWS_ENDPOINT_URL";
    Map<String, String> both = Map.of(own, "ftp://own", all, "ftp://all");
    assertEquals(own, InvalidEnvironment.sourceOf("ftp://own", own, both));
    assertEquals(all, InvalidEnvironment.sourceOf("ftp://x", own, Map.of(all, "ftp://x")));
    String profile = "endpoint_url (of the profile or by a system property)";
    assertEquals(profile, InvalidEnvironment.sourceOf("ftp://x", own, Map.of()));
    assertEquals(profile, InvalidEnvironment.sourceOf("ftp://x", own, both));
  }
}
