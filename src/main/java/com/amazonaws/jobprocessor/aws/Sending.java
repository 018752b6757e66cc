package com.amazonaws.jobprocessor.aws;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;

/** Tells of a failed call whether any of it can have left this machine. */
final class Sending {
  /** By name, since the HTTP client is the SDK's business, and TLS that of one class of ours. */
  private static final Set<String> NO_CONNECTION =
      Set.of(
          "ConnectTimeoutException", "ConnectionRequestTimeoutException", "SSLHandshakeException");

  private static final String NO_CREDENTIALS = "Unable to load credentials";
  private static final int MAX_CAUSES = 20;

  private Sending() {}

  /**
   * False if there were no credentials to sign it with, or no connection to send it over, or no
   * proxy that passes it on.
   */
  static boolean mayHaveBegun(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
      if (isBefore(at)) {
        return false;
      }
      at = at.getCause();
    }
    return true;
  }

  private static boolean isBefore(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException
        || cause instanceof UnresolvedAddressException
        || cause instanceof ProxyRefused
        || NO_CONNECTION.contains(cause.getClass().getSimpleName())
        || String.valueOf(cause.getMessage()).startsWith(NO_CREDENTIALS);
  }
}
