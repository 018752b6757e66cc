package com.amazonaws.jobprocessor.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Takes the picture of the page for the README, and further ones to be looked at, of a worker that
 * has been at work for some minutes. Only on demand: {@code bin/test -Dtest=NoSuchTest
 * -Dit.test=PagePicture}.
 */
class PagePicture extends BlackBox {
  private static final Duration MINUTES =
      Duration.ofSeconds(Integer.getInteger("page.picture.seconds", 240));

  private final FakeImds imds = FakeImds.start();
  private final Random random = new Random(1);

  @BeforeAll
  static void findBrowser() {
    assumeTrue(Browser.isThere());
  }

  private List<String> load(int count) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(100);
      jobs.add(
          switch (kind) {
            case 0 -> "say no-space-left-on-device";
            case 1 -> "permanent";
            case 2, 3, 4 -> "fail-once";
            default -> "sleep " + (300 + random.nextInt(1_200));
          });
    }
    return jobs;
  }

  @Test
  void take() throws Exception {
    int port = StatusPageClient.freePort();
    imds.set("/latest/meta-data/instance-type", "c7g.large");
    imds.userData(
        String.join(
            "\n",
            EXECUTOR,
            "concurrency=8",
            "poll_rate_per_min=6000",
            "job_failure_retries=2",
            "retry_delay_in_secs=1",
            "expected_job_execution_time_in_secs=20",
            "executor.password=hunter2hunter2",
            "status_port=" + port));
    start(daemon().imds(imds.endpoint())).awaitLine("status page url=", SOON);
    try (Browser browser = Browser.open()) {
      browser.get("http://127.0.0.1:" + port + "/");
      browser.resize(1280, 900);
      browser.awaitText("#queue", "No jobs yet");
      picture(browser, "new.png");
      sqs.sendWithAttributes(BACKLOG, "sleep 6000000", Map.of("job_id", "video-0815"));
      sqs.send(BACKLOG, load(4_000));
      Instant end = Instant.now().plus(MINUTES);
      Awaitility.await().atMost(MINUTES.plus(SOON)).until(() -> Instant.now().isAfter(end));
      browser.awaitText("#queue", "will be empty at about");

      browser.prefer("light");
      browser.resize(1_120, 760);
      Browser.write(target("page.png"), browser.picture(false));
      browser.resize(1_280, 900);
      picture(browser, "light.png");
      browser.prefer("dark");
      picture(browser, "dark.png");
      browser.resize(360, 780);
      picture(browser, "phone.png");
      Files.writeString(
          target("page.html"),
          String.valueOf(browser.script("return document.body.innerText")),
          UTF_8);
    } finally {
      imds.close();
    }
    assertTrue(Files.size(target("light.png")) > 10_000);
  }

  private static void picture(Browser browser, String name) throws IOException {
    Browser.write(target(name), browser.picture(true));
  }

  private static Path target(String name) throws IOException {
    return Files.createDirectories(Checkout.root().resolve("target/page")).resolve(name);
  }
}
