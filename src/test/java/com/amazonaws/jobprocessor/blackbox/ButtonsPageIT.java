package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The buttons of a real daemon's page in a real browser. */
@Tag("long")
class ButtonsPageIT extends BlackBox {
  private static final String ID = "i-0123456789abcdef0";
  private static final String TOKEN = "correct-horse-battery-staple";

  private final FakeImds imds = ButtonsIT.likeEc2(FakeImds.start());
  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final String url;

  ButtonsPageIT() {
    int port = StatusPageClient.freePort();
    url = "http://127.0.0.1:" + port + "/";
    imds.userData(
        String.join(
            "\n", EXECUTOR, "concurrency=1", "status_port=" + port, "status_token=" + TOKEN));
  }

  @BeforeEach
  void startDaemon() throws InterruptedException {
    assumeTrue(Browser.isThere());
    DaemonProcess daemon = start(fleet.serve(daemon().imds(imds.endpoint())));
    daemon.awaitLine("status page url=", SOON);
    daemon.awaitLine("taking jobs", SOON);
  }

  @AfterEach
  void close() {
    imds.close();
    fleet.close();
  }

  private static void signIn(Browser browser) {
    browser.element("#token").sendKeys(TOKEN);
    browser.element("#button form[method=post] button").click();
  }

  @Test
  void without_javascript_boxes_are_started_and_this_one_is_ended() throws Exception {
    try (Browser browser = Browser.withoutJavaScript()) {
      browser.get(url);
      browser.element("#boxes-wanted").clear();
      browser.element("#boxes-wanted").sendKeys("2");
      browser.element("#buttons form[action='/boxes/start'] button").click();
      browser.awaitText("#button h1", "Who are you?");
      browser.element("#token").sendKeys("a wrong one");
      browser.element("#button form[method=post] button").click();
      browser.awaitText("#button [role=alert]", "This is not the token.");
      signIn(browser);
      browser.awaitText("#button h1", "Start 2 boxes?");
      browser.awaitText("#button", "2 boxes like this one");
      browser.awaitText("#button .warning", "status_token");
      browser.awaitText("#button", "an hour");
      assertEquals(0, fleet.calls("RunInstances").size());
      browser.element("#button .act").click();
      browser.awaitText("#button", "2 boxes started: i-");
      assertEquals(3, fleet.instances().size());

      // The session goes on.
      browser.get(url);
      browser.element("#buttons form[action='/box/end'] button").click();
      browser.awaitText("#button h1", "End this box?");
      assertTrue(browser.text("#button").contains(ID));
      browser.element("#button .act").click();
      browser.awaitText("#button", "This box takes no more jobs");
    }
    await().atMost(SOON).until(() -> fleet.state(ID).equals("shutting-down"));
  }

  @Test
  void nobody_is_kept_out_and_nothing_complains() throws Exception {
    try (Browser browser = Browser.open()) {
      browser.get(url);
      browser.awaitText("#boxes", "at work");
      for (String path : List.of("", "boxes/start?boxes=2", "box/end")) {
        browser.get(url + path);
        if (browser.has("#token")) {
          assertBarrierFree(browser, "sign-in");
          browser.complaints(); // that the sign-in is a 401
          signIn(browser);
        }
        assertBarrierFree(browser, path);
        assertEquals(List.of(), browser.complaints(), path);
      }
      // While somebody types how many, nothing is refreshed, and nothing is typed over.
      browser.get(url);
      browser.element("#boxes-wanted").sendKeys("7");
      String typed = browser.element("#boxes-wanted").getAttribute("value");
      browser.awaitStandstill("#head .who");
      assertEquals(typed, browser.element("#boxes-wanted").getAttribute("value"));
      assertFalse(browser.has("[data-live] form[action]"));
    }
  }

  private static void assertBarrierFree(Browser browser, String path) throws IOException {
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      for (int width : new int[] {1280, 360}) {
        browser.resize(width, 900);
        assertEquals(List.of(), browser.barriers(), path + " " + scheme + ", " + width + " wide");
        Object over =
            browser.script("return document.documentElement.scrollWidth > window.innerWidth");
        assertEquals(false, over, path + " is wider than " + width);
      }
    }
  }
}
