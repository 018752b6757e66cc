package com.amazonaws.jobprocessor.status.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadParserTest {
  private static RequestHead parse(String head) throws RequestRefused {
    byte[] bytes = head.getBytes(ISO_8859_1);
    return HeadParser.parse(bytes, bytes.length);
  }

  private static RequestHead get(String target) throws RequestRefused {
    return parse("GET " + target + " HTTP/1.1\r\nHost: localhost");
  }

  @Test
  void a_head_is_taken_apart() throws Exception {
    RequestHead head =
        parse("POST /act?a=%26 HTTP/1.1\r\nHOST: localhost\r\nX-y:\t 1 \r\nx-Y:2\r\nEmpty:");

    assertEquals("POST", head.method());
    assertEquals("/act", head.path());
    assertEquals("a=%26", head.query());
    assertEquals("localhost", head.first("host"));
    assertEquals(List.of("1", "2"), head.values("x-y"));
    assertEquals(List.of(""), head.values("empty"));
    assertEquals("", head.first("none"));
  }

  @Test
  void paths_are_decoded_and_never_taken_for_a_host() throws Exception {
    assertEquals("/a b", get("/a%20b").path());
    assertEquals("/", get("http://localhost:8090/").path());
    assertTrue(get("//evil.example/").path().contains("evil.example"));
    assertNull(get("/").query());
  }

  @Test
  void a_host_in_the_address_counts_and_not_the_header() throws Exception {
    assertEquals(List.of("evil.example:80"), get("http://evil.example:80/").values("host"));
    assertEquals("evil.example", parse("GET http://evil.example/ HTTP/1.0").first("host"));
    assertEquals(
        List.of("a", "b"),
        parse("GET http://evil.example/ HTTP/1.1\r\nHost: a\r\nHost: b").values("host"));
  }

  @Test
  void lines_may_end_as_those_of_old_clients_do() throws Exception {
    assertEquals(List.of("localhost"), parse("GET / HTTP/1.1\nHost: localhost").values("host"));
  }

  @Test
  void only_the_first_version_needs_no_host() throws Exception {
    assertFalse(parse("GET / HTTP/1.0").headers().containsKey("host"));
    assertEquals(400, refused("GET / HTTP/1.1"));
  }

  private static int refused(String head) {
    return assertThrows(RequestRefused.class, () -> parse(head)).status();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          GET /,                        400
          GET  / HTTP/1.1,              400
          GET / HTTP/1.1 x,             400
          G(T / HTTP/1.1,               400
          GET /% HTTP/1.1,              400
          GET mailto:x HTTP/1.1,        400
          GET / http/1.1,               505
          GET / HTTP/2.0,               505
          PRI * HTTP/2.0,               505
          '',                           400
          """)
  void what_is_no_request_line_is_refused(String line, int status) {
    assertEquals(status, refused(line + "\r\nHost: localhost"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          no colon
          X : blank before the colon
          ' folded: as in old mails'
          (X): no name
          : none
          """)
  void what_is_no_header_is_refused(String line) {
    assertEquals(400, refused("GET / HTTP/1.1\r\nHost: localhost\r\n" + line));
    assertEquals(400, refused("GET / HTTP/1.1\r\n" + line + "\r\nHost: localhost"));
  }

  @Test
  void control_characters_and_too_many_headers_are_refused() {
    assertEquals(400, refused("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b"));
    assertEquals(400, refused("GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb"));
    assertEquals(431, refused("GET / HTTP/1.1\r\nHost: localhost" + "\r\nX: y".repeat(64)));
  }

  @Test
  void secrets_are_not_in_its_text() throws Exception {
    RequestHead head =
        parse("GET /a?token=hunter2 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hunter2");

    assertEquals("GET /a", head.toString());
  }
}
