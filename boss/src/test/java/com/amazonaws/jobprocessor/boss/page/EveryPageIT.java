package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all pages have in common. */
class EveryPageIT {
  @TempDir Path folder;
  private TestSite site;

  @BeforeEach
  void set_up() {
    site = new TestSite(folder);
  }

  @AfterEach
  void tear_down() {
    site.close();
  }

  @Test
  void a_stranger_is_asked_to_sign_in_and_led_back() throws Exception {
    Reply reply = site.get("", "/actions?after=7");
    assertEquals(303, reply.status());
    assertEquals("/login?to=%2Factions%3Fafter%3D7", reply.header("Location"));
    assertTrue(
        site.get("", reply.header("Location")).body().contains("value=\"/actions?after=7\""));
  }

  @Test
  void every_answer_keeps_others_out() throws Exception {
    String viewer = site.signedIn(Role.VIEWER);
    for (String path : List.of("/actions", "/login", "/nothing", "/join?link=x")) {
      Reply reply = site.get(viewer, path);
      String policy = reply.header("Content-Security-Policy");
      assertTrue(policy.contains("default-src 'none'"), path);
      assertTrue(policy.contains("frame-ancestors 'none'"), path);
      assertFalse(policy.contains("unsafe"), policy);
      assertEquals("no-store", reply.header("Cache-Control"), path);
      assertEquals("nosniff", reply.header("X-Content-Type-Options"), path);
      assertEquals("same-origin", reply.header("Referrer-Policy"), path);
    }
  }

  @Test
  void what_a_page_needs_is_fetched_once_and_from_here() throws Exception {
    String page = site.get(site.signedIn(Role.VIEWER), "/actions").body();
    List<MatchResult> files =
        Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"").matcher(page).results().toList();
    assertEquals(4, files.size(), page);
    for (MatchResult file : files) {
      Reply reply = site.get("", file.group(1));
      assertEquals(200, reply.status(), file.group(1));
      assertTrue(reply.header("Cache-Control").contains("immutable"));
    }
    assertFalse(page.contains("src=\"http"), page);
    assertFalse(page.contains("style="), page);
    assertEquals(404, site.get("", "/assets/boss-000000000000.css").status());
  }

  @Test
  void what_is_not_there_is_a_page_and_of_the_api_a_problem() throws Exception {
    String viewer = site.signedIn(Role.VIEWER);
    Reply page = site.get(viewer, "/nothing");
    assertEquals(404, page.status());
    assertTrue(page.body().contains("There is no such page."), page.body());
    assertTrue(page.body().contains("Sign out"), page.body());
    Reply api = site.get("", "/api/v1/nothing");
    assertEquals(404, api.status());
    assertEquals("application/problem+json", api.header("Content-Type"));
  }

  @Test
  void a_form_of_another_site_or_session_is_refused() throws Exception {
    String viewer = site.signedIn(Role.VIEWER);
    String key =
        new Session(viewer.substring(viewer.indexOf('=') + 1), 1, "v", Role.VIEWER).formKey();
    String form = "form_key=" + key;
    for (List<String> header :
        List.of(
            List.of("Origin", "http://evil.example"),
            List.of("Origin", "null"),
            List.of("Sec-Fetch-Site", "cross-site"),
            List.of("Sec-Fetch-Site", "same-site"))) {
      assertEquals(403, logout(viewer, form, header.toArray(String[]::new)), header.toString());
    }
    assertEquals(403, logout(viewer, ""));
    assertEquals(403, logout(viewer, "form_key=" + "0".repeat(64)));
    String other = site.signedIn(Role.VIEWER);
    assertEquals(403, logout(other, form));
    assertEquals(200, site.get(viewer, "/actions").status());
    assertEquals(
        303, logout(viewer, form, "Origin", site.url(""), "Sec-Fetch-Site", "same-origin"));
    assertEquals(303, site.get(viewer, "/actions").status());
  }

  private int logout(String cookie, String form, String... headers) throws Exception {
    return site.send(
            cookie,
            "POST",
            "/logout",
            "application/x-www-form-urlencoded",
            BodyPublishers.ofString(form),
            headers)
        .status();
  }

  /** Sends a form on a connection of its own, which the server may close before it has read all. */
  private String raw(String cookie, String path, String type, String body) throws IOException {
    String request =
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(path, site.port(), cookie, type, body.length(), body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void a_form_that_cannot_be_read_is_refused_in_a_sentence() throws Exception {
    String operator = site.signedIn(Role.OPERATOR);
    String part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
    for (List<String> sent :
        List.of(
            List.of("multipart/form-data; boundary=x", "--x\r\nContent-Disp"),
            List.of("multipart/form-data; boundary=x", "nothing like it"),
            List.of("multipart/form-data", part),
            List.of("application/x-www-form-urlencoded; charset=nonsense", "a=1"),
            List.of("application/x-www-form-urlencoded; charset=%%", "a=1"))) {
      for (String path : List.of("/login", "/logout", "/new/task", "/new/upload", "/hours")) {
        String answer = raw(operator, path, sent.getFirst(), sent.getLast());
        assertTrue(answer.startsWith("HTTP/1.1 400 "), path + " " + sent + " " + answer);
        assertTrue(answer.contains("The form cannot be read."), path + " " + sent + " " + answer);
      }
    }
  }

  @Test
  void names_are_text_and_do_not_turn_what_is_around_them() throws Exception {
    site.make("x");
    site.tasks.cancel("<script>alert(1)</script>\u202Egnp", site.make("y"));
    String page = site.get(site.signedIn(Role.VIEWER), "/actions").body();
    assertFalse(page.contains("<script>alert"), page);
    assertFalse(page.contains("\u202E"), page);
    assertTrue(page.contains("&lt;script>alert") || page.contains("&lt;script&gt;alert"), page);
    assertTrue(page.contains("[U+202e]"), page);
  }
}
