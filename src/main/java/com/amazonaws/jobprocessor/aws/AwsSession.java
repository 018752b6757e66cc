package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.Payloads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The ports of a program that works for a while and ends, such as a command: each service's client
 * is made when it is first needed, with the credentials of the SDK's default chain.
 */
public final class AwsSession implements AutoCloseable {
  /** The longest that one call may take. */
  public static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  /** The longest that the transfer of 64 MiB may take. */
  private static final Duration LONGEST_TRANSFER = Duration.ofMinutes(5);

  /** Makes the calls of SQS that come often. */
  public interface Transports {
    /**
     * The transport of a region; makes no call.
     *
     * @return empty if the SDK's own client is to make the calls
     * @throws InvalidEnvironment if a variable or a file has a value that cannot be used
     */
    Optional<SqsTransport> of(String region) throws InvalidEnvironment;
  }

  private final String region;
  private final Transports transports;
  private final SqsCalls calls = new SqsCalls();
  private @Nullable SqsTransport transport;
  private @Nullable SqsClient sqs;
  private @Nullable DynamoDbClient dynamo;
  private @Nullable S3Client s3;

  /** A session in a region, all of whose calls the SDK's own clients make. */
  public AwsSession(String region) {
    this(region, any -> Optional.empty());
  }

  /**
   * A session in a region.
   *
   * @param transports for sending, receiving and looking at queues
   */
  public AwsSession(String region, Transports transports) {
    this.region = region;
    this.transports = transports;
  }

  /** The region by environment, system property or profile, else the instance's own. */
  public static Optional<String> usualRegion() throws InvalidEnvironment {
    return InvalidEnvironment.check(
        () -> {
          try {
            return Optional.of(new DefaultAwsRegionProviderChain().getRegion().id());
          } catch (SdkClientException e) {
            if (InvalidEnvironment.unreadableProfiles().isPresent()) {
              throw e; // the file may know, and check() says what is wrong with it
            }
            return Optional.empty(); // the chain's way to say that nobody knows
          }
        });
  }

  /** The region of all that the session reaches. */
  public String region() {
    return region;
  }

  /** Finds, makes and counts queues. */
  public SqsQueues queues() throws InvalidEnvironment {
    return new SqsQueues(transport(), this::rareCalls, calls);
  }

  /** A queue to receive from. */
  public Backlog backlog(SqsQueue queue) throws InvalidEnvironment {
    return new SqsBacklog(transport(), calls, queue, LONGEST_CALL, System::nanoTime);
  }

  /** A queue to send to. */
  public OutputQueue output(SqsQueue queue) throws InvalidEnvironment {
    return new SqsOutputQueue(transport(), calls, queue, LONGEST_CALL);
  }

  /** The payloads in a bucket. */
  public synchronized Payloads payloads(String bucket) throws InvalidEnvironment {
    if (s3 == null) {
      s3 = InvalidEnvironment.check(() -> AwsAccess.s3(region, null, LONGEST_TRANSFER));
      InvalidEnvironment.checkEndpoint(s3.serviceClientConfiguration().endpointOverride(), "S3");
    }
    return new S3Payloads(s3, calls, bucket);
  }

  /** The records of a queue's jobs in a job table. */
  public JobTableReader jobTable(String table, String queue) throws InvalidEnvironment {
    return new JobTableReader(dynamo(), calls, table, queue);
  }

  /** The records of jobs on their way into a queue. */
  public QueuedJobs queuedJobs(String table, String queue) throws InvalidEnvironment {
    return new QueuedJobs(dynamo(), calls, table, queue, InstantSource.system());
  }

  /** Cancels a queue's jobs in a job table. */
  public JobCancels jobCancels(String table, String queue, InstantSource wallClock)
      throws InvalidEnvironment {
    return new JobCancels(dynamo(), calls, table, queue, wallClock);
  }

  private synchronized DynamoDbClient dynamo() throws InvalidEnvironment {
    if (dynamo == null) {
      dynamo = InvalidEnvironment.check(() -> AwsAccess.dynamo(region, null, LONGEST_CALL));
      InvalidEnvironment.checkEndpoint(
          dynamo.serviceClientConfiguration().endpointOverride(), "DYNAMODB");
    }
    return dynamo;
  }

  private synchronized SqsTransport transport() throws InvalidEnvironment {
    if (transport == null) {
      Optional<SqsTransport> other = transports.of(region);
      transport = other.isPresent() ? other.get() : new SdkTransport(sqs());
    }
    return transport;
  }

  /** What the SDK's client would refuse, the transport has refused before. */
  private SqsClient rareCalls() {
    try {
      return sqs();
    } catch (InvalidEnvironment e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized SqsClient sqs() throws InvalidEnvironment {
    if (sqs == null) {
      sqs = InvalidEnvironment.check(() -> AwsAccess.sqs(region, null, LONGEST_CALL));
      InvalidEnvironment.checkEndpoint(sqs.serviceClientConfiguration().endpointOverride(), "SQS");
    }
    return sqs;
  }

  @Override
  public synchronized void close() {
    if (transport != null) {
      transport.close();
    }
    if (sqs != null && !(transport instanceof SdkTransport)) {
      sqs.close();
    }
    if (dynamo != null) {
      dynamo.close();
    }
    if (s3 != null) {
      s3.close();
    }
  }
}
