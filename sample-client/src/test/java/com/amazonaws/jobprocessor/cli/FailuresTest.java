package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.CallFailed;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static String inWords(String code, String message) {
    return Failures.messageOf(
        new CallFailed(code, message, CallFailed.Kind.REJECTED, new IllegalStateException()));
  }

  @Test
  void a_refusal_says_what_aws_says_and_what_helps() {
    assertEquals(
        "AWS refused the request: AccessDenied, HTTP 403: no",
        inWords("AccessDenied", "HTTP 403: no"));
    assertEquals(
        "AWS refused the request: ExpiredToken, HTTP 403: expired; renew the credentials",
        inWords("ExpiredToken", "HTTP 403: expired"));
  }

  @Test
  void what_a_proxy_says_is_not_told_as_a_refusal_of_aws() {
    String said = "the proxy http://proxy:3128 does not connect to sqs.example: HTTP 403 Forbidden";
    assertEquals(said, inWords("ProxyRefused", said));
  }
}
