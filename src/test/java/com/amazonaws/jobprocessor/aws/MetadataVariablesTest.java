package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataVariablesTest {
  private static final String ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
  private static final String MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

  private static String refusal(String variable, String value) {
    return String.valueOf(
        assertThrows(
                InvalidEnvironment.class, () -> MetadataVariables.check(Map.of(variable, value)))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "http://169.254.169.254", "HTTP://127.0.0.1:80/", "https://[fd00:ec2::254]"})
  void an_address_or_nothing_says_where_the_service_is(String value) throws InvalidEnvironment {
    MetadataVariables.check(Map.of(ENDPOINT, value));
    MetadataVariables.check(Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254 ",
        "my imds",
        "169.254.169.254",
        "localhost:80",
        "ftp://169.254.169.254",
        "http://",
        "http:/x",
        "http://x:99999",
        "%"
      })
  void another_value_is_refused_with_variable_and_what_is_allowed(String value) {
    assertEquals(
        ENDPOINT + "=\"" + value + "\" is no URL such as http://169.254.169.254",
        refusal(ENDPOINT, value));
  }

  @Test
  void a_password_is_not_shown() {
    assertEquals(
        ENDPOINT + "=\"****@host\" is no URL such as http://169.254.169.254",
        refusal(ENDPOINT, "ftp://user:pw@host"));
  }

  @Test
  void the_mode_is_one_of_two() throws InvalidEnvironment {
    for (String mode : new String[] {"", "IPv4", "ipv6"}) {
      MetadataVariables.check(Map.of(MODE, mode));
    }
    assertEquals(MODE + "=\"IPv5\": allowed are IPv4 and IPv6", refusal(MODE, "IPv5"));
    assertEquals(MODE + "=\" IPv4\": allowed are IPv4 and IPv6", refusal(MODE, " IPv4"));
  }

  @Test
  void metadata_is_disabled_by_true_only_and_another_word_is_refused() throws InvalidEnvironment {
    for (String value : new String[] {"", "true", "False"}) {
      MetadataVariables.check(Map.of("AWS_EC2_METADATA_DISABLED", value));
    }
    for (String value : new String[] {"1", "yes", " true"}) {
      assertEquals(
          "AWS_EC2_METADATA_DISABLED=\"" + value + "\": allowed are true and false",
          refusal("AWS_EC2_METADATA_DISABLED", value));
    }
  }
}
