package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Users;
import com.amazonaws.jobprocessor.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main ways through the pages in a browser. */
@Tag("long")
class PagesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PASSWORD = "correct horse battery";

  /** Names that would be markup, turn the line, or break it. */
  private static final List<String> HOSTILE =
      List.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(1)>",
          "\u202Egnp.exe",
          "W".repeat(250));

  /** A count of tasks is older than any that is shown. */
  private static final Duration OLDER = Duration.ofSeconds(11);

  @TempDir Path folder;
  private TestSite site;

  @BeforeAll
  static void find_browser() {
    assumeTrue(Browser.isThere());
  }

  @BeforeEach
  void set_up() {
    site = new TestSite(folder);
  }

  @AfterEach
  void tear_down() {
    site.close();
  }

  private void join(Browser browser) {
    browser.get(site.url("/join?link=" + site.links.first().orElseThrow()));
    browser.fill("#name", "ada");
    browser.fill("#password", PASSWORD);
    browser.fill("#again", PASSWORD);
    browser.click("main .act");
    browser.awaitText("main", "The password is set.");
  }

  private static void awaitPath(Browser browser, String path) {
    Awaitility.await().atMost(SOON).until(() -> browser.path().startsWith(path));
  }

  @Test
  void from_the_first_link_to_results_and_a_pause() throws Exception {
    try (Browser browser = Browser.open()) {
      join(browser);
      browser.click("header form button");
      awaitPath(browser, "/login");
      browser.fill("#name", "ada");
      browser.fill("#password", "wrong password");
      browser.click("main .act");
      browser.awaitText(".wrong", "The name or the password is wrong.");
      browser.fill("#password", PASSWORD);
      browser.click("main .act");
      browser.awaitText("h1", "Overview");

      browser.click("a[href='/dispatch/pause']");
      browser.click("main .act");
      browser.awaitText("#pulse", "Paused");
      browser.click("a[href='/new']");
      browser.fill("#count", "40");
      browser.fill("#bad", "0");
      browser.click("form[action='/new/test'] button");
      browser.awaitText(".notice", "The tasks are made.");
      site.clock.pass(OLDER);
      browser.awaitText("#tile-waiting", "40");
      browser.click("a[href='/dispatch/start']");
      browser.awaitText("main", "Waiting, as of now: ");
      awaitText(browser, "/dispatch/start", "main", "Waiting, as of now: 40.");
      browser.click("main .act");
      browser.awaitText("#pulse", "Dispatching");

      browser.script("document.querySelector('#tile-failed').focus(); window.same = true");
      site.end("worker-1", id -> id.endsWith("0-1") ? "PermanentJobFailure" : null);
      site.clock.pass(OLDER);
      browser.awaitText("#tile-succeeded", "36");
      browser.awaitText("#tile-failed", "4");
      assertEquals(
          "tile-failed", browser.script("return window.same && document.activeElement.id"));
      browser.awaitText("#live", "Refreshes by itself");

      browser.click("a[href='/dispatch/pause']");
      browser.click("main .act");
      browser.awaitText(".notice", "paused");
      assertTrue(site.settings.dispatch().paused());
      assertNothingRefused(browser);
    }
  }

  /** On a page that does not refresh by itself; a busy machine is late with its numbers. */
  private void awaitText(Browser browser, String path, String selector, String text) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              browser.get(site.url(path));
              return browser.text(selector).contains(text);
            });
  }

  private static void assertNothingRefused(Browser browser) {
    List<String> complaints = browser.complaints();
    assertTrue(
        complaints.stream().allMatch(c -> c.contains("401") || c.contains("422")),
        complaints.toString());
  }

  @Test
  void what_is_signed_out_elsewhere_says_so() throws Exception {
    try (Browser browser = Browser.open()) {
      join(browser);
      browser.awaitText("#live", "Refreshes by itself");
      site.sessions.end(cookie(browser));
      browser.awaitText("#live", "You are signed out");
    }
  }

  private String cookie(Browser browser) {
    return browser.cookie("boss-" + site.port());
  }

  @Test
  void it_works_without_javascript() throws Exception {
    try (Browser browser = Browser.withoutJavaScript()) {
      join(browser);
      browser.click("a[href='/new']");
      browser.fill("#name", "account <7>");
      browser.fill("#payload", "abc");
      site.clock.pass(OLDER);
      browser.click("form[action='/new/task'] button");
      browser.awaitText(".notice", "The tasks are made.");
      awaitText(browser, "/", "#tile-waiting", "1");
      browser.get(site.url("/hours"));
      browser.fill("#monday", "22:00-06:00");
      browser.click("form[action='/hours'] button");
      browser.awaitText(".notice", "The hours are set.");
      browser.get(site.url("/"));
      browser.click("a[href='/dispatch/pause']");
      browser.click("main .act");
      browser.awaitText(".notice", "paused");
    }
  }

  @Test
  void hostile_names_are_text_and_nothing_is_in_the_way_of_anybody() throws Exception {
    List<NewTask> tasks = new ArrayList<>();
    for (String name : HOSTILE) {
      tasks.add(new NewTask(name, name, 0));
    }
    try (Browser browser = Browser.open()) {
      assertNoBarriers(browser, "/join?link=" + site.links.first().orElseThrow(), "/join?link=old");
      browser.resize(1_280, 800);
      join(browser);
      for (String name : HOSTILE) {
        site.clock.pass(OLDER);
        site.tasks.create(name.length() > 60 ? name.substring(0, 60) : name, name, tasks, null);
      }
      Users.User grace = site.users.create("ada", "grace", Role.VIEWER).orElseThrow();
      assertNoBarriers(
          browser,
          "/",
          "/new",
          "/hours",
          "/users",
          "/users/1",
          "/actions",
          "/dispatch/pause",
          "/nothing");
      browser.click("header form button");
      browser.awaitText("h1", "Sign in");
      assertNoBarriers(browser, "/login", "/join?link=" + site.links.create("ada", grace));
    }
  }

  /** In both schemes, on a desktop and on a phone. */
  private void assertNoBarriers(Browser browser, String... paths) throws Exception {
    for (int width : new int[] {1_280, 360}) {
      browser.resize(width, 800);
      for (String scheme : new String[] {"light", "dark"}) {
        browser.prefer(scheme);
        for (String path : paths) {
          browser.get(site.url(path));
          String where = path + " " + width + " " + scheme;
          assertEquals(List.of(), browser.barriers(), where);
          assertEquals(
              true,
              browser.script("return document.documentElement.scrollWidth <= innerWidth"),
              where);
          assertFalse(browser.has("main script, main img"), where);
          String name = path.equals("/") ? "/overview" : path.replaceAll("[?].*", "");
          save(browser, name + "-" + width + "-" + scheme);
        }
      }
    }
  }

  /** To be looked at. */
  private static void save(Browser browser, String name) throws IOException {
    Path folder = Files.createDirectories(Checkout.root().resolve("boss/target/pages"));
    Browser.write(
        folder.resolve(name.substring(1).replace('/', '-') + ".png"), browser.picture(true));
  }
}
