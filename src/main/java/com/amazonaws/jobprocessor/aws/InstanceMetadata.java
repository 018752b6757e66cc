package com.amazonaws.jobprocessor.aws;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.imds.Ec2MetadataClient;
import software.amazon.awssdk.imds.Ec2MetadataClientException;
import software.amazon.awssdk.imds.Ec2MetadataRetryPolicy;

/** The instance's own data, by IMDSv2 (a token first, then the read; one network hop is enough). */
public final class InstanceMetadata implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** The service is on the link itself; the default takes the process's proxy. */
  private static final ProxyConfiguration NO_PROXY =
      ProxyConfiguration.builder()
          .useSystemPropertyValues(false)
          .useEnvironmentVariableValues(false)
          .build();

  private final SdkHttpClient http;
  private final Ec2MetadataClient client;

  /**
   * The service at the given address.
   *
   * @param endpoint null for the usual link-local one
   */
  public InstanceMetadata(@Nullable URI endpoint) {
    http =
        Apache5HttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(2))
            .socketTimeout(PATIENCE)
            .tlsSocketStrategy(Tls.WHEN_NEEDED)
            .proxyConfiguration(NO_PROXY)
            .build();
    Ec2MetadataClient.Builder builder =
        Ec2MetadataClient.builder().httpClient(http).retryPolicy(Ec2MetadataRetryPolicy.none());
    client = endpoint == null ? builder.build() : builder.endpoint(endpoint).build();
  }

  /**
   * Reads one value.
   *
   * @param path e.g. {@code /latest/user-data}
   * @return empty if the service says that there is none (404)
   * @throws Unavailable if the service does not answer, or with another error; trying again may
   *     help
   */
  public Optional<String> read(String path) throws Unavailable {
    try {
      return Optional.of(client.get(path).asString());
    } catch (Ec2MetadataClientException e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw new Unavailable(e);
    } catch (SdkClientException e) {
      throw new Unavailable(e);
    }
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }

  /** The service did not give a usable answer. */
  public static final class Unavailable extends IOException {
    private static final long serialVersionUID = 1L;

    Unavailable(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }
}
