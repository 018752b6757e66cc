package com.amazonaws.jobprocessor.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

/**
 * Checks the variables that name a proxy: the SDK passes over a value that it cannot read, and
 * calls AWS without one.
 */
public final class ProxyVariables {
  private static final List<String> NAMES =
      List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY");
  private static final int MAX_PORT = 65_535;

  private ProxyVariables() {}

  /**
   * Checks what the environment says of proxies.
   *
   * @throws InvalidEnvironment if one is no URL; names the variable
   */
  public static void check(Map<String, String> environment) throws InvalidEnvironment {
    for (String name : NAMES) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty() && !isProxy(value)) {
        throw new InvalidEnvironment(
            name + "=\"" + withoutUser(value) + "\" is no URL such as http://proxy.example:3128",
            new IllegalArgumentException(name));
      }
    }
  }

  private static boolean isProxy(String value) {
    try {
      URI uri = new URI(value);
      return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() <= MAX_PORT;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** What stands before the last {@code @} may hold a password. */
  private static String withoutUser(String value) {
    int at = value.lastIndexOf('@');
    return at < 0 ? value : "****" + value.substring(at);
  }
}
