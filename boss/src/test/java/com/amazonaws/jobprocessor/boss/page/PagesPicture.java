package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.TestHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of the pages for the documentation, of a night's work: {@code bin/test
 * -Dtest=NoSuchTest -Dit.test=PagesPicture}.
 */
class PagesPicture {
  @TempDir Path folder;

  @Test
  void take() throws Exception {
    assumeTrue(Browser.isThere());
    try (TestSite site = new TestSite(folder);
        Browser browser = Browser.open()) {
      site.clock.set("2026-01-06T20:30:00Z");
      new Control(site.database, site.actions)
          .setHours(
              "ada",
              new ProcessingHours(
                  ZoneId.of("Europe/Berlin"),
                  Stream.of("monday", "tuesday", "wednesday", "thursday", "friday")
                      .map(day -> Window.parse(day, "22:00", "06:00"))
                      .toList()));
      site.users.create("ada", "grace", Role.VIEWER);
      browser.get(site.url("/join?link=" + site.links.first().orElseThrow()));
      browser.fill("#name", "ada");
      browser.fill("#password", "correct horse battery");
      browser.fill("#again", "correct horse battery");
      browser.click("main .act");
      night(site);
      browser.resize(1_120, 800);
      browser.prefer("light");
      browser.get(site.url("/"));
      browser.awaitText("#live", "Refreshes by itself");
      save(browser, "boss.png");
      browser.get(site.url("/hours"));
      save(browser, "boss-hours.png");
      browser.get(site.url("/workers"));
      save(browser, "boss-workers.png");
      browser.get(site.url("/costs/1"));
      save(browser, "boss-costs.png");
      browser.prefer("dark");
      browser.resize(360, 780);
      browser.get(site.url("/"));
      browser.awaitText("#live", "Refreshes by itself");
      save(browser, "boss-phone.png");
    }
  }

  private static void night(TestSite site) throws Exception {
    Random random = new Random(7);
    for (String batch : List.of("accounts of Monday", "reminders", "statements of December")) {
      site.tasks.create("grace", batch, TestData.accounts(450, 5, random), null);
    }
    site.clock.set("2026-01-06T21:00:00Z");
    site.nights.look(TestHours.until(Instant.parse("2026-01-07T05:00:00Z")));
    // Six seconds a step: three workers with two slots each.
    for (int step = 0; step < 430; step++) {
      if (step == 60) {
        site.costs
            .runs()
            .plan(
                new WorkRun.Planned(
                    site.clock.instant(),
                    site.clock.instant().plus(Duration.ofMinutes(55)),
                    3,
                    1_218,
                    15,
                    Duration.ofMinutes(3 * 55).toSeconds()));
      }
      site.end(
          2 + random.nextInt(7) / 6,
          "i-0123456789abcdef" + step % 3,
          13_000 + random.nextInt(4_000),
          id -> random.nextInt(25) == 0 ? "IllegalArgument" : null);
    }
    site.plan(60);
    site.clock.pass(Duration.ofSeconds(5));
  }

  private static void save(Browser browser, String name) throws IOException {
    Path folder = Files.createDirectories(Checkout.root().resolve("boss/target/pages"));
    Browser.write(folder.resolve(name), browser.picture(name.contains("phone")));
    assertTrue(Files.size(folder.resolve(name)) > 10_000);
  }
}
