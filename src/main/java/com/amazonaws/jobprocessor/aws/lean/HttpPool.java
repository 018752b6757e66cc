package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.Tls;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Connections to one server, with one request at a time on each. Nothing is sent twice, redirects
 * are not followed, and only the whole call has a time limit.
 */
final class HttpPool implements AutoCloseable {
  /** A connection that was idle for so long is checked before it is used. */
  private static final TimeValue LOOK_AFTER = TimeValue.ofSeconds(1);

  private static final TimeValue LONGEST_IDLE = TimeValue.of(AwsAccess.LONGEST_IDLE);

  /** More than any error of SQS has; what a gateway says is cut. */
  private static final int MAX_ERROR_BYTES = 1024 * 1024;

  private static final long CLEAN_EVERY = Duration.ofSeconds(10).toNanos();

  private final HttpHost host;
  private final String path;
  private final RequestConfig config;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final AtomicLong cleaned = new AtomicLong(System.nanoTime());

  /**
   * A pool without connections.
   *
   * @param longestCall how long a call may wait for a connection while all are in use
   */
  HttpPool(URI url, Duration longestCall) {
    host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
    path = url.getRawPath();
    config =
        RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.of(longestCall))
            .setExpectContinueEnabled(false)
            .build();
    connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(AwsAccess.CONNECTIONS)
            .setMaxConnPerRoute(AwsAccess.CONNECTIONS)
            .setTlsSocketStrategy(Tls.WHEN_NEEDED)
            .setDefaultSocketConfig(
                SocketConfig.custom().setSoTimeout(Timeout.DISABLED).setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(AwsAccess.LONGEST_CONNECT))
                    .setValidateAfterInactivity(LOOK_AFTER)
                    .build())
            .build();
    client = HttpClients.createMinimal(connections);
  }

  /** Reads an answer of success. */
  interface Reader<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Posts once, and reads the answer.
   *
   * @param reader is at the answer's first token, if there is one
   * @throws software.amazon.awssdk.awscore.exception.AwsServiceException if the answer is not one
   *     of success
   * @throws IOException if there is no answer, or not a whole one
   */
  <T> T post(Map<String, List<String>> headers, byte[] body, Reader<T> reader) throws IOException {
    cleanNowAndThen();
    HttpPost request = new HttpPost(path);
    request.setConfig(config);
    headers.forEach((name, values) -> values.forEach(value -> add(request, name, value)));
    request.setEntity(new ByteArrayEntity(body, null));
    try (ClassicHttpResponse response = client.executeOpen(host, request, null)) {
      Answer answer = new Answer(response);
      try {
        return answer.read(reader);
      } finally {
        if (!answer.isWhole()) {
          request.cancel(); // to close it would be to read it to its end, if it has one
        }
      }
    }
  }

  /** An answer, whose connection can be used again if it has been read to its end. */
  private static final class Answer {
    private final ClassicHttpResponse response;
    private final InputStream body;
    private boolean whole;

    Answer(ClassicHttpResponse response) throws IOException {
      this.response = response;
      HttpEntity entity = response.getEntity();
      this.body = entity == null ? InputStream.nullInputStream() : entity.getContent();
    }

    boolean isWhole() {
      return whole;
    }

    <T> T read(Reader<T> reader) throws IOException {
      if (response.getCode() < 200 || response.getCode() > 299) {
        byte[] said = body.readNBytes(MAX_ERROR_BYTES + 1);
        whole = said.length <= MAX_ERROR_BYTES;
        throw ErrorAnswer.of(head(response), said);
      }
      try (JsonParser json = Json.FACTORY.createParser(body)) {
        json.nextToken();
        T answer = reader.read(json);
        body.close(); // which reads what may follow
        whole = true;
        return answer;
      }
    }
  }

  /** The length is told by the entity. */
  private static void add(HttpPost request, String name, String value) {
    if (!name.equals("Content-Length")) {
      request.addHeader(name, value);
    }
  }

  private static SdkHttpResponse head(ClassicHttpResponse response) {
    SdkHttpResponse.Builder head =
        SdkHttpResponse.builder()
            .statusCode(response.getCode())
            .statusText(response.getReasonPhrase());
    for (Header header : response.getHeaders()) {
      head.appendHeader(header.getName(), header.getValue());
    }
    return head.build();
  }

  /** A connection that nobody uses, and that its server may have closed, would stay otherwise. */
  private void cleanNowAndThen() {
    long last = cleaned.get();
    long now = System.nanoTime();
    if (now - last > CLEAN_EVERY && cleaned.compareAndSet(last, now)) {
      connections.closeIdle(LONGEST_IDLE);
    }
  }

  /** Cuts what is under way. */
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
