package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import com.amazonaws.jobprocessor.boss.store.TableDump;
import com.amazonaws.jobprocessor.boss.store.Users;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links, passwords, sessions, and who may do what. */
abstract class SignInContract {
  private static final String PASSWORD = "correct horse battery";

  /** An empty database. */
  abstract Database open() throws Exception;

  private TestSite site;

  @BeforeEach
  void set_up() throws Exception {
    site = new TestSite(open());
  }

  @AfterEach
  void tear_down() {
    if (site != null) {
      site.close();
    }
  }

  private static String cookie(Reply reply, String prefix) {
    return reply.response().headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(prefix))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst()
        .orElse("");
  }

  private Reply join(String link, String name, String password) throws Exception {
    return site.form(
        "", "/join", "link", link, "name", name, "password", password, "again", password);
  }

  private Reply signIn(String cookie, String name, String password) throws Exception {
    return site.form(cookie, "/login", "name", name, "password", password, "to", "/hours");
  }

  private void makeFirst() throws Exception {
    assertEquals(303, join(site.links.first().orElseThrow(), "ada", PASSWORD).status());
  }

  @Test
  void the_first_operator_comes_by_a_link_that_can_be_used_once() throws Exception {
    String link = site.links.first().orElseThrow();
    String other = site.links.first().orElseThrow();
    assertTrue(site.get("", "/join?link=" + link).body().contains("first operator"));
    Reply short_ = join(link, "ada", "short");
    assertEquals(422, short_.status());
    assertTrue(short_.body().contains("12 to 256 characters"), short_.body());
    Reply made = join(link, "ada", PASSWORD);
    assertEquals(303, made.status());
    assertEquals("/?done=password", made.header("Location"));
    assertEquals(200, site.get(cookie(made, "boss-" + site.port()), "/users").status());
    assertEquals(410, join(link, "eve", PASSWORD).status());
    assertEquals(410, join(other, "eve", PASSWORD).status());
    assertTrue(site.links.first().isEmpty());
    assertEquals(Role.OPERATOR, site.users.find("ada").orElseThrow().role());
  }

  @Test
  void a_link_ends_after_a_day() throws Exception {
    String link = site.links.first().orElseThrow();
    site.clock.pass(Links.LASTS);
    assertEquals(410, site.get("", "/join?link=" + link).status());
    assertEquals(410, join(link, "ada", PASSWORD).status());
  }

  @Test
  void a_password_is_stored_as_argon2id_at_its_full_cost_and_lets_in(@TempDir Path other)
      throws Exception {
    site.close();
    site = new TestSite(Database.embedded(other), new Passwords());
    makeFirst();
    String hash = String.valueOf(site.users.find("ada").orElseThrow().password());
    assertTrue(hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), hash);
    Reply in = signIn("", "ada", PASSWORD);
    assertEquals(303, in.status());
    assertEquals("/hours", in.header("Location"));
    String set = in.response().headers().allValues("Set-Cookie").toString();
    assertTrue(set.contains("HttpOnly; SameSite=Strict"), set);
    assertFalse(set.contains("Secure"), set);
    assertEquals(401, signIn("", "ada", PASSWORD + "x").status());
    assertEquals(401, signIn("", "nobody", PASSWORD).status());
    assertEquals(
        signIn("", "nobody", PASSWORD).body().replace("nobody", "ada"),
        signIn("", "ada", PASSWORD + "x").body());
  }

  @Test
  void behind_https_the_cookie_is_for_https_only() throws Exception {
    makeFirst();
    Reply in =
        site.send(
            "",
            "POST",
            "/login",
            "application/x-www-form-urlencoded",
            BodyPublishers.ofString("name=ada&password=" + PASSWORD.replace(' ', '+')),
            "X-Forwarded-Proto",
            "https");
    assertTrue(
        in.response().headers().allValues("Set-Cookie").stream()
            .allMatch(cookie -> cookie.endsWith("; Secure")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        ""
      })
  void signing_in_leads_nowhere_else(String to) throws Exception {
    makeFirst();
    Reply in = site.form("", "/login", "name", "ada", "password", PASSWORD, "to", to);
    assertEquals("/", in.header("Location"));
  }

  @Test
  void who_guesses_is_slowed_down_and_locks_nobody_out() throws Exception {
    makeFirst();
    String device = cookie(signIn("", "ada", PASSWORD), "boss-device");
    int refused = 0;
    for (int i = 0; i < 14; i++) {
      Reply wrong = signIn("", "ada", "wrong password " + i);
      refused += wrong.status() == 429 ? 1 : 0;
      if (wrong.status() == 429) {
        assertTrue(Integer.parseInt(wrong.header("Retry-After")) > 0);
      }
    }
    assertTrue(refused > 0);
    assertEquals(429, signIn("", "ada", PASSWORD).status());
    assertEquals(303, signIn(device, "ada", PASSWORD).status());
    assertEquals(429, signIn(device + "0", "ada", PASSWORD).status());
    site.clock.pass(Duration.ofSeconds(15));
    assertEquals(303, signIn("", "ada", PASSWORD).status());
  }

  @Test
  void a_session_ends_when_it_is_not_used_and_after_half_a_day() throws Exception {
    String viewer = site.signedIn(Role.VIEWER);
    site.clock.pass(Sessions.IDLE.minusSeconds(1));
    assertEquals(200, site.get(viewer, "/actions").status());
    site.clock.pass(Sessions.IDLE);
    assertEquals(303, site.get(viewer, "/actions").status());
    String busy = site.signedIn(Role.VIEWER);
    for (int i = 0; i < 12; i++) {
      assertEquals(200, site.get(busy, "/actions").status());
      site.clock.pass(Duration.ofHours(1));
    }
    assertEquals(303, site.get(busy, "/actions").status());
  }

  @Test
  void a_new_role_password_or_none_ends_the_sessions() throws Exception {
    String operator = site.signedIn(Role.OPERATOR);
    makeFirst();
    for (String what : List.of("role", "disable", "link")) {
      String viewer = site.signedIn(Role.VIEWER);
      Users.User user = site.users.find("viewer").orElseThrow();
      Reply done =
          site.post(
              operator,
              "/users/" + user.id(),
              "/users/" + user.id() + "/" + what,
              "role",
              "viewer");
      if (what.equals("link")) {
        assertEquals(200, site.get(viewer, "/actions").status());
        String link = done.body().replaceAll("(?s).*link=([0-9a-f]{48}).*", "$1");
        assertEquals(303, join(link, "", PASSWORD).status());
      } else {
        assertEquals(303, done.status(), what);
      }
      assertEquals(303, site.get(viewer, "/actions").status(), what);
      site.users.setDisabled("test", user.id(), false);
    }
  }

  @Test
  void somebody_is_left_who_may_change_users() throws Exception {
    makeFirst();
    String ada = cookie(signIn("", "ada", PASSWORD), "boss-" + site.port());
    long id = site.users.find("ada").orElseThrow().id();
    assertEquals(
        409, site.post(ada, "/users/" + id, "/users/" + id + "/role", "role", "viewer").status());
    assertEquals(409, site.post(ada, "/users/" + id, "/users/" + id + "/disable").status());
    assertEquals(200, site.get(ada, "/users").status());
  }

  @Test
  void who_signs_in_gets_a_session_that_nobody_could_have_known() throws Exception {
    makeFirst();
    String name = "boss-" + site.port();
    String planted = name + "=" + "0".repeat(48);
    String mine = cookie(signIn(planted, "ada", PASSWORD), name);
    assertNotEquals(planted, mine);
    assertEquals(303, site.get(planted, "/users").status());
    assertEquals(200, site.get(mine, "/users").status());
    // Signing in again ends the session before.
    String again = cookie(signIn(mine, "ada", PASSWORD), name);
    assertNotEquals(mine, again);
    assertEquals(303, site.get(mine, "/users").status());
    assertEquals(200, site.get(again, "/users").status());
  }

  @Test
  void a_clock_that_is_set_back_locks_nobody_out() throws Exception {
    makeFirst();
    for (int i = 0; i < 12; i++) {
      signIn("", "ada", "wrong password " + i);
    }
    assertEquals(429, signIn("", "ada", PASSWORD).status());
    site.clock.pass(Duration.ofHours(-1));
    assertEquals(303, signIn("", "ada", PASSWORD).status());
  }

  @Test
  void a_viewer_sees_no_forms_and_no_users() throws Exception {
    String viewer = site.signedIn(Role.VIEWER);
    for (String path : List.of("/", "/hours", "/actions")) {
      String page = site.get(viewer, path).body();
      assertEquals(1, page.split(" method=\"post\"", -1).length - 1, path);
      assertFalse(page.contains("href=\"/users\""), path);
    }
    assertEquals(403, site.get(viewer, "/users").status());
    assertEquals(403, site.get(viewer, "/new").status());
  }

  @Test
  void another_name_for_this_machine_is_refused() throws Exception {
    Hosts hosts = new Hosts("127.0.0.1", null);
    assertTrue(hosts.isOurs("127.0.0.1:8070"));
    assertTrue(hosts.isOurs("localhost:8070"));
    assertTrue(hosts.isOurs("[::1]:8070"));
    assertTrue(hosts.isOurs("10.0.0.7"));
    assertFalse(hosts.isOurs("evil.example:8070"));
    assertFalse(hosts.isOurs(null));
    assertFalse(hosts.isOurs(""));
    Hosts known = new Hosts("0.0.0.0", java.net.URI.create("https://Boss.example.com/"));
    assertTrue(known.isOurs("boss.example.com"));
    assertFalse(known.isOurs("example.com"));
    assertNotEquals(200, site.get("", "/actions").status());
  }

  /** The log of actions, the newest first. */
  private List<String> log() {
    return site.actions.before(Long.MAX_VALUE, 1_000).stream()
        .map(action -> action.what() + " " + action.who() + " " + action.detail())
        .toList();
  }

  @Test
  void who_comes_goes_and_is_not_let_in_is_in_the_log_of_actions() throws Exception {
    makeFirst();
    String ada = cookie(signIn("", "ada", PASSWORD), "boss-" + site.port());
    site.post(ada, "/actions", "/logout");
    signIn("", "ada", "one of her others");
    signIn("", "<b>\u0000" + "\uD83D\uDE00".repeat(100), "one of her others");
    assertEquals(
        List.of(
            "user.sign-in-failed <b>\uFFFD" + "\uD83D\uDE00".repeat(30) + " from 127.0.0.1",
            "user.sign-in-failed ada from 127.0.0.1",
            "user.sign-out ada from 127.0.0.1",
            "user.sign-in ada from 127.0.0.1",
            "user.sign-in ada from 127.0.0.1"),
        log().subList(0, 5));
    String page = site.get(site.signedIn(Role.VIEWER), "/actions").body();
    assertTrue(page.contains("&lt;b&gt;"), page);
    assertFalse(page.contains("<b>"), page);
    String everything = TableDump.of(site.database, Set.of());
    assertFalse(everything.contains("her others") || everything.contains(PASSWORD), everything);
  }

  @Test
  void who_guesses_for_long_does_not_fill_the_log_and_each_try_is_counted() throws Exception {
    makeFirst();
    int tries = 0;
    for (int i = 0; i < 300; i++) {
      site.clock.pass(Duration.ofMillis(300));
      assertEquals(401, guess("10.0." + i / 100 + "." + i % 100, "n" + i));
      tries++;
    }
    for (int i = 0; i < 30; i++) {
      guess("10.0.0.200", "same");
      tries++;
    }
    long noted = log().stream().filter(line -> line.startsWith("user.sign-in-failed")).count();
    assertTrue(
        noted >= Actions.REFUSALS_AT_ONCE && noted <= Actions.REFUSALS_AT_ONCE + 2, "" + noted);
    assertEquals(303, signIn("", "ada", PASSWORD).status());
    long others =
        log().stream()
            .filter(line -> line.contains("; failed before and not noted: "))
            .mapToLong(line -> Long.parseLong(line.replaceAll(".* ", "")))
            .sum();
    assertEquals(tries, noted + others);
  }

  @Test
  void a_link_that_is_none_is_in_the_log_of_actions_and_no_number_of_them_fills_it()
      throws Exception {
    makeFirst();
    int tries = Actions.REFUSALS_AT_ONCE + 40;
    for (int i = 0; i < tries; i++) {
      assertEquals(410, site.get("", "/join?link=guess" + i).status());
    }
    assertEquals(410, join("guess", "eve", PASSWORD).status());
    List<String> noted = log().stream().filter(line -> line.contains("link-refused")).toList();
    assertEquals(Actions.REFUSALS_AT_ONCE, noted.size());
    assertEquals("user.link-refused stranger from 127.0.0.1", noted.getFirst());
    // Each kind has its own: who guesses links hides no guessed password.
    signIn("", "ada", "one of her others");
    assertEquals(
        "user.sign-in-failed ada from 127.0.0.1; failed before and not noted: 41",
        log().getFirst());
    assertFalse(TableDump.of(site.database, Set.of()).contains("guess"));
  }

  private int guess(String address, String name) throws Exception {
    return site.send(
            "",
            "POST",
            "/login",
            "application/x-www-form-urlencoded",
            BodyPublishers.ofString("name=" + name + "&password=wrong"),
            "X-Forwarded-For",
            address)
        .status();
  }

  @Test
  void what_is_sent_as_a_name_stays_text() throws Exception {
    Reply reply = signIn("", "\"><script>alert(1)</script>", "x");
    assertEquals(401, reply.status());
    assertFalse(reply.body().contains("<script>alert"), reply.body());
  }
}
