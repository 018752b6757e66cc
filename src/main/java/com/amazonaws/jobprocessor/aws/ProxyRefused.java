package com.amazonaws.jobprocessor.aws;

import java.io.IOException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** A proxy has not passed a call on: the service has not heard of it. */
final class ProxyRefused extends IOException {
  private static final long serialVersionUID = 1L;

  /** Proxy Authentication Required. */
  static final int WANTS_LOGIN = 407;

  private final int status;

  /**
   * What the proxy has said.
   *
   * @param proxy its URL, without user and password
   * @param hasLogin true if it was told a user and a password
   */
  ProxyRefused(String proxy, String target, SdkHttpResponse answer, boolean hasLogin) {
    super(
        "the proxy %s does not connect to %s: HTTP %s %s"
                .formatted(proxy, target, answer.statusCode(), answer.statusText().orElse(""))
                .strip()
            + advice(answer.statusCode(), hasLogin));
    this.status = answer.statusCode();
  }

  private static String advice(int status, boolean hasLogin) {
    if (status != WANTS_LOGIN) {
      return "";
    }
    return hasLogin
        ? "; check the user and the password in its URL"
        : "; it wants a user and a password in its URL: http://USER:PASSWORD@HOST:PORT";
  }

  /** True if it says no, and not that something is out of order, which may pass. */
  boolean isNo() {
    return status >= 400 && status < 500;
  }
}
