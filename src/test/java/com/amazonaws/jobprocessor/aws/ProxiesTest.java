package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.junit.jupiter.api.Test;

/** Which proxy a call goes through. */
class ProxiesTest {
  private static final String SQS = "https://sqs.us-east-1.amazonaws.com";
  private static final String EMULATOR = "http://emulator.example:9324";
  private static final String PROXY = "http://proxy.example:3128";
  private static final String OTHER = "http://other.example:8080";

  private static String route(String to, Map<String, String> set) throws Exception {
    return route(to, set, Map.of());
  }

  private static String route(String to, Map<String, String> set, Map<String, String> properties)
      throws HttpException, URISyntaxException {
    HttpRoute route =
        new Proxies(set, properties::get)
            .determineRoute(HttpHost.create(to), HttpCoreContext.create());
    HttpHost proxy = route.getProxyHost();
    return proxy == null ? "" : proxy.toURI();
  }

  @Test
  void each_of_the_four_variables_names_the_proxy_of_calls_by_https() throws Exception {
    for (String name : List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY")) {
      assertEquals(PROXY, route(SQS, Map.of(name, PROXY)), name);
      assertEquals("", route(SQS, Map.of(name, "")), name);
    }
    assertEquals("", route(SQS, Map.of()));
  }

  @Test
  void calls_by_http_go_through_the_proxy_of_http_only() throws Exception {
    assertEquals("", route(EMULATOR, Map.of("https_proxy", PROXY)));
    assertEquals(PROXY, route(EMULATOR, Map.of("http_proxy", PROXY)));
  }

  @Test
  void the_proxy_of_https_comes_before_that_of_http_and_small_letters_before_capitals()
      throws Exception {
    assertEquals(PROXY, route(SQS, Map.of("HTTPS_PROXY", PROXY, "http_proxy", OTHER)));
    assertEquals(PROXY, route(SQS, Map.of("HTTPS_PROXY", OTHER, "https_proxy", PROXY)));
    assertEquals(PROXY, route(SQS, Map.of("HTTPS_PROXY", PROXY, "https_proxy", "")));
  }

  @Test
  void the_properties_of_the_jvm_come_before_the_variables() throws Exception {
    Map<String, String> https =
        Map.of("https.proxyHost", "proxy.example", "https.proxyPort", "3128");
    assertEquals(PROXY, route(SQS, Map.of("https_proxy", OTHER), https));
    assertEquals("", route(EMULATOR, Map.of(), https));
    assertEquals(
        "http://proxy.example:443",
        route(SQS, Map.of(), Map.of("https.proxyHost", "proxy.example")));
    assertEquals(
        "http://proxy.example:80", route(SQS, Map.of(), Map.of("http.proxyHost", "proxy.example")));
  }

  @Test
  void no_proxy_names_hosts_with_all_below_them() throws Exception {
    for (String none :
        List.of(
            "*",
            "amazonaws.com",
            ".amazonaws.com",
            "*.amazonaws.com",
            "localhost, SQS.us-east-1.amazonaws.com")) {
      assertEquals("", route(SQS, Map.of("https_proxy", PROXY, "no_proxy", none)), none);
      assertEquals("", route(SQS, Map.of("http_proxy", PROXY, "NO_PROXY", none)), none);
    }
    for (String other : List.of("", ",", "localhost", "aws.com", "x.sqs.us-east-1.amazonaws.com")) {
      assertEquals(PROXY, route(SQS, Map.of("https_proxy", PROXY, "no_proxy", other)), other);
    }
  }

  @Test
  void the_property_names_hosts_with_stars() throws Exception {
    for (String none : List.of("sqs.us-east-1.amazonaws.com", "localhost|*.amazonaws.com", "*")) {
      assertEquals(
          "",
          route(SQS, Map.of(), Map.of("https.proxyHost", "proxy", "http.nonProxyHosts", none)),
          none);
    }
    assertEquals(
        "http://proxy:443",
        route(
            SQS,
            Map.of(),
            Map.of("https.proxyHost", "proxy", "http.nonProxyHosts", "amazonaws.com")));
  }

  @Test
  void what_is_no_url_is_not_passed_over_and_shows_no_password() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> route(SQS, Map.of("https_proxy", "user:hunter2@proxy:3128")));
    assertEquals(
        "https_proxy=\"****@proxy:3128\" is no URL such as http://proxy.example:3128",
        refused.getMessage());
  }
}
