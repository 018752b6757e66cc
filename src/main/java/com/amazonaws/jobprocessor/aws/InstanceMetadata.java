package com.amazonaws.jobprocessor.aws;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.imds.Ec2MetadataClient;
import software.amazon.awssdk.imds.Ec2MetadataClientException;
import software.amazon.awssdk.imds.Ec2MetadataRetryPolicy;

/** The instance's own data, by IMDSv2 (a token first, then the read; one network hop is enough). */
public final class InstanceMetadata implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int TOKEN_REFUSED = 401;

  private final @Nullable URI endpoint;
  private final SdkHttpClient http;
  private Ec2MetadataClient client;

  /**
   * The service at the given address.
   *
   * @param endpoint null for the usual link-local one
   */
  public InstanceMetadata(@Nullable URI endpoint) {
    this(endpoint, PATIENCE);
  }

  /**
   * The service at the given address.
   *
   * @param endpoint null for the usual link-local one
   * @param patience the longest that an answer may take
   */
  public InstanceMetadata(@Nullable URI endpoint, Duration patience) {
    this.endpoint = endpoint;
    http =
        Apache5HttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(2))
            .socketTimeout(patience)
            .tlsSocketStrategy(Tls.WHEN_NEEDED)
            .proxyConfiguration(Proxies.NONE) // the service is on the link itself
            .build();
    client = client();
  }

  private Ec2MetadataClient client() {
    Ec2MetadataClient.Builder builder =
        Ec2MetadataClient.builder().httpClient(http).retryPolicy(Ec2MetadataRetryPolicy.none());
    return endpoint == null ? builder.build() : builder.endpoint(endpoint).build();
  }

  /**
   * Reads one value.
   *
   * @param path e.g. {@code /latest/user-data}
   * @return empty if the service says that there is none (404)
   * @throws Unavailable if the service does not answer, or with another error; trying again may
   *     help
   */
  public synchronized Optional<String> read(String path) throws Unavailable {
    try {
      return readOnce(path);
    } catch (Ec2MetadataClientException e) {
      if (e.statusCode() != TOKEN_REFUSED) {
        throw new Unavailable(e);
      }
    }
    // The client keeps its token for six hours, whatever the service says to it: a service that was
    // restarted, or a machine whose clock was set, knows it no more. A new client asks for another.
    client = client();
    try {
      return readOnce(path);
    } catch (Ec2MetadataClientException e) {
      throw new Unavailable(e);
    }
  }

  private Optional<String> readOnce(String path) throws Unavailable {
    try {
      return Optional.of(client.get(path).asString());
    } catch (Ec2MetadataClientException e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw e;
    } catch (RuntimeException e) { // the SDK's own, and what comes of an answer without a body
      throw new Unavailable(e);
    }
  }

  @Override
  public synchronized void close() {
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
