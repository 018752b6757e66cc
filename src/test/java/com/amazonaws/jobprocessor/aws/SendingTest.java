package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class SendingTest {
  private final SqsCalls calls = new SqsCalls(Service.DYNAMODB);

  private CallFailed fail(RuntimeException failure) {
    return assertThrows(
        CallFailed.class,
        () ->
            calls.call(
                () -> {
                  throw failure;
                }));
  }

  private static SdkClientException because(Throwable cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  @Test
  void a_call_without_a_connection_has_not_left_the_machine() {
    CallFailed refused = fail(because(new ConnectException("Connection refused")));
    assertFalse(refused.sent());
    assertEquals(Service.DYNAMODB, refused.service());
    CallFailed unknown = fail(because(new UnknownHostException("sqs.example: unknown")));
    assertFalse(unknown.sent());
    assertEquals("no such host: sqs.example: unknown", unknown.getMessage());
    assertEquals(0, calls.made());
  }

  @Test
  void a_call_without_credentials_has_not_left_the_machine_and_says_in_a_line_what_helps() {
    CallFailed failure =
        fail(
            SdkClientException.create(
                "Unable to load credentials from any of the providers in the chain"
                    + " AwsCredentialsProviderChain(credentialsProviders=[]) : [x]"));
    assertFalse(failure.sent());
    assertEquals(SqsCalls.NO_CREDENTIALS, failure.code());
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("no AWS credentials: "),
        failure.getMessage());
    assertEquals(0, calls.made());
  }

  @Test
  void a_call_whose_answer_was_lost_may_have_been_billed() {
    assertTrue(fail(because(new SocketException("Connection reset"))).sent());
    assertTrue(fail(ApiCallTimeoutException.create(5_000)).sent());
    assertEquals(2, calls.made());
  }
}
