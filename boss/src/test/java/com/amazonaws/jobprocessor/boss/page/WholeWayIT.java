package com.amazonaws.jobprocessor.boss.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way in a browser: {@code bin/boss}, a real worker, and an SQS in this process. */
@Tag("long")
class WholeWayIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String PASSWORD = "correct horse battery";
  private static final int TASKS = 120;

  /** Numbers are two seconds old, and a machine that is busy with other tests takes its time. */
  private static final Duration MAX_AGE = Duration.ofSeconds(2 + 3);

  /** A third of a second each, so that there is something to watch. */
  private static final String PROGRAM =
      """
      read -r word
      sleep 0.3
      case "$word" in
      *" "*) [ -e "${0%/*}/mended" ] || { echo "no blanks: $word" >&2; exit 3; } ;;
      esac
      printf 'done %s' "$word"
      """;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddedSqs sqs;
  private DaemonProcess boss;
  private DaemonProcess worker;
  private Browser browser;
  private String link;
  private String url;
  private String token;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Browser.isThere(), "chromium or chromedriver is missing");
    sqs = EmbeddedSqs.start();
    boss = boss("start", "--port=0", "--data=" + folder.resolve("data"));
    boss.awaitLine("dispatching to the queue", SOON);
    String line = boss.awaitLine("the first operator sets a password at http", SOON);
    link = line.replaceAll(".*(http://\\S+).*", "$1");
    url = link.substring(0, link.indexOf("join?"));
    token = token();
    worker = worker();
    browser = Browser.open();
  }

  @AfterEach
  void stop() {
    for (AutoCloseable one : new AutoCloseable[] {browser, worker, boss, sqs, client}) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private DaemonProcess boss(String... arguments) {
    return DaemonProcess.builder()
        .command(Checkout.root().resolve("bin/boss"))
        .sqs(sqs.endpoint())
        .arguments(arguments)
        .start();
  }

  private String token() throws InterruptedException {
    try (DaemonProcess command =
        boss("token", "create", "--scope=read", "--data=" + folder.resolve("data"))) {
      assertEquals(0, command.awaitExit(SOON), command::toString);
      return command.out().getLast();
    }
  }

  private DaemonProcess worker() throws Exception {
    Path program = Files.writeString(folder.resolve("program"), PROGRAM);
    DaemonProcess started =
        DaemonProcess.builder()
            .sqs(sqs.endpoint())
            .userData(
                "job_executor=ShellCommand",
                "executor.command=sh " + program,
                "executor.permanent_exit_codes=3",
                "poll_wait_time_in_secs=1",
                "concurrency=2")
            .start();
    started.awaitLine("taking jobs", SOON);
    return started;
  }

  /** How many tasks of a state the database has, which is not what the pages count. */
  private int count(String state) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url + "api/v1/tasks?limit=200&state=" + state))
                .timeout(SOON)
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return new ObjectMapper().readTree(answer.body()).path("items").size();
  }

  private int ended() throws Exception {
    return count("succeeded") + count("failed");
  }

  /** What the page shows of them now. */
  private int shown() {
    return tile("#tile-succeeded") + tile("#tile-failed");
  }

  private int tile(String selector) {
    String text = browser.text(selector);
    return text.matches("[0-9]+") ? Integer.parseInt(text) : 0;
  }

  @Test
  void from_the_link_of_the_start_to_a_report_of_what_a_worker_has_done() throws Exception {
    signIn();
    pauseAndMakeTasks();
    startAndWatch();
    int failed = count("failed");
    assertTrue(failed > 0 && failed < TASKS, failed + " of " + TASKS + " have blanks");
    lookAtOneThatSucceeded();
    lookAtOneThatFailed();
    runTheFailedAgain(failed);
    lookAtTheReport(failed);
    checkTheInvariants();
    assertEquals(List.of(), browser.complaints());
  }

  private void signIn() {
    browser.get(link);
    browser.fill("#name", "ada");
    browser.fill("#password", PASSWORD);
    browser.fill("#again", PASSWORD);
    browser.click("main .act");
    browser.awaitText(".notice", "The password is set.");
  }

  private void pauseAndMakeTasks() throws Exception {
    browser.click("a[href='/dispatch/pause']");
    browser.click("main .act");
    browser.awaitText("#pulse", "Paused");
    browser.click("a[href='/new']");
    browser.fill("#count", Integer.toString(TASKS));
    browser.fill("#bad", "20");
    browser.click("form[action='/new/test'] button");
    browser.awaitText(".notice", "The tasks are made.");
    browser.awaitText("#tile-waiting", Integer.toString(TASKS));
    assertEquals(TASKS, count("waiting"));
  }

  private void startAndWatch() throws Exception {
    browser.click("a[href='/dispatch/start']");
    browser.click("main .act");
    browser.awaitText("#pulse", "Dispatching");
    browser.script("window.same = true");
    List<Duration> ages = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    int now = ended();
    while (now < TASKS) {
      assertTrue(System.nanoTime() < deadline, now + " have ended\n" + worker + boss);
      if (now > shown()) {
        ages.add(untilShown(now));
      }
      now = ended();
    }
    untilShown(TASKS);
    assertEquals(count("failed"), tile("#tile-failed"));
    assertEquals(true, browser.script("return window.same"), "it was not loaded again");
    assertTrue(ages.size() >= 3, "too little to watch: " + ages);
    Collections.sort(ages);
    // The machine may be busy, but not all the time.
    assertTrue(ages.getFirst().compareTo(MAX_AGE) <= 0, ages.toString());
    assertTrue(ages.get(ages.size() / 2).compareTo(MAX_AGE.multipliedBy(4)) <= 0, ages.toString());
  }

  private Duration untilShown(int count) {
    long began = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(60))
        .until(() -> shown() >= count);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Opens the first of a list of tasks, and tells what its page has. */
  private String open(String filter) {
    browser.get(url + "tasks?" + filter);
    browser.click("tbody tr a.id");
    browser.awaitText("h1", "Task ");
    return browser.text("main");
  }

  private void assertHas(String page, String... parts) {
    for (String part : parts) {
      assertTrue(page.contains(part), part + " in " + page);
    }
  }

  private String payload() {
    return browser.text("dl.facts code");
  }

  private void lookAtOneThatSucceeded() {
    String page = open("state=succeeded");
    assertHas(page, "waiting", "sending", "dispatched", "succeeded", "person ada", "as stored");
    assertHas(page, Long.toString(worker.pid()), "done " + payload());
  }

  private void lookAtOneThatFailed() {
    String page = open("state=failed");
    assertHas(page, "waiting", "sending", "dispatched", "failed", "CommandFailedForGood");
    assertHas(page, Long.toString(worker.pid()), "no blanks: " + payload());
  }

  private void runTheFailedAgain(int failed) throws Exception {
    browser.get(url + "failures");
    assertHas(browser.text("main"), "CommandFailedForGood", "Run all " + failed + " again");
    Files.createFile(folder.resolve("mended"));
    browser.clickLink("all " + failed + "…");
    browser.awaitText("main", "All " + failed + " tasks");
    browser.fill("#reason", "the program takes blanks now");
    browser.click("form.stacked button");
    browser.awaitText("h1", "Operation 1: retry");
    browser.awaitText("main", "done");
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> count("succeeded"), succeeded -> succeeded == TASKS);
    browser.get(url + "tasks?text=account&state=succeeded&order=changed");
    browser.click("tbody tr a.id");
    browser.awaitText("main", "the program takes blanks now");
    assertHas(browser.text("main"), "Run 2: result of");
    // Counted anew after some seconds.
    await()
        .atMost(SOON)
        .until(
            () -> {
              browser.get(url + "failures");
              return browser.text("main").contains("No task has failed.");
            });
  }

  private void lookAtTheReport(int failed) {
    String answers = (TASKS + failed) + " answers of 1 worker";
    await()
        .atMost(SOON)
        .until(
            () -> {
              browser.get(url + "workers");
              return browser.text("main").contains(answers);
            });
    assertTrue(browser.text("tbody th").contains(Long.toString(worker.pid())));
    assertEquals(Integer.toString(TASKS + failed), browser.text("td[data-name='tasks']"));
    assertTrue(browser.text("td[data-name='failed']").startsWith(failed + " "));
  }

  private void checkTheInvariants() {
    browser.get(url + "checks");
    String page = browser.text("main");
    assertHas(page, "all hold", "%d tasks = %d ended + 0 open".formatted(TASKS, TASKS));
    assertHas(page, "There are none. What comes in and belongs to no task");
    assertTrue(browser.has("td .state.good"));
    assertFalse(browser.has(".state.bad, .state.warning"), page);
  }
}
