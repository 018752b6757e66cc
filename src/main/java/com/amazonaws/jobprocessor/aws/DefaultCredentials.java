package com.amazonaws.jobprocessor.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's default chain, which says of each failure that it is one of credentials. The chain does
 * so only while it looks for a provider; later it is the provider that fails, in words of its own,
 * and the call could not be told from one that was sent.
 */
final class DefaultCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  private final AwsCredentialsProvider chain;
  private final Runnable close;

  private DefaultCredentials(AwsCredentialsProvider chain, Runnable close) {
    this.chain = chain;
    this.close = close;
  }

  /** Of that chain, which is closed with it. */
  static <C extends AwsCredentialsProvider & SdkAutoCloseable> DefaultCredentials of(C chain) {
    return new DefaultCredentials(chain, chain::close);
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return chain.resolveCredentials();
    } catch (AbortedException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted() || CredentialProblem.explain(e).isPresent()) {
        throw e;
      }
      throw SdkClientException.create(CredentialProblem.OF_PROVIDER + words(e), e);
    }
  }

  private static String words(RuntimeException e) {
    String words = String.valueOf(e.getMessage());
    String root = CredentialProblem.rootOf(e).getMessage();
    return root == null || words.contains(root) ? words : words + ": " + root;
  }

  @Override
  public void close() {
    close.run();
  }

  @Override
  public String toString() {
    return chain.toString();
  }
}
