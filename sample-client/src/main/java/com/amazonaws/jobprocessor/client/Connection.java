package com.amazonaws.jobprocessor.client;

import java.time.Duration;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** What every command needs to reach SQS, and S3 for large payloads. */
final class Connection {
  /** The longest that one call may take, a long poll included. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  /** The longest that 64 MiB may take. */
  private static final Duration LONGEST_TRANSFER = Duration.ofMinutes(5);

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "region of the queues (default: AWS_REGION, the profile's or the instance's)")
  private String region;

  SqsClient open() {
    return SqsClient.builder()
        .region(region())
        .httpClientBuilder(http())
        .overrideConfiguration(config -> config.apiCallAttemptTimeout(LONGEST_CALL))
        .build();
  }

  S3Client openS3() {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(region())
            .httpClientBuilder(http())
            .overrideConfiguration(config -> config.apiCallAttemptTimeout(LONGEST_TRANSFER));
    S3Client usual = builder.build();
    if (usual.serviceClientConfiguration().endpointOverride().isEmpty()) {
      return usual;
    }
    usual.close(); // a server of one's own seldom has a host name for each bucket
    return builder.forcePathStyle(true).build();
  }

  DynamoDbClient openDynamo() {
    return DynamoDbClient.builder()
        .region(region())
        .httpClientBuilder(http())
        .overrideConfiguration(config -> config.apiCallAttemptTimeout(LONGEST_CALL))
        .build();
  }

  private static Apache5HttpClient.Builder http() {
    return Apache5HttpClient.builder()
        .maxConnections(64)
        .connectionTimeout(Duration.ofSeconds(5))
        .socketTimeout(LONGEST_CALL);
  }

  private Region region() {
    return Region.of(region == null ? usualRegion() : region);
  }

  private static String usualRegion() {
    try {
      return new DefaultAwsRegionProviderChain().getRegion().id();
    } catch (SdkClientException e) {
      throw new UserError("no region: give --region, e.g. --region us-east-1, or set AWS_REGION");
    }
  }

  /** The queue's URL; a queue that is missing is the user's to make. */
  static String urlOf(SqsClient sqs, String queue, String option) {
    try {
      return sqs.getQueueUrl(r -> r.queueName(queue)).queueUrl();
    } catch (QueueDoesNotExistException e) {
      throw new UserError(
          "there is no queue \"" + queue + "\" in this region; check " + option + " and --region");
    }
  }
}
