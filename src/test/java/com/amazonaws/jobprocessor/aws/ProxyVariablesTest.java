package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyVariablesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "http://proxy:3128", "https://proxy.example", "http://u:pw@10.0.0.1:80/"})
  void a_url_or_nothing_is_a_proxy(String value) throws InvalidEnvironment {
    ProxyVariables.check(Map.of("HTTPS_PROXY", value, "http_proxy", value));
    ProxyVariables.check(Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy",
        "proxy:3128",
        "::::",
        "http://",
        "http://a b",
        "socks5://x",
        "http://x:99999"
      })
  void what_the_sdk_would_pass_over_is_refused_with_variable_and_value(String value) {
    InvalidEnvironment refused =
        assertThrows(
            InvalidEnvironment.class, () -> ProxyVariables.check(Map.of("https_proxy", value)));
    assertEquals(
        "https_proxy=\"" + value + "\" is no URL such as http://proxy.example:3128",
        refused.getMessage());
  }

  @Test
  void a_password_is_not_shown() {
    InvalidEnvironment refused =
        assertThrows(
            InvalidEnvironment.class,
            () -> ProxyVariables.check(Map.of("HTTP_PROXY", "user:hunter2@proxy:3128")));
    assertEquals(
        "HTTP_PROXY=\"****@proxy:3128\" is no URL such as http://proxy.example:3128",
        refused.getMessage());
  }
}
