package com.amazonaws.jobprocessor.aws.lean;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.awscore.endpoint.DualstackEnabledProvider;
import software.amazon.awssdk.awscore.endpoint.FipsEnabledProvider;
import software.amazon.awssdk.awscore.endpoints.AwsEndpointAttribute;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.endpoints.SqsEndpointProvider;
import software.amazon.awssdk.utils.Lazy;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Where SQS is, by the same sources in the same order as the SDK's client: system properties,
 * environment, profile, and the rules of SQS's endpoints.
 *
 * @param override what a property, a variable or a profile says, if one does
 * @param url where calls go, with its path
 */
record Endpoint(Optional<URI> override, URI url, String region) {
  /**
   * Looks it up; makes no call.
   *
   * @return empty if the rules have no endpoint for the settings, or one with rules of its own for
   *     signatures or headers
   * @throws RuntimeException as the SDK's client does if a setting has no value that can be used
   */
  static Optional<Endpoint> of(String region) {
    Lazy<ProfileFile> profiles = new Lazy<>(ProfileFile::defaultProfileFile);
    String profile = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    URI override = override(profiles::getValue, profile);
    // Has no effect, since nothing is made again; but a mode that is none refuses the start.
    RetryMode.resolver().profileFile(profiles::getValue).profileName(profile).resolve();
    boolean fips =
        FipsEnabledProvider.builder()
            .profileFile(profiles::getValue)
            .profileName(profile)
            .build()
            .isFipsEnabled()
            .orElse(false);
    boolean dualStack =
        DualstackEnabledProvider.builder()
            .profileFile(profiles::getValue)
            .profileName(profile)
            .build()
            .isDualstackEnabled()
            .orElse(false);
    return resolve(region, override, fips, dualStack)
        .map(url -> new Endpoint(Optional.ofNullable(override), url, region));
  }

  private static @Nullable URI override(Supplier<ProfileFile> profiles, String profile) {
    try {
      return AwsClientEndpointProvider.builder()
          .serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_SQS")
          .serviceEndpointOverrideSystemProperty("aws.endpointUrlSqs")
          .serviceProfileProperty("sqs")
          .profileFile(profiles)
          .profileName(profile)
          .build()
          .clientEndpoint();
    } catch (SdkClientException e) {
      if (e.getCause() instanceof URISyntaxException) {
        throw e;
      }
      return null; // the provider's way to say that there is none
    }
  }

  private static Optional<URI> resolve(
      String region, @Nullable URI override, boolean fips, boolean dualStack) {
    software.amazon.awssdk.endpoints.Endpoint endpoint;
    try {
      endpoint =
          SqsEndpointProvider.defaultProvider()
              .resolveEndpoint(
                  params ->
                      params
                          .region(Region.of(region))
                          .useFips(fips)
                          .useDualStack(dualStack)
                          .endpoint(override == null ? null : override.toString()))
              .join();
    } catch (CompletionException | SdkClientException e) {
      return Optional.empty();
    }
    if (endpoint.attribute(AwsEndpointAttribute.AUTH_SCHEMES) != null
        || (endpoint.headers() != null && !endpoint.headers().isEmpty())) {
      return Optional.empty();
    }
    URI url = endpoint.url();
    return isPlain(url)
        ? Optional.of(url.resolve(SdkHttpUtils.appendUri(url.getRawPath(), "/")))
        : Optional.empty();
  }

  /** A path that begins with two slashes would be taken for a host. */
  private static boolean isPlain(URI url) {
    return url.getHost() != null
        && url.getRawUserInfo() == null
        && url.getRawQuery() == null
        && !url.getRawPath().startsWith("//");
  }
}
