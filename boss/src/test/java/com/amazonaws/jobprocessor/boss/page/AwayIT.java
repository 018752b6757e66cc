package com.amazonaws.jobprocessor.boss.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.boss.page.TestSite.Reply;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.PostgresProcess;
import com.amazonaws.jobprocessor.boss.store.Role;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages while PostgreSQL is away, and afterwards. */
@Tag("long")
class AwayIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  private PostgresProcess postgres;
  private TestSite site;

  @BeforeEach
  void set_up() throws Exception {
    postgres = PostgresProcess.start();
    site = new TestSite(Database.postgres(postgres.url(), null, null));
    site.make("account 1", "account 2");
  }

  @AfterEach
  void tear_down() {
    if (site != null) {
      site.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void each_page_says_that_the_database_is_away_and_comes_back_by_itself() throws Exception {
    String operator = site.signedIn(Role.OPERATOR);
    postgres.kill();
    for (String path : new String[] {"/", "/tasks", "/tasks/1", "/nothing"}) {
      Reply away = site.get(operator, path);
      boolean known = !path.equals("/nothing");
      assertEquals(known ? 503 : 404, away.status(), path);
      if (known) {
        assertTrue(away.body().contains("database is away"), away.body());
        assertEquals("5", away.header("Refresh"), path);
        assertEquals("5", away.header("Retry-After"), path);
      }
    }
    Reply form = site.form(operator, "/dispatch/pause", "form_key", "x");
    assertEquals(503, form.status(), form.body());
    assertEquals("", form.header("Refresh"));
    assertTrue(form.body().contains("send the form again"), form.body());
    postgres.restart();
    await().atMost(SOON).until(() -> site.get(operator, "/tasks").status() == 200);
    assertFalse(site.settings.dispatch().paused());
  }

  @Test
  void what_is_live_goes_on_when_the_database_is_back() throws Exception {
    String viewer = site.signedIn(Role.VIEWER);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> stream =
          client.send(
              HttpRequest.newBuilder(URI.create(site.url("/live")))
                  .header("Cookie", viewer)
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
        awaitLine(lines, ">2</a> <small>to go out");
        postgres.kill();
        // Comments while there is no news; before the fifth turn the session is looked at.
        for (int i = 0; i < 4; i++) {
          awaitLine(lines, ":");
        }
        postgres.restart();
        await().atMost(SOON).until(() -> site.get(viewer, "/tasks").status() == 200);
        site.make("account 3");
        site.clock.pass(Duration.ofSeconds(20));
        awaitLine(lines, ">3</a> <small>to go out");
      }
    }
  }

  private static void awaitLine(BufferedReader lines, String text) throws Exception {
    String line = lines.readLine();
    while (line != null && !(text.equals(":") ? line.equals(text) : line.contains(text))) {
      line = lines.readLine();
    }
    assertTrue(line != null, text);
  }

  @ParameterizedTest
  @EnumSource
  void a_browser_that_looks_on_comes_back_without_a_hand(PostgresProcess.Away how)
      throws Exception {
    assumeTrue(Browser.isThere(), "chromium or chromedriver is missing");
    try (Browser browser = Browser.open()) {
      browser.get(site.url("/login"));
      browser.takeCookie(site.signedIn(Role.OPERATOR));
      browser.get(site.url("/"));
      browser.awaitText("#live", "Refreshes by itself");
      postgres.away(how);
      browser.awaitText("#live", "these numbers are old");
      browser.get(site.url("/tasks"));
      browser.awaitText("main", "database is away");
      postgres.back(how);
      browser.awaitText("h1", "Tasks");
      browser.get(site.url("/"));
      browser.awaitText("#live", "Refreshes by itself");
    }
  }
}
