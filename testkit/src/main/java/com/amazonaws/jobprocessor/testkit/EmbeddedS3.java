package com.amazonaws.jobprocessor.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An S3 (S3Proxy, objects in memory) inside this process, on loopback and a free port, with a
 * {@link FaultyProxy} before it.
 *
 * <p>For the proxy S3's actions are HTTP's methods; a copy is a {@code PUT}.
 */
public final class EmbeddedS3 implements AutoCloseable {
  private final S3Proxy server;
  private final FaultyProxy proxy;
  private final S3Client client;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedS3(S3Proxy server) {
    this.server = server;
    URI raw = URI.create("http://127.0.0.1:" + server.getPort());
    this.proxy = FaultyProxy.before(raw);
    this.client = clientFor(raw);
  }

  /** Starts one; its port is bound when this returns. */
  public static EmbeddedS3 start() {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(BlobStores.create("transient", new Properties()))
            .awsAuthentication(AuthenticationType.NONE, "", "")
            .endpoint(URI.create("http://127.0.0.1:0"))
            .stopTimeout(0)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new EmbeddedS3(server);
  }

  /** A client for any endpoint: dummy credentials, us-east-1, never retries. */
  public static S3Client clientFor(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(Duration.ofSeconds(60)))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Where those under test send their calls: to the proxy. */
  public URI endpoint() {
    return proxy.endpoint();
  }

  /** The proxy before it, closed together with it. */
  public FaultyProxy proxy() {
    return proxy;
  }

  /** A client for the test itself, past the proxy, closed together with this. */
  public S3Client client() {
    return client;
  }

  public void createBucket(String name) {
    client.createBucket(r -> r.bucket(name));
  }

  public void put(String bucket, String key, byte[] content) {
    client.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  public byte[] get(String bucket, String key) {
    return client.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asByteArray();
  }

  /** The keys of a bucket, a thousand at most. */
  public List<String> keys(String bucket) {
    return client.listObjectsV2(r -> r.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      client.close();
      proxy.close();
      try {
        server.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
