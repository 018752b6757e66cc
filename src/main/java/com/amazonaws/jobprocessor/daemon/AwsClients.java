package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SdkTransport;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.aws.lean.LeanSqs;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The SDK's clients that the settings ask for, and the counts of their calls. */
final class AwsClients implements AutoCloseable {
  private static final Duration LONGEST_START_CALL = Duration.ofSeconds(30);
  private static final Duration LONGEST_TRANSFER = Duration.ofSeconds(60);
  private static final Duration LONGEST_TABLE_CALL = Duration.ofSeconds(5);

  private final SqsTransport transport;
  private final Supplier<SqsClient> makeSqs;
  private @Nullable SqsClient sqs;
  private final @Nullable DynamoDbClient dynamo;
  private final @Nullable S3Client s3;
  private final SqsCalls sqsCalls = new SqsCalls(Service.SQS);
  private final SqsCalls queueCalls = new SqsCalls(Service.SQS);
  private final SqsCalls tableCalls = new SqsCalls(Service.DYNAMODB);
  private final SqsCalls bucketCalls = new SqsCalls(Service.S3);

  /**
   * Makes the clients; makes no call.
   *
   * @throws StartRefused if a variable or a file of the environment makes that impossible
   */
  static AwsClients of(Settings settings, String region) throws StartRefused {
    try {
      Optional<SqsTransport> lean =
          LeanSqs.transport(region, keys(settings.keys()), System.getenv());
      AwsClients clients = InvalidEnvironment.check(() -> new AwsClients(settings, region, lean));
      clients.checkEndpoints();
      return clients;
    } catch (InvalidEnvironment e) {
      throw StartRefused.badSettings(String.valueOf(e.getMessage()));
    }
  }

  private void checkEndpoints() throws InvalidEnvironment {
    if (sqs != null) {
      InvalidEnvironment.checkEndpoint(sqs.serviceClientConfiguration().endpointOverride(), "SQS");
    }
    if (dynamo != null) {
      InvalidEnvironment.checkEndpoint(
          dynamo.serviceClientConfiguration().endpointOverride(), "DYNAMODB");
    }
    if (s3 != null) {
      InvalidEnvironment.checkEndpoint(s3.serviceClientConfiguration().endpointOverride(), "S3");
    }
  }

  private AwsClients(Settings settings, String region, Optional<SqsTransport> lean) {
    AwsAccess.Keys keys = keys(settings.keys());
    this.makeSqs = () -> AwsAccess.sqs(region, keys, LONGEST_START_CALL);
    this.transport = lean.orElseGet(() -> new SdkTransport(sqs()));
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

  /** The calls of SQS that the worker makes for its jobs, and before the first of them. */
  SqsTransport transport() {
    return transport;
  }

  /** The SDK's client, for all other calls of SQS; made when it is first asked for. */
  synchronized SqsClient sqs() {
    SqsClient made = sqs;
    if (made == null) {
      made = makeSqs.get();
      sqs = made;
    }
    return made;
  }

  /** Finds, makes and counts queues. */
  SqsQueues queues() {
    return new SqsQueues(transport, this::sqs, queueCalls);
  }

  /** Those for messages, which the worker counts itself. */
  SqsCalls sqsCalls() {
    return sqsCalls;
  }

  /** Those of {@link #queues}. */
  SqsCalls queueCalls() {
    return queueCalls;
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
    transport.close();
    synchronized (this) {
      if (sqs != null && !(transport instanceof SdkTransport)) { // which has closed it
        sqs.close();
      }
    }
    if (dynamo != null) {
      dynamo.close();
    }
    if (s3 != null) {
      s3.close();
    }
  }
}
