package com.amazonaws.jobprocessor.boss.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.TableDump;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks all routes there are, so that none that comes is forgotten: who may not, changes nothing.
 */
class AccessWalkIT {
  /** What strangers may ask for: how one signs in. */
  private static final Set<String> OPEN =
      Set.of("GET /login", "POST /login", "GET /join", "POST /join");

  @TempDir Path folder;
  private TestSite site;
  private String viewer;
  private String operator;

  @BeforeEach
  void set_up() throws Exception {
    site = new TestSite(folder);
    viewer = site.signedIn(Role.VIEWER);
    operator = site.signedIn(Role.OPERATOR);
    // There is something to be changed behind each {id}.
    site.make("a");
    site.end("w", _ -> "E");
    site.make("b");
  }

  @AfterEach
  void tear_down() {
    site.close();
  }

  private static String path(Route route) {
    return route.path().replace("{id}", "1").replace("{run}", "1");
  }

  private static boolean isForm(Route route) {
    return route.method().equals(HandlerType.POST);
  }

  private List<Route> forms() {
    List<Route> forms =
        site.pages.routes().stream()
            .filter(AccessWalkIT::isForm)
            .filter(route -> route.role() != null)
            .toList();
    assertTrue(forms.size() >= 15, forms.toString());
    return forms;
  }

  private static String key(String cookie) {
    return new Session(cookie.substring(cookie.indexOf('=') + 1), 1, "v", Role.VIEWER).formKey();
  }

  private Reply post(String cookie, Route route, String key, String... headers) throws Exception {
    String form =
        "form_key=%s&role=viewer&name=x&count=1&bad=0&payload=p&priority=0&once=%s&zone=UTC&kind=cancel&reason=r&per_minute=1&dispatch_ahead=1"
            .formatted(key, "0".repeat(48));
    return site.send(
        cookie,
        "POST",
        path(route),
        "application/x-www-form-urlencoded",
        BodyPublishers.ofString(form),
        headers);
  }

  /** All that pages can change, whoever has been seen when. */
  private String everything() {
    return TableDump.of(site.database, Set.of("web_session"));
  }

  @Test
  void only_what_signs_in_is_open_to_strangers() throws Exception {
    Set<String> open = new TreeSet<>();
    String before = everything();
    for (Route route : site.pages.routes()) {
      String name = route.method().name() + " " + route.path();
      if (route.role() == null) {
        open.add(name);
        continue;
      }
      Reply reply = isForm(route) ? post("", route, "") : site.get("", path(route));
      boolean led = reply.status() == 303 && reply.header("Location").startsWith("/login?to=%2F");
      assertTrue(route.isStream() ? reply.status() == 401 : led, name + " " + reply.status());
    }
    assertEquals(new TreeSet<>(OPEN), open);
    assertEquals(before, everything());
  }

  @Test
  void a_viewer_changes_nothing_by_any_form() throws Exception {
    String before = everything();
    List<String> others = new ArrayList<>();
    for (Route route : forms()) {
      if (route.role() == Role.VIEWER) {
        others.add(route.path());
        continue;
      }
      Reply reply = post(viewer, route, key(viewer));
      assertEquals(403, reply.status(), route.path());
      assertTrue(reply.body().contains("You are a viewer"), route.path());
    }
    assertEquals(List.of("/logout"), others);
    assertEquals(before, everything());
    assertEquals(0, site.news);
  }

  @Test
  void a_viewer_sees_no_page_of_an_operators() throws Exception {
    for (Route route : site.pages.routes()) {
      if (!isForm(route) && route.role() == Role.OPERATOR) {
        assertEquals(403, site.get(viewer, path(route)).status(), route.path());
      }
    }
  }

  @Test
  void no_form_is_taken_from_another_site_or_session() throws Exception {
    String another = site.signedIn(Role.OPERATOR);
    String before = everything();
    for (Route route : forms()) {
      for (Reply reply :
          List.of(
              post(operator, route, ""),
              post(operator, route, "0".repeat(64)),
              post(operator, route, key(another)),
              post(operator, route, key(operator), "Origin", "http://evil.example"),
              post(operator, route, key(operator), "Origin", "null"),
              post(operator, route, key(operator), "Sec-Fetch-Site", "cross-site"),
              post(operator, route, key(operator), "Sec-Fetch-Site", "same-site"))) {
        assertEquals(403, reply.status(), route.path() + reply.body());
      }
    }
    assertEquals(before, everything());
    assertEquals(200, site.get(operator, "/users").status());
    assertEquals(0, site.news);
  }

  @Test
  void no_form_is_read_that_is_longer_than_it_may_be() throws Exception {
    for (Route route : forms()) {
      String answer = send(path(route), route.maxBytes() + 1, "", false);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), route.path() + answer);
      assertTrue(answer.contains("The form has more than 64"), route.path() + answer);
    }
  }

  @Test
  void a_form_that_is_cut_short_does_nothing() throws Exception {
    String before = everything();
    for (Route route : forms()) {
      String form = key(operator);
      String answer = send(path(route), form.length() + 1, form, true);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), route.path() + answer);
    }
    assertEquals(before, everything());
  }

  /** What is answered to the head of a form and the beginning of its body. */
  private String send(String path, long length, String body, boolean end) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.port())) {
      socket.setSoTimeout(60_000);
      String head =
          """
          POST %s HTTP/1.1
          Host: 127.0.0.1:%d
          Cookie: %s
          Content-Length: %d
          Connection: close

          """
              .formatted(path, site.port(), operator, length);
      socket.getOutputStream().write((head.replace("\n", "\r\n") + body).getBytes(UTF_8));
      if (end) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
