package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

class DefaultCredentialsTest {
  /** A chain whose provider has worked, and fails as it is told. */
  private static final class Chain implements AwsCredentialsProvider, SdkAutoCloseable {
    final RuntimeException[] failure = new RuntimeException[1];
    boolean closed;

    @Override
    public AwsCredentials resolveCredentials() {
      if (failure[0] != null) {
        throw failure[0];
      }
      return AwsBasicCredentials.create("id", "secret");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Chain chain = new Chain();
  private final DefaultCredentials credentials = DefaultCredentials.of(chain);
  private final SqsCalls calls = new SqsCalls(Service.SQS);

  private CallFailed failed(RuntimeException failure) {
    chain.failure[0] = failure;
    return assertThrows(
        CallFailed.class, () -> calls.call(() -> credentials.resolveCredentials().accessKeyId()));
  }

  @Test
  void a_provider_that_fails_later_is_a_call_without_credentials_that_was_not_sent()
      throws Exception {
    assertEquals("id", calls.call(() -> credentials.resolveCredentials().accessKeyId()));

    CallFailed failure =
        failed(
            new IllegalStateException(
                "Failed to refresh process-based credentials.",
                new IllegalStateException("Command returned non-zero exit value (1)")));

    assertEquals(SqsCalls.NO_CREDENTIALS, failure.code());
    assertEquals(CallFailed.Kind.REJECTED, failure.kind());
    assertFalse(failure.sent());
    assertEquals(
        "no AWS credentials: Failed to refresh process-based credentials.:"
            + " Command returned non-zero exit value (1)",
        failure.getMessage());
    assertEquals(1, calls.made());
    assertTrue(
        String.valueOf(failed(SdkClientException.create("The SSO token is expired")).getMessage())
            .endsWith("; log in with aws sso login"));
  }

  @Test
  void the_words_of_the_chain_and_interrupts_are_left_as_they_are() {
    for (RuntimeException failure :
        new RuntimeException[] {
          SdkClientException.create("Unable to load credentials from any of the providers in x"),
          AbortedException.create("interrupted")
        }) {
      chain.failure[0] = failure;
      assertSame(failure, assertThrows(RuntimeException.class, credentials::resolveCredentials));
    }
    chain.failure[0] = new IllegalStateException("cut");
    Thread.currentThread().interrupt();
    assertSame(
        chain.failure[0], assertThrows(RuntimeException.class, credentials::resolveCredentials));
    assertTrue(Thread.interrupted());
  }

  @Test
  void the_chain_is_closed_with_it() {
    credentials.close();
    assertTrue(chain.closed);
  }
}
