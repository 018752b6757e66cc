package com.amazonaws.jobprocessor.aws.lean;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.internal.retry.ClockSkewAdjuster;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Makes the headers of a request, signature included, on a clock that goes with SQS's. */
final class Signing {
  private static final String CONTENT_TYPE = "application/x-amz-json-1.0";
  private static final String ONE_ATTEMPT = "attempt=1; max=1";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final AwsCredentialsProvider credentials;
  private final Endpoint endpoint;
  private final UserAgent userAgent;
  private final Clock machine;

  /** How far the machine's clock is ahead of SQS's, as far as is known. */
  private volatile Duration ahead = Duration.ZERO;

  Signing(AwsCredentialsProvider credentials, Endpoint endpoint, Clock machine) {
    this.credentials = credentials;
    this.endpoint = endpoint;
    this.userAgent = new UserAgent(endpoint.override().isPresent());
    this.machine = machine;
  }

  /**
   * The headers of a call.
   *
   * @param action as the API reference has it, such as {@code ReceiveMessage}
   */
  Map<String, List<String>> headers(String action, byte[] body) {
    AwsCredentials identity = credentials.resolveCredentials();
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint.url())
            .putHeader("amz-sdk-invocation-id", invocation())
            .putHeader("amz-sdk-request", ONE_ATTEMPT)
            .putHeader("Content-Length", Integer.toString(body.length))
            .putHeader("Content-Type", CONTENT_TYPE)
            .putHeader("User-Agent", userAgent.with(identity.providerName()))
            .putHeader("X-Amz-Target", "AmazonSQS." + action)
            // Asks for the error codes of the older protocol, by which errors are known.
            .putHeader("x-amzn-query-mode", "true")
            .build();
    return signer
        .sign(
            sign ->
                sign.identity(identity)
                    .request(request)
                    .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sqs")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, endpoint.region())
                    .putProperty(
                        AwsV4HttpSigner.SIGNING_CLOCK, Clock.offset(machine, ahead.negated())))
        .request()
        .headers();
  }

  /** Unique, but not secret, as the SDK's client makes it. */
  private static String invocation() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /**
   * Signs from now on by SQS's clock if SQS says, or seems to say, that the one we sign by is
   * wrong: an error that may come of that counts if the clocks are four minutes apart, as in the
   * SDK's client. So a machine whose clock has been put right meanwhile finds the way back.
   */
  void learnFrom(AwsServiceException failure) {
    AwsServiceException judged = failure.toBuilder().clockSkew(ahead).build();
    if (judged.isClockSkewException()) {
      int seconds =
          new ClockSkewAdjuster()
              .getAdjustmentInSeconds(judged.awsErrorDetails().sdkHttpResponse());
      ahead = Duration.ofSeconds(seconds);
    }
  }
}
