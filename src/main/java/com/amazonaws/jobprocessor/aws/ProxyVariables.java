package com.amazonaws.jobprocessor.aws;

import java.util.List;
import java.util.Map;

/** Checks the variables that name a proxy; {@link Proxies} uses them. */
final class ProxyVariables {
  private static final List<String> NAMES =
      List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY");

  private ProxyVariables() {}

  /**
   * Checks what the environment says of proxies.
   *
   * @throws InvalidEnvironment if one is no URL; names the variable
   */
  static void check(Map<String, String> environment) throws InvalidEnvironment {
    for (String name : NAMES) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty() && !WebAddress.isOne(value)) {
        throw new InvalidEnvironment(words(name, value), new IllegalArgumentException(name));
      }
    }
  }

  static String words(String name, String value) {
    return name
        + "=\""
        + WebAddress.shown(value)
        + "\" is no URL such as http://proxy.example:3128";
  }
}
