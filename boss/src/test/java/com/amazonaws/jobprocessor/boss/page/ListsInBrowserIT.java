package com.amazonaws.jobprocessor.boss.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;

/** Lists, passports, operations, failures, workers and checks in Chromium. */
@Tag("long")
class ListsInBrowserIT {
  private static final String EVIL =
      "<script>document.title='evil'</script>/\u202Egnp & \u05E9\u05DC\u05D5\u05DD";

  @TempDir Path folder;
  private TestSite site;
  private Browser browser;

  @BeforeEach
  void set_up() throws Exception {
    assumeTrue(Browser.isThere(), "chromium or chromedriver is missing");
    site = new TestSite(folder);
    browser = Browser.open();
    fill();
    browser.get(site.url("/login"));
    browser.takeCookie(site.signedIn(Role.OPERATOR));
  }

  /** Tasks of all states, from four workers of which one fails more and one is slow. */
  private void fill() throws Exception {
    List<String> names = new ArrayList<>(List.of(EVIL, "9007199254740993123", "a/b/c"));
    IntStream.range(0, 57).forEach(i -> names.add("account " + i));
    site.make(names.toArray(String[]::new));
    site.nights.look(ProcessingHours.always(ZoneOffset.UTC));
    for (String worker : List.of("i-0a1", "i-0b2", "i-0c3", "i-0bad")) {
      site.make(IntStream.range(0, 40).mapToObj(i -> "smith " + i).toArray(String[]::new));
      site.end(
          worker,
          job ->
              worker.endsWith("bad") && job.matches(".*[05]-1")
                  ? "java.lang.IllegalStateException"
                  : job.endsWith("39-1") ? EVIL : null);
    }
    site.costs
        .runs()
        .plan(
            new WorkRun.Planned(
                site.clock.instant(), site.clock.instant().plusSeconds(900), 3, 120, 1.4, 2_700));
    site.make(EVIL, "waiting 1", "waiting 2");
    new Answers(site.database, site.settings, site.clock)
        .store(
            List.of(
                new Answer(
                    new Answer.Source("q", "m", 0), EVIL, EVIL, 1, 1, "", "b", false, null, null)),
            List.of());
  }

  @AfterEach
  void tear_down() {
    if (browser != null) {
      browser.close();
    }
    if (site != null) {
      site.close();
    }
  }

  @Test
  void every_page_is_without_barriers_in_light_and_dark_and_on_a_phone() throws Exception {
    String operation = ask("cancel", "state=waiting");
    List<String> pages =
        List.of(
            "/tasks",
            "/tasks?state=failed&from=2026-01-01",
            "/tasks?text=nobody",
            "/tasks/1",
            "/tasks/39",
            "/tasks/39/retry",
            "/tasks/222/cancel",
            "/dispatch/start",
            "/operations",
            "/operations/new?kind=retry&state=failed",
            operation,
            "/failures",
            "/workers",
            "/workers?by=account",
            "/workers?by=batch",
            "/workers?by=day",
            report(),
            "/costs",
            "/costs/1",
            "/checks");
    List<String> found = new ArrayList<>();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      for (int width : new int[] {1280, 360}) {
        browser.resize(width, 900);
        for (String page : pages) {
          browser.get(page.startsWith("file:") ? page : site.url(page));
          browser
              .barriers()
              .forEach(one -> found.add(scheme + " " + width + " " + page + " " + one));
          Object wide =
              browser.script("return document.documentElement.scrollWidth > window.innerWidth");
          if (Boolean.TRUE.equals(wide)) {
            found.add(page + " is wider than " + width);
          }
          picture(scheme + "-" + width + page);
          assertTrue(!browser.title().contains("evil"), page);
        }
      }
    }
    assertEquals(List.of(), found);
    assertEquals(List.of(), browser.complaints());
  }

  /** The report that is sent by mail, as a file: from the boss a browser saves it. */
  private String report() throws Exception {
    Path file = folder.resolve("report.html");
    String html = site.get(site.signedIn(Role.VIEWER), "/workers/report.html").body();
    assertTrue(html.contains("\u26A0 fails "), html);
    return Files.writeString(file, html).toUri().toString();
  }

  /** Writes a picture of the page into the folder of the system property, if there is one. */
  private void picture(String name) {
    String folder = System.getProperty("job-processor.pictures");
    if (folder != null) {
      Path file = Path.of(folder, name.replaceAll("[^a-z0-9-]+", "_") + ".png");
      Browser.write(file, browser.picture(true));
    }
  }

  private String ask(String kind, String filter) {
    browser.get(site.url("/operations/new?kind=" + kind + "&" + filter));
    browser.element("#reason").sendKeys("a mistake in the upload");
    browser.element("form.stacked button").click();
    return browser.path();
  }

  @Test
  void keys_go_to_the_search_and_from_row_to_row() {
    browser.get(site.url("/tasks"));
    browser.press("/");
    assertEquals("find", browser.active().getAttribute("name"));
    browser.active().sendKeys("9007199254740993123\n");
    await().atMost(Duration.ofSeconds(60)).until(() -> browser.path().equals("/tasks/2"));
    assertTrue(browser.text("main").contains("9007199254740993123"));
    browser.get(site.url("/tasks"));
    browser.press("j");
    browser.press("j");
    WebElement second = browser.element("tbody tr:nth-child(2) a");
    assertEquals(second.getText(), browser.active().getText());
    browser.press("k");
    assertEquals(browser.element("tbody tr a").getText(), browser.active().getText());
    browser.press("?");
    assertTrue(browser.element("#help").isDisplayed());
  }

  @Test
  void an_operation_is_asked_for_watched_and_done_without_a_reload() {
    browser.get(site.url("/tasks?state=waiting"));
    browser.clickLink("Cancel all…");
    assertTrue(browser.text("main").contains("All 3 tasks"), browser.text("main"));
    browser.element("#reason").sendKeys("a mistake");
    browser.element("form.stacked button").click();
    assertTrue(browser.text("main").contains("scheduled"), browser.text("main"));
    site.clock.pass(Duration.ofSeconds(10));
    assertTrue(site.operations.step());
    await().atMost(Duration.ofSeconds(60)).until(() -> browser.text("main").contains("done"));
    // It is over: the page has no button any more.
    await().atMost(Duration.ofSeconds(60)).until(() -> !browser.has(".danger"));
  }

  @Test
  void new_rows_are_told_of_and_shown_when_one_wants() throws Exception {
    browser.get(site.url("/tasks"));
    String first = browser.text("tbody tr a");
    site.make("new 1", "new 2");
    await().atMost(Duration.ofSeconds(60)).until(() -> browser.text(".told").contains("2 new"));
    assertEquals(first, browser.text("tbody tr a"));
    // The page brings it anew every five seconds.
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(StaleElementReferenceException.class)
        .until(
            () -> {
              browser.element(".told a").click();
              return true;
            });
    await().atMost(Duration.ofSeconds(60)).until(() -> !browser.text("tbody tr a").equals(first));
  }
}
