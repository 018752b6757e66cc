package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.ProxyVariables;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The SDK's clients that the settings ask for, and the counts of their calls. */
final class AwsClients implements AutoCloseable {
  private static final Duration LONGEST_START_CALL = Duration.ofSeconds(30);
  private static final Duration LONGEST_TRANSFER = Duration.ofSeconds(60);
  private static final Duration LONGEST_TABLE_CALL = Duration.ofSeconds(5);

  private final SqsClient sqs;
  private final @Nullable DynamoDbClient dynamo;
  private final @Nullable S3Client s3;
  private final SqsCalls sqsCalls = new SqsCalls(Service.SQS);
  private final SqsCalls tableCalls = new SqsCalls(Service.DYNAMODB);
  private final SqsCalls bucketCalls = new SqsCalls(Service.S3);

  /**
   * Makes the clients; makes no call.
   *
   * @throws StartRefused if a variable or a file of the environment makes that impossible
   */
  static AwsClients of(Settings settings, String region) throws StartRefused {
    try {
      ProxyVariables.check(System.getenv());
      AwsClients clients = InvalidEnvironment.check(() -> new AwsClients(settings, region));
      clients.checkEndpoints();
      return clients;
    } catch (InvalidEnvironment e) {
      throw StartRefused.badSettings(String.valueOf(e.getMessage()));
    }
  }

  private void checkEndpoints() throws InvalidEnvironment {
    InvalidEnvironment.checkEndpoint(sqs.serviceClientConfiguration().endpointOverride(), "SQS");
    if (dynamo != null) {
      InvalidEnvironment.checkEndpoint(
          dynamo.serviceClientConfiguration().endpointOverride(), "DYNAMODB");
    }
    if (s3 != null) {
      InvalidEnvironment.checkEndpoint(s3.serviceClientConfiguration().endpointOverride(), "S3");
    }
  }

  private AwsClients(Settings settings, String region) {
    AwsAccess.Keys keys = keys(settings.keys());
    this.sqs = AwsAccess.sqs(region, keys, LONGEST_START_CALL);
    this.s3 =
        settings.stores().payloadBucket() == null
            ? null
            : AwsAccess.s3(region, keys, LONGEST_TRANSFER);
    this.dynamo =
        settings.stores().jobTable() == null
            ? null
            : AwsAccess.dynamo(region, keys, LONGEST_TABLE_CALL);
  }

  /** The keys of the settings, or null for the SDK's default chain. */
  static AwsAccess.@Nullable Keys keys(Settings.@Nullable Keys keys) {
    return keys == null
        ? null
        : new AwsAccess.Keys(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  SqsClient sqs() {
    return sqs;
  }

  SqsCalls sqsCalls() {
    return sqsCalls;
  }

  /** Null without {@code job_table_name}. */
  @Nullable DynamoDbClient dynamo() {
    return dynamo;
  }

  SqsCalls tableCalls() {
    return tableCalls;
  }

  /** Null without {@code payload_bucket_name}. */
  @Nullable S3Client s3() {
    return s3;
  }

  SqsCalls bucketCalls() {
    return bucketCalls;
  }

  @Override
  public void close() {
    sqs.close();
    if (dynamo != null) {
      dynamo.close();
    }
    if (s3 != null) {
      s3.close();
    }
  }
}
