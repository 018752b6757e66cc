package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page of a real daemon in a real browser. */
@Tag("long")
class PageIT extends BlackBox {
  private static final int MAX_BYTES = 30 * 1024;
  private static final String EVIL = "</td><script>document.title='owned'</script>";

  @SuppressWarnings("NullAway.Init") // before each test
  private static Browser browser;

  private final int port = StatusPageClient.freePort();

  @BeforeAll
  static void startBrowser() {
    assumeTrue(Browser.isThere());
    browser = Browser.open();
  }

  @AfterAll
  static void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void forgetWhatOtherTestsDid() throws IOException {
    browser.get("about:blank");
    browser.resize(1_280, 1_000);
    browser.prefer("light");
    browser.complaints();
    browser.fetched();
  }

  private String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** Starts a daemon and waits until there is a page. */
  private DaemonProcess startWithPage(String... pairs) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of(pairs));
    all.add("status_port=" + port);
    DaemonProcess daemon = start(all.toArray(String[]::new));
    daemon.awaitLine("status page url=", SOON);
    return daemon;
  }

  /** A worker with something of everything: jobs that run, are stuck, have failed and are done. */
  private void startWithEverything() throws InterruptedException {
    String userData =
        String.join(
            "\n",
            EXECUTOR,
            "concurrency=4",
            "expected_job_execution_time_in_secs=5",
            "job_failure_retries=1",
            "retry_delay_in_secs=1",
            "executor.password=hunter2hunter2",
            "status_port=" + port);
    start(daemon().arguments("--user-data-file", "-").input(userData))
        .awaitLine("status page url=", SOON);
    sqs.send(BACKLOG, jobs("plain", 20));
    sqs.send(BACKLOG, "fail", "permanent", "say oops", "sleep 120000", "sleep 120000");
    awaitDeadLetters(3);
    awaitResults(20);
  }

  @Test
  void the_queue_empties_while_it_is_watched_and_nothing_is_loaded_anew() throws Exception {
    startWithPage("concurrency=4", "poll_rate_per_min=60000");
    browser.get(url());
    browser.script("window.stays = true");
    browser.awaitText("#live", "Refreshes every 2 s");
    sqs.send(BACKLOG, jobs("sleep 100", 800));
    browser.awaitText("#head .state", "working");

    String first = browser.tile("Jobs a second");
    await().atMost(SOON).until(() -> !browser.tile("Jobs a second").equals(first));
    browser.awaitText("#box .counts", "800");
    browser.awaitText("#queue", "The backlog is empty.");
    browser.awaitText("#head .state", "waiting for jobs");

    assertEquals(true, browser.script("return window.stays"));
    assertTrue(browser.title().startsWith("waiting for jobs"), browser::title);
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void a_job_that_runs_for_too_long_is_marked_as_stuck() throws Exception {
    startWithPage("concurrency=2", "expected_job_execution_time_in_secs=2");
    sqs.sendWithAttributes(BACKLOG, "sleep 120000", Map.of("job_id", "sleeper"));
    browser.get(url());

    browser.awaitText("#box tbody tr", "sleeper");
    browser.awaitText("#box tbody tr", "\u26a0 stuck?");
    // Its lease is renewed meanwhile, which says that the worker has not forgotten it.
    browser.awaitText("#box tbody tr", "times");
  }

  @Test
  void what_strangers_write_is_text_and_short() throws Exception {
    startWithPage(
        "concurrency=4", "job_failure_retries=0", "expected_job_execution_time_in_secs=60");
    sqs.sendWithAttributes(BACKLOG, "sleep 120000", Map.of("job_id", EVIL + "<img/src=x>"));
    sqs.sendWithAttributes(BACKLOG, "sleep 120000", Map.of("job_id", "\u05d0\u05d1 right to left"));
    sqs.send(BACKLOG, "say " + EVIL, "say \u202egpj.exe", "say " + "x".repeat(1_000_000));
    awaitDeadLetters(3);
    browser.get(url());

    browser.awaitText("#box", EVIL);
    browser.awaitText("#failures", "java.io.IOException");
    await().atMost(SOON).until(() -> browser.text("#failures").contains("3"));
    browser.press("r");

    assertFalse(browser.has("main script"), "a script of strangers");
    assertFalse(browser.has("main img"));
    assertFalse(browser.title().contains("owned"), browser::title);
    assertFalse(
        String.valueOf(browser.script("return document.body.textContent")).contains("\u202e"));
    assertTrue(browser.has("#box bdi"), "isolated from the direction of what is around it");
    assertNarrow();
    assertEquals(List.of(), browser.complaints());
  }

  private void assertNarrow() {
    for (int width : new int[] {1280, 640, 360}) {
      browser.resize(width, 800);
      Object over =
          browser.script("return document.documentElement.scrollWidth > window.innerWidth");
      assertEquals(false, over, "wider than " + width);
    }
  }

  @Test
  void a_worker_that_has_gone_is_missed_and_found_again() throws Exception {
    DaemonProcess daemon = startWithPage("concurrency=2");
    browser.get(url());
    browser.awaitText("#live", "Refreshes every 2 s");
    daemon.sigkill();
    browser.awaitText("#live", "No answer since");
    assertTrue(browser.has("html.lost"));
    assertTrue(browser.title().startsWith("no answer"), browser::title);

    DaemonProcess next = startWithPage("concurrency=3");

    browser.awaitText("#live", "Refreshes every 2 s");
    assertFalse(browser.has("html.lost"));
    browser.awaitText("#box", "of 3 slots");
    next.sigstop(); // as if the network swallowed everything
    browser.awaitText("#live", "No answer since");
    next.sigcont();
    browser.awaitText("#live", "Refreshes every 2 s");
  }

  @Test
  void an_outage_of_sqs_and_a_stop_are_on_the_page() throws Exception {
    DaemonProcess daemon = startWithPage("concurrency=2", "poll_wait_time_in_secs=1");
    sqs.send(BACKLOG, "sleep 600000");
    browser.get(url());
    browser.awaitText("#head .state", "working");
    proxy().down();
    browser.awaitText("#head .state", "waiting for SQS");
    browser.awaitText("#problems", "ReceiveMessage");
    browser.awaitText("#queue", "When it will be empty is not known: SQS has not told for");
    proxy().up();
    browser.awaitText("#head .state", "working");
    daemon.sigterm();
    browser.awaitText("#head .state", "stopping");
  }

  @Test
  void without_javascript_it_is_all_there() throws Exception {
    startWithEverything();
    try (Browser plain = Browser.withoutJavaScript()) {
      await()
          .atMost(SOON)
          .until(
              () -> {
                plain.get(url());
                return plain.text("#box").contains("\u26a0 stuck?");
              });
      assertTrue(plain.text("#failures").contains("java.io.IOException"));
      assertFalse(plain.element("#theme").isDisplayed(), "a button that does nothing");
      String before = plain.text("#head .who");
      // What was fetched within half a second before is given again.
      await()
          .atMost(SOON)
          .until(
              () -> {
                plain.element("#refresh").click();
                return !plain.text("#head .who").equals(before);
              });
      plain.element("#settings summary").click();
      assertTrue(plain.text("#settings").contains("executor.password"));
      assertFalse(plain.text("#settings").contains("hunter2"));
      assertTrue(plain.text("#settings").contains("****"));
    }
  }

  @Test
  void nobody_is_kept_out() throws Exception {
    startWithEverything();
    browser.get(url());
    browser.awaitText("#box", "\u26a0 stuck?");
    browser.element("#settings summary").click();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      for (int width : new int[] {1280, 640, 360}) {
        browser.resize(width, 900);
        assertEquals(List.of(), browser.barriers(), scheme + ", " + width + " wide");
      }
    }
    assertNarrow();
    assertNotEquals(
        browser.script("return getComputedStyle(document.body).backgroundColor"),
        inLight(),
        "dark and light are the same");
  }

  private Object inLight() {
    browser.prefer("light");
    return Objects.requireNonNull(
        browser.script("return getComputedStyle(document.body).backgroundColor"));
  }

  @Test
  void three_small_requests_to_nobody_else_and_then_one_every_two_seconds() throws Exception {
    startWithEverything();
    browser.get(url());
    browser.awaitText("#live", "Refreshes every 2 s");
    browser.press("p");
    List<Browser.Fetched> first = browser.fetched().stream().limit(3).toList();
    long bytes = first.stream().mapToLong(Browser.Fetched::bytes).sum();

    assertEquals(3, first.size(), first::toString);
    assertEquals(1, first.stream().filter(one -> one.url().equals(url())).count(), first::toString);
    for (String kind : List.of("css", "js")) {
      String hashed = ".*/page-[0-9a-f]{12}\\." + kind;
      assertTrue(first.stream().anyMatch(one -> one.url().matches(hashed)), first::toString);
    }
    assertTrue(bytes > 1_000 && bytes <= MAX_BYTES, bytes + " bytes");

    browser.get(url());
    browser.awaitText("#live", "Refreshes every 2 s");
    List<Browser.Fetched> again = browser.fetched();
    assertTrue(again.stream().allMatch(one -> one.url().equals(url())), again::toString);
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void a_page_that_nobody_sees_asks_for_nothing_until_it_is_seen_again() throws Exception {
    startWithPage("concurrency=2");
    browser.get(url());
    browser.awaitText("#live", "Refreshes every 2 s");

    browser.setSeen(false);
    String asOf = browser.awaitStandstill("#head .who");
    browser.setSeen(true);

    await().atMost(SOON).until(() -> !browser.text("#head .who").equals(asOf));
  }

  @Test
  void keys_pause_and_focus_are_kept() throws Exception {
    startWithPage("concurrency=2");
    browser.get(url());
    browser.awaitText("#live", "Refreshes every 2 s");
    browser.element("#settings summary").click();
    browser.script("window.scrollTo(0, 50)");

    browser.press("t");
    assertEquals("dark", browser.element("html").getAttribute("data-theme"));
    browser.press("t");
    assertEquals("light", browser.element("html").getAttribute("data-theme"));

    browser.press("?");
    assertTrue(browser.element("#help").isDisplayed());
    browser.awaitText("#help", "refresh now");
    String asOf = browser.awaitStandstill("#head .who");
    browser.press("?");
    await().atMost(SOON).until(() -> !browser.text("#head .who").equals(asOf));

    browser.press("p");
    browser.awaitText("#live", "Paused");
    String paused = browser.text("#head .who");
    // What was fetched within half a second before is given again.
    await()
        .atMost(SOON)
        .until(
            () -> {
              browser.press("r");
              return !browser.text("#head .who").equals(paused);
            });
    browser.awaitText("#live", "Paused");
    browser.press("p");

    browser.script("document.querySelector('#settings summary').focus()");
    String before = browser.text("#head .who");
    await().atMost(SOON).until(() -> !browser.text("#head .who").equals(before));
    assertEquals("SUMMARY", browser.script("return document.activeElement.tagName"));
    assertTrue(browser.has("#settings details[open]"), "closed by a refresh");
  }
}
