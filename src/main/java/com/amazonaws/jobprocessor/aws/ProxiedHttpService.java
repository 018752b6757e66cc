package com.amazonaws.jobprocessor.aws;

import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** HTTP for the clients that the SDK makes for itself; see {@link AwsAccess#callByProxies}. */
public final class ProxiedHttpService implements SdkHttpService {
  /** For the SDK. */
  public ProxiedHttpService() {}

  @Override
  public SdkHttpClient.Builder<?> createHttpClientBuilder() {
    return new Proxies(System.getenv(), System::getProperty)
        .client(Apache5HttpClient.builder().tlsSocketStrategy(Tls.WHEN_NEEDED));
  }
}
