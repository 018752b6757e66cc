package com.amazonaws.jobprocessor.aws;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Makes SDK clients: region, credentials, time-outs. */
public final class AwsAccess {
  /** More than the calls that a worker makes at the same time. */
  public static final int CONNECTIONS = 128;

  /** The longest that a connection may take to be made. */
  public static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

  /** How long a connection is kept that nobody uses. */
  public static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

  /** A name that {@code x-amz} headers and CloudTrail show. */
  public static final String USER_AGENT = "job-processor";

  static final ScheduledThreadPoolExecutor TIME_LIMITS = timeLimits();

  private AwsAccess() {}

  /** Keys instead of the default chain. */
  public record Keys(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
    @Override
    public String toString() {
      return "Keys[****]";
    }
  }

  /** Instance metadata by IMDSv2 only, for credentials as well; call before any client is made. */
  public static void forbidImdsV1() {
    System.setProperty(SdkSystemSetting.AWS_EC2_METADATA_V1_DISABLED.property(), "true");
  }

  /**
   * No instance metadata for the SDK, which asks for the region when it makes a client if {@code
   * AWS_DEFAULTS_MODE} is {@code auto}; call before any client is made.
   */
  public static void forbidMetadata() {
    System.setProperty(SdkSystemSetting.AWS_EC2_METADATA_DISABLED.property(), "true");
  }

  /**
   * For the clients that the SDK makes for itself, to fetch credentials of STS or of single
   * sign-on: they know no {@code https_proxy}. Call before any client is made, and not in a
   * library, since it is for all clients of the process.
   */
  public static void callByProxies() {
    System.setProperty(
        SdkSystemSetting.SYNC_HTTP_SERVICE_IMPL.property(), ProxiedHttpService.class.getName());
  }

  /**
   * Does, on threads beside, what takes longest at a start and does not log: loads what calls need,
   * and TLS with its trust store unless SQS is where the environment says, by plain HTTP.
   *
   * @param whatCallsNeed loads that
   */
  public static void warmUp(Map<String, String> environment, Runnable whatCallsNeed) {
    startWarmUp(whatCallsNeed);
    String endpoint =
        environment.getOrDefault(
            "AWS_ENDPOINT_URL_SQS", environment.getOrDefault("AWS_ENDPOINT_URL", ""));
    if (!endpoint.startsWith("http:")) {
      startWarmUp(Tls::loadContext);
    }
  }

  private static void startWarmUp(Runnable load) {
    Runnable quietly =
        () -> {
          try {
            load.run();
          } catch (RuntimeException e) {
            // Who needs it next meets the same, where it can be told.
          }
        };
    daemonThread(quietly, "warm-up").start();
  }

  private static Thread daemonThread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The region by environment, system property or profile; the instance's own region is not asked
   * for. Within {@link InvalidEnvironment#check}: fails if none is known and a file of profiles
   * cannot be read.
   */
  public static Optional<String> regionOfEnvironment() {
    try {
      return Optional.of(
          new AwsRegionProviderChain(
                  new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
              .getRegion()
              .id());
    } catch (SdkClientException e) {
      if (InvalidEnvironment.unreadableProfiles().isPresent()) {
        throw e; // the file may know, and check() says what is wrong with it
      }
      return Optional.empty(); // the chain's way to say that nobody knows
    }
  }

  /**
   * A client that makes each call once: what to do about a failure is decided in one place, on our
   * own clock.
   *
   * @param longestCall bounds every call from its beginning, credentials included; a call may have
   *     a shorter bound
   */
  public static SqsClient sqs(String region, @Nullable Keys keys, Duration longestCall) {
    return SqsClient.builder()
        // By MD5, of each text. SigV4 covers what is sent, TLS what comes back: docs/adr/0009.
        .checksumValidationEnabled(false)
        .region(Region.of(region))
        .credentialsProvider(credentials(keys))
        .httpClientBuilder(http(longestCall))
        .overrideConfiguration(config -> once(config, longestCall))
        .build();
  }

  /** A client of DynamoDB that makes each call once; as {@link #sqs}. */
  public static DynamoDbClient dynamo(String region, @Nullable Keys keys, Duration longestCall) {
    return DynamoDbClient.builder()
        .region(Region.of(region))
        .credentialsProvider(credentials(keys))
        .httpClientBuilder(http(longestCall))
        .overrideConfiguration(config -> once(config, longestCall))
        .build();
  }

  /** Builds a client of another service that makes each call once; as {@link #sqs}. */
  public static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
      B builder, String region, @Nullable Keys keys, Duration longestCall) {
    return builder
        .region(Region.of(region))
        .credentialsProvider(credentials(keys))
        .httpClientBuilder(http(longestCall))
        .overrideConfiguration(config -> once(config, longestCall))
        .build();
  }

  private static SdkHttpClient.Builder<?> http(Duration longestCall) {
    Apache5HttpClient.Builder client =
        Apache5HttpClient.builder()
            .maxConnections(CONNECTIONS)
            .connectionAcquisitionTimeout(longestCall)
            .connectionTimeout(LONGEST_CONNECT)
            .connectionMaxIdleTime(LONGEST_IDLE)
            .tlsSocketStrategy(Tls.WHEN_NEEDED)
            // The call has a limit of its own (apiCallTimeout), which cuts its reads. With one for
            // each
            // read, a virtual thread that waits needs a timer: a tenth of all CPU time.
            .socketTimeout(Duration.ZERO);
    return new Proxies(System.getenv(), System::getProperty).client(client);
  }

  private static void once(ClientOverrideConfiguration.Builder config, Duration longestCall) {
    config
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .apiCallTimeout(longestCall)
        .scheduledExecutorService(TIME_LIMITS)
        .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, USER_AGENT);
  }

  /**
   * For the limits of all clients' calls. The SDK's own, five threads a client, keeps the limit of
   * a call that is long over, with what belongs to it, until the limit would have been reached.
   */
  private static ScheduledThreadPoolExecutor timeLimits() {
    var limits = new ScheduledThreadPoolExecutor(1, work -> daemonThread(work, "time-limits"));
    limits.setRemoveOnCancelPolicy(true);
    return limits;
  }

  /**
   * What calls are signed with.
   *
   * @param keys null for the SDK's default chain
   */
  public static AwsCredentialsProvider credentials(@Nullable Keys keys) {
    if (keys == null) {
      return DefaultCredentials.of(DefaultCredentialsProvider.builder().build());
    }
    AwsCredentials given =
        keys.sessionToken() == null
            ? AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())
            : AwsSessionCredentials.create(
                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    return StaticCredentialsProvider.create(given);
  }

  /**
   * A client of S3 that makes each call once; as {@link #sqs}.
   *
   * @param longestCall bounds a call with the transfer of its object: think of 64 MiB
   */
  public static S3Client s3(String region, @Nullable Keys keys, Duration longestCall) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(region))
            .crossRegionAccessEnabled(true) // else a bucket of another region answers 301
            .credentialsProvider(credentials(keys))
            .httpClientBuilder(http(longestCall))
            .overrideConfiguration(config -> once(config, longestCall));
    S3Client usual = builder.build();
    if (usual.serviceClientConfiguration().endpointOverride().isEmpty()) {
      return usual;
    }
    usual.close(); // a server of one's own seldom has a host name for each bucket
    return builder.forcePathStyle(true).build();
  }
}
