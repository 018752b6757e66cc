package com.amazonaws.jobprocessor.aws;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.services.s3.S3Client;

/** The worker's own client of S3, at an endpoint of a test's. */
final class S3Clients {
  private static final String ENDPOINT = "aws.endpointUrlS3";

  private S3Clients() {}

  /** As with {@code AWS_ENDPOINT_URL_S3} in the environment. */
  static S3Client at(URI endpoint, Duration longestCall) {
    System.setProperty(ENDPOINT, endpoint.toString());
    try {
      return AwsAccess.s3("us-east-1", new AwsAccess.Keys("test", "test", null), longestCall);
    } finally {
      System.clearProperty(ENDPOINT);
    }
  }
}
