package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.message.Printable;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * Makes the calls without the SDK's own client where that comes to the same: not through a proxy,
 * and not where a setting of the SDK asks for something that only its client knows.
 */
public final class LeanSqs {
  /** Chooses the client: {@code lean}, or {@code sdk} for the SDK's own in any case. */
  public static final String VARIABLE = "JOB_PROCESSOR_SQS_CLIENT";

  private static final String SDK = "sdk";
  private static final List<String> CLIENTS = List.of("lean", SDK);
  private static final List<String> PROXY_VARIABLES =
      List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY");
  private static final List<String> PROXY_PROPERTIES = List.of("https.proxyHost", "http.proxyHost");

  private LeanSqs() {}

  /**
   * Makes no call.
   *
   * @param keys null for the SDK's default chain
   * @return empty if the SDK's client is to make the calls; the log says why unless the variable
   *     asks for it
   * @throws InvalidEnvironment if a variable or a file has a value that cannot be used
   */
  public static Optional<SqsTransport> transport(
      String region, AwsAccess.@Nullable Keys keys, Map<String, String> environment)
      throws InvalidEnvironment {
    String client = environment.getOrDefault(VARIABLE, "");
    if (!client.isEmpty() && !CLIENTS.contains(client)) {
      String message =
          VARIABLE
              + "=\""
              + Printable.cutMiddle(client, 100)
              + "\" is no client of SQS; allowed are lean and sdk";
      throw new InvalidEnvironment(message, new IllegalArgumentException(message));
    }
    if (client.equals(SDK)) {
      return Optional.empty();
    }
    Optional<String> reason = InvalidEnvironment.check(() -> onlySdk(region, environment));
    Optional<Endpoint> endpoint =
        reason.isPresent() ? Optional.empty() : InvalidEnvironment.check(() -> Endpoint.of(region));
    if (endpoint.isEmpty()) {
      log()
          .atInfo()
          .addKeyValue("reason", reason.orElse("an endpoint with rules of its own"))
          .log("SQS is called by the AWS SDK's own client");
      return Optional.empty();
    }
    InvalidEnvironment.checkEndpoint(endpoint.get().override(), "SQS");
    return Optional.of(
        new LeanTransport(AwsAccess.credentials(keys), endpoint.get(), Clock.systemUTC()));
  }

  /** Makes a request that nobody sends: what the first call needs is loaded then. */
  public static void warmUp() {
    AwsAccess.Keys keys = new AwsAccess.Keys("none", "none", null);
    URI nowhere = URI.create("https://localhost/");
    Endpoint endpoint = new Endpoint(Optional.empty(), nowhere, "us-east-1");
    new Signing(AwsAccess.credentials(keys), endpoint, Clock.systemUTC())
        .headers("GetQueueUrl", RequestJson.queueUrl("none"));
  }

  /** What is set that only the SDK's client knows. */
  private static Optional<String> onlySdk(String region, Map<String, String> environment) {
    if (hasProxy(environment)) {
      return Optional.of("a proxy");
    }
    if (region.contains("fips")) {
      return Optional.of("a region with fips in its name");
    }
    return SdkSystemSetting.AWS_DEFAULTS_MODE.getStringValue().isPresent()
            || profileHas(ProfileProperty.DEFAULTS_MODE)
        ? Optional.of("a defaults mode")
        : Optional.empty();
  }

  private static boolean hasProxy(Map<String, String> environment) {
    return Stream.concat(
            PROXY_VARIABLES.stream().map(environment::get),
            PROXY_PROPERTIES.stream().map(System::getProperty))
        .filter(Objects::nonNull)
        .anyMatch(proxy -> !proxy.isEmpty());
  }

  private static boolean profileHas(String property) {
    return ProfileFile.defaultProfileFile()
        .profile(ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow())
        .flatMap(profile -> profile.property(property))
        .isPresent();
  }

  /** Made only when needed: a start that goes well logs nothing here, and calls SQS sooner. */
  private static Logger log() {
    return LoggerFactory.getLogger(LeanSqs.class);
  }
}
