package com.amazonaws.jobprocessor.aws.fleet;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The SDK's clients of EC2 and Auto Scaling, each made when it is first needed: a worker whose box
 * is never taken loads neither. They make each call once. Safe for use by several threads.
 */
public final class FleetClients implements AutoCloseable {
  private static final Duration SHORT_CALL = Duration.ofSeconds(10);

  private final String region;
  private final AwsAccess.@Nullable Keys keys;
  private final Duration longestCall;
  private @Nullable Ec2Client ec2;
  private @Nullable AutoScalingClient autoScaling;

  /**
   * Clients for a region; makes none yet.
   *
   * @param keys null for the SDK's default chain
   */
  public FleetClients(String region, AwsAccess.@Nullable Keys keys) {
    this(region, keys, SHORT_CALL);
  }

  /**
   * Clients whose calls may take that long.
   *
   * @param keys null for the SDK's default chain
   */
  FleetClients(String region, AwsAccess.@Nullable Keys keys, Duration longestCall) {
    this.region = region;
    this.keys = keys;
    this.longestCall = longestCall;
  }

  /** The client of EC2. */
  public synchronized Ec2Client ec2() {
    if (ec2 == null) {
      ec2 = AwsAccess.client(Ec2Client.builder(), region, keys, longestCall);
    }
    return ec2;
  }

  /** The client of Auto Scaling. */
  public synchronized AutoScalingClient autoScaling() {
    if (autoScaling == null) {
      autoScaling = AwsAccess.client(AutoScalingClient.builder(), region, keys, longestCall);
    }
    return autoScaling;
  }

  @Override
  public synchronized void close() {
    if (ec2 != null) {
      ec2.close();
    }
    if (autoScaling != null) {
      autoScaling.close();
    }
  }
}
