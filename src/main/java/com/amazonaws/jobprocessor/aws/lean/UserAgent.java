package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.internal.useragent.AppIdResolver;
import software.amazon.awssdk.core.internal.useragent.SdkClientUserAgentProperties;
import software.amazon.awssdk.core.internal.useragent.SdkUserAgentBuilder;
import software.amazon.awssdk.core.util.SystemUserAgent;
import software.amazon.awssdk.services.sqs.internal.ServiceVersionInfo;

/**
 * The header that says who calls, as the SDK's client has it: AWS counts by it who uses which
 * version and feature, and a user finds the worker by it in CloudTrail.
 */
final class UserAgent {
  /** SDK features: the standard retry mode, and an endpoint that is not AWS's own. */
  private static final String STANDARD_RETRIES = "E";

  private static final String ENDPOINT_OVERRIDE = ",N";

  private final String before;
  private final ConcurrentHashMap<String, String> byCredentials = new ConcurrentHashMap<>();

  UserAgent(boolean hasEndpointOverride) {
    var client = new SdkClientUserAgentProperties();
    client.putProperty("io", "sync");
    client.putProperty("http", "Apache5");
    client.putProperty("api", "SQS#" + ServiceVersionInfo.VERSION);
    AppIdResolver.create().resolve().ifPresent(id -> client.putProperty("app", id));
    before =
        SdkUserAgentBuilder.buildClientUserAgentString(SystemUserAgent.getOrCreate(), client)
            + " m/"
            + STANDARD_RETRIES
            + (hasEndpointOverride ? ENDPOINT_OVERRIDE : "");
  }

  /**
   * The header's value.
   *
   * @param credentials the feature by which the credentials were found, as they say themselves
   */
  String with(Optional<String> credentials) {
    return byCredentials.computeIfAbsent(
        credentials.orElse(""),
        feature -> before + (feature.isEmpty() ? "" : "," + feature) + " " + AwsAccess.USER_AGENT);
  }
}
