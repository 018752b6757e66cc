package com.amazonaws.jobprocessor.aws;

import java.net.URI;
import java.net.URISyntaxException;

/** What a variable of the environment has where the address of a service or a proxy belongs. */
final class WebAddress {
  static final int MAX_PORT = 65_535;

  private WebAddress() {}

  /** True for {@code http://HOST} and {@code https://HOST:PORT/PATH}. */
  static boolean isOne(String value) {
    try {
      return isOne(new URI(value));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** As {@link #isOne(String)}. */
  static boolean isOne(URI uri) {
    return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
        && uri.getHost() != null
        && uri.getPort() <= MAX_PORT;
  }

  /**
   * The value as it may be shown: what stands before the last {@code @} may hold a password, even
   * if the rest is no address.
   */
  static String shown(String value) {
    int at = value.lastIndexOf('@');
    return at < 0 ? value : "****" + value.substring(at);
  }
}
