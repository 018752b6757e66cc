package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static CallFailed failed(String code, String message, boolean sent) {
    return new CallFailed(
        Service.EC2, code, message, CallFailed.Kind.UNKNOWN, sent, new IllegalStateException());
  }

  @Test
  void a_service_that_could_not_be_called_is_named_without_the_words_of_the_sdk() {
    assertEquals(
        "EC2 could not be called (HttpHostConnectException: Connect to"
            + " http://127.0.0.1:9 failed: Connection refused)",
        Refusals.words(
            "DescribeInstances",
            failed(
                "HttpHostConnectException",
                "Unable to execute HTTP request: Connect to http://127.0.0.1:9 failed: Connection"
                    + " refused (SDK Attempt Count: 1)",
                false)));
  }

  @Test
  void what_has_no_words_of_ours_is_told_in_those_of_aws() {
    assertEquals(
        "RunInstances failed: InvalidParameterValue: no such type",
        Refusals.words("RunInstances", failed("InvalidParameterValue", "no such type", true)));
  }
}
