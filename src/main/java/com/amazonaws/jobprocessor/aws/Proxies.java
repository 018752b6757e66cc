package com.amazonaws.jobprocessor.aws;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.CredentialsProviderBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * Sends calls through the proxy that the JVM's properties or the environment name: for {@code
 * https} that of {@code https_proxy}, or else that of {@code http_proxy}, which the SDK uses for
 * all. The SDK's own client never asks for {@code https_proxy}, whatever it calls.
 */
final class Proxies extends DefaultRoutePlanner {
  /** None, whatever the environment says: the SDK asks it by default. */
  static final ProxyConfiguration NONE =
      ProxyConfiguration.builder()
          .useSystemPropertyValues(false)
          .useEnvironmentVariableValues(false)
          .build();

  private static final String HTTP = "http";
  private static final String HTTPS = "https";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** What is called without the proxy, as one of the two ways to say so has it. */
  private interface Exceptions {
    boolean has(String host);
  }

  /**
   * One that is named.
   *
   * @param userInfo {@code USER:PASSWORD}, percent-encoded; null without
   */
  private record Proxy(HttpHost address, @Nullable String userInfo, Exceptions exceptions) {}

  /** The latest call of a thread through a proxy, of which the context comes to know more. */
  private record Call(Proxy proxy, HttpHost target, HttpContext context) {}

  private static final ThreadLocal<Call> CALL = new ThreadLocal<>();
  private final Map<String, String> environment;
  private final Function<String, @Nullable String> properties;
  private final Optional<Proxy> ofHttp;
  private final Optional<Proxy> ofHttps;

  /**
   * What is set now.
   *
   * @throws IllegalArgumentException if a variable has a value that is no URL; see {@link
   *     ProxyVariables}
   */
  Proxies(Map<String, String> environment, Function<String, @Nullable String> properties) {
    super(null);
    this.environment = environment;
    this.properties = properties;
    this.ofHttp = ofProperty(HTTP, HTTP_PORT).or(() -> ofVariable("http_proxy"));
    this.ofHttps =
        ofProperty(HTTPS, HTTPS_PORT).or(() -> ofVariable("https_proxy")).or(() -> ofHttp);
  }

  /** The client that calls through the proxies, if there are any. */
  SdkHttpClient.Builder<?> client(Apache5HttpClient.Builder client) {
    client.proxyConfiguration(NONE);
    if (ofHttps.isEmpty()) {
      return client;
    }
    credentials().ifPresent(client::credentialsProvider);
    return new ProxiedHttp.Builder(client.httpRoutePlanner(this));
  }

  @Override
  protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
    String host = target.getHostName().toLowerCase(Locale.ROOT);
    Optional<Proxy> meant =
        (isHttps(target) ? ofHttps : ofHttp).filter(proxy -> !proxy.exceptions().has(host));
    meant.ifPresentOrElse(proxy -> CALL.set(new Call(proxy, target, context)), CALL::remove);
    return meant.map(Proxy::address).orElse(null);
  }

  private static boolean isHttps(HttpHost target) {
    return HTTPS.equalsIgnoreCase(target.getSchemeName());
  }

  /**
   * Why a proxy has not passed on this thread's call, if the answer is the proxy's own: what comes
   * without TLS when the target speaks that. Of plain HTTP only one answer is certainly a proxy's.
   */
  static Optional<ProxyRefused> refusal(SdkHttpResponse answer) {
    Call made = CALL.get();
    if (made == null
        || (isHttps(made.target())
            ? Tls.isWith(made.target(), made.context())
            : answer.statusCode() != ProxyRefused.WANTS_LOGIN)) {
      return Optional.empty();
    }
    return Optional.of(
        new ProxyRefused(
            made.proxy().address().toURI(),
            made.target().toHostString(),
            answer,
            made.proxy().userInfo() != null));
  }

  /** Drops what is known of this thread's call. */
  static void forgetCall() {
    CALL.remove();
  }

  private Optional<CredentialsProvider> credentials() {
    CredentialsProviderBuilder credentials = CredentialsProviderBuilder.create();
    List<Proxy> withUser =
        Stream.concat(ofHttp.stream(), ofHttps.stream())
            .filter(proxy -> proxy.userInfo() != null)
            .toList();
    for (Proxy proxy : withUser) {
      String[] parts = String.valueOf(proxy.userInfo()).split(":", 2);
      String password = parts.length == 2 ? parts[1] : "";
      credentials.add(
          new AuthScope(proxy.address()),
          new UsernamePasswordCredentials(decoded(parts[0]), decoded(password).toCharArray()));
    }
    return withUser.isEmpty() ? Optional.empty() : Optional.of(credentials.build());
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private Optional<Proxy> ofProperty(String scheme, int usualPort) {
    String host = property(scheme + ".proxyHost");
    if (host.isEmpty()) {
      return Optional.empty();
    }
    HttpHost address = new HttpHost(HTTP, host, port(scheme + ".proxyPort", usualPort));
    List<Pattern> patterns =
        Stream.of(property("http.nonProxyHosts").split("\\|")).map(Proxies::pattern).toList();
    Exceptions exceptions =
        name -> patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    String user = property(scheme + ".proxyUser");
    String userInfo =
        user.isEmpty() ? null : encoded(user) + ":" + encoded(property(scheme + ".proxyPassword"));
    return Optional.of(new Proxy(address, userInfo, exceptions));
  }

  private int port(String name, int usual) {
    String port = property(name);
    if (port.isEmpty()) {
      return usual;
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > WebAddress.MAX_PORT) {
      throw new IllegalArgumentException(
          name + "=\"" + port + "\" is no port; it has to be 0 to " + WebAddress.MAX_PORT);
    }
    return Integer.parseInt(port);
  }

  private static String encoded(String text) {
    return text.replace("%", "%25").replace(":", "%3A");
  }

  /** With {@code *} for any characters. */
  private static Pattern pattern(String host) {
    return Pattern.compile(
        Stream.of(host.strip().toLowerCase(Locale.ROOT).split("\\*", -1))
            .map(Pattern::quote)
            .reduce((a, b) -> a + ".*" + b)
            .orElse(""));
  }

  private Optional<Proxy> ofVariable(String name) {
    String value = variable(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!WebAddress.isOne(value)) {
      throw new IllegalArgumentException(ProxyVariables.words(name, value));
    }
    URI uri = URI.create(value);
    HttpHost address =
        new HttpHost(uri.getScheme().toLowerCase(Locale.ROOT), uri.getHost(), uri.getPort());
    List<String> entries =
        Stream.of(variable("no_proxy").toLowerCase(Locale.ROOT).split("[,|\\s]+"))
            .filter(entry -> !entry.isEmpty())
            .toList();
    Exceptions exceptions = host -> entries.stream().anyMatch(entry -> isMeant(entry, host));
    return Optional.of(new Proxy(address, uri.getRawUserInfo(), exceptions));
  }

  /** A name stands for itself and for all names below it, as with the AWS CLI. */
  private static boolean isMeant(String entry, String host) {
    if (entry.contains("*")) {
      return pattern(entry).matcher(host).matches();
    }
    String name = entry.startsWith(".") ? entry.substring(1) : entry;
    return host.equals(name) || host.endsWith("." + name);
  }

  /** In small letters or in capitals. */
  private String variable(String name) {
    String small = environment.getOrDefault(name, "");
    return small.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : small;
  }

  private String property(String name) {
    String value = properties.apply(name);
    return value == null ? "" : value;
  }
}
