package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.OwnTag;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;

/**
 * The tag of this instance, by metadata and one call of EC2's. The call is made by hand, by EC2's
 * query protocol: each box makes it at its start, for which the SDK's client, with thousands of
 * classes, would be loaded.
 */
public final class Ec2OwnTag implements OwnTag {
  /** EC2's user guide: "Access tags for your EC2 instances using instance metadata". */
  private static final String TAG = "/latest/meta-data/tags/instance/" + Boxes.TAG;

  private static final String VERSION = "2016-11-15";
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final Pattern CODE = Pattern.compile("<Code>([^<]{1,200})</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]{1,2000})</Message>");

  private final String region;
  private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
  private final InstanceMetadata metadata;
  private final String instanceId;
  private final @Nullable String endpoint;

  /**
   * Makes no call yet.
   *
   * @param credentials another client's, which has them: metadata is not asked for them again
   * @param environment may say where EC2 is
   */
  public Ec2OwnTag(
      String region,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials,
      InstanceMetadata metadata,
      String instanceId,
      Map<String, String> environment) {
    this.region = region;
    this.credentials = credentials;
    this.metadata = metadata;
    this.instanceId = instanceId;
    this.endpoint =
        environment.getOrDefault("AWS_ENDPOINT_URL_EC2", environment.get("AWS_ENDPOINT_URL"));
  }

  @Override
  public @Nullable String read() throws IOException {
    return metadata.read(TAG).orElse(null);
  }

  @Override
  public void set(String backlog) throws CallFailed, InterruptedException {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("Action", "CreateTags");
    parameters.put("Version", VERSION);
    parameters.put("ResourceId.1", instanceId);
    parameters.put("Tag.1.Key", Boxes.TAG);
    parameters.put("Tag.1.Value", backlog);
    post(parameters);
  }

  private void post(Map<String, String> parameters) throws CallFailed, InterruptedException {
    StringBuilder form = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            form.append(form.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
    Apache5HttpClient.Builder client =
        Apache5HttpClient.builder()
            .connectionTimeout(LONGEST_CALL)
            .socketTimeout(LONGEST_CALL)
            .tlsSocketStrategy(Tls.WHEN_NEEDED);
    try (SdkHttpClient http =
        new Proxies(System.getenv(), System::getProperty).client(client).build()) {
      check(http.prepareRequest(signed(form.toString())).call());
    } catch (IOException | RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      String message = String.valueOf(e.getMessage());
      boolean sent = Sending.mayHaveBegun(e);
      throw failed(e.getClass().getSimpleName(), message, CallFailed.Kind.UNKNOWN, sent, e);
    }
  }

  private HttpExecuteRequest signed(String form) {
    byte[] bytes = form.getBytes(UTF_8);
    ContentStreamProvider body = ContentStreamProvider.fromByteArray(bytes);
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(uri())
            .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .putHeader("Content-Length", Integer.toString(bytes.length))
            .build();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                sign ->
                    sign.identity(credentials.resolveIdentity().join())
                        .request(request)
                        .payload(body)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ec2")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    return HttpExecuteRequest.builder()
        .request(signed.request())
        .contentStreamProvider(signed.payload().orElse(body))
        .build();
  }

  private URI uri() {
    String host =
        endpoint == null || endpoint.isEmpty()
            ? "https://" + ServiceMetadata.of("ec2").endpointFor(Region.of(region))
            : endpoint;
    return URI.create(host.endsWith("/") ? host : host + "/");
  }

  private static void check(HttpExecuteResponse answer) throws IOException, CallFailed {
    String text = "";
    if (answer.responseBody().isPresent()) {
      try (InputStream in = answer.responseBody().get()) {
        text = new String(in.readNBytes(MAX_ANSWER_BYTES), UTF_8);
      }
    }
    int status = answer.httpResponse().statusCode();
    if (status / 100 != 2) {
      throw failed(
          found(CODE, text, "HTTP " + status),
          "HTTP " + status + ": " + found(MESSAGE, text, "no message"),
          status < 500 ? CallFailed.Kind.REJECTED : CallFailed.Kind.UNKNOWN,
          true,
          new IllegalStateException());
    }
  }

  private static String found(Pattern pattern, String text, String otherwise) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : otherwise;
  }

  private static CallFailed failed(
      String code, String message, CallFailed.Kind kind, boolean sent, Exception cause) {
    return new CallFailed(Service.EC2, code, message, kind, sent, cause);
  }
}
