package com.amazonaws.jobprocessor.aws;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client of the SDK's that tells what a proxy answers from what the service behind it does:
 * to the SDK an answer is an answer, and that to {@code CONNECT} would be told as the service's.
 */
final class ProxiedHttp implements SdkHttpClient {
  private final SdkHttpClient client;

  private ProxiedHttp(SdkHttpClient client) {
    this.client = client;
  }

  /** Makes such a client of one that calls by {@link Proxies}. */
  record Builder(SdkHttpClient.Builder<?> client) implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return new ProxiedHttp(client.buildWithDefaults(defaults));
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return told(prepared);
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  private static HttpExecuteResponse told(ExecutableHttpRequest prepared) throws IOException {
    try {
      HttpExecuteResponse answer = prepared.call();
      Optional<ProxyRefused> refusal = Proxies.refusal(answer.httpResponse());
      if (refusal.isPresent()) {
        answer.responseBody().ifPresent(AbortableInputStream::abort);
        throw refusal.get();
      }
      return answer;
    } finally {
      Proxies.forgetCall();
    }
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String clientName() {
    return client.clientName();
  }
}
