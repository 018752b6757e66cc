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

  /** As docs/operate.md says. */
  @Test
  void no_proxy_knows_neither_ports_nor_blocks_of_addresses() throws Exception {
    for (String other : List.of("sqs.us-east-1.amazonaws.com:443", "amazonaws.com:*")) {
      assertEquals(PROXY, route(SQS, Map.of("https_proxy", PROXY, "no_proxy", other)), other);
    }
    String address = "http://10.1.2.3:9324";
    for (String other : List.of("10.0.0.0/8", "10.1.2.3:9324", "10.1.2", "10.")) {
      assertEquals(PROXY, route(address, Map.of("http_proxy", PROXY, "no_proxy", other)), other);
    }
    for (String none : List.of("10.1.2.3", "10.1.*", "169.254.169.254 10.1.2.3|localhost")) {
      assertEquals("", route(address, Map.of("http_proxy", PROXY, "no_proxy", none)), none);
    }
  }

  @Test
  void a_proxy_that_wants_tls_has_the_port_of_https_unless_its_url_has_another() throws Exception {
    assertEquals(
        "https://proxy.example", route(SQS, Map.of("https_proxy", "HTTPS://proxy.example/")));
    assertEquals(
        "https://proxy.example:8443",
        route(SQS, Map.of("https_proxy", "https://user@proxy.example:8443")));
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

  @Test
  void a_port_that_is_none_is_refused_with_its_property() {
    for (String port : List.of("x", "70000", "-1", "3128 ")) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  route(
                      SQS, Map.of(), Map.of("https.proxyHost", "proxy", "https.proxyPort", port)));
      assertEquals(
          "https.proxyPort=\"" + port + "\" is no port; it has to be 0 to 65535",
          refused.getMessage());
    }
  }
}
