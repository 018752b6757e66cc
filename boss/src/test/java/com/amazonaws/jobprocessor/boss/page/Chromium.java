package com.amazonaws.jobprocessor.boss.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, which knows no host but this machine. */
final class Chromium implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  Chromium() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(String.valueOf(find("chromium")));
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // for root, as in a container
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--window-size=1280,1000");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    // With its path given, Selenium does not look for a driver in the net.
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(String.valueOf(find("chromedriver"))).toFile())
            .usingAnyFreePort()
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(SOON);
  }

  /** False, and said loudly, if it is not installed. */
  static boolean isThere() {
    boolean there = find("chromium") != null && find("chromedriver") != null;
    if (!there) {
      System.err.println("## chromium or chromedriver is missing: pages were NOT tested in it ##");
    }
    return there;
  }

  private static @Nullable Path find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  ChromeDriver driver() {
    return driver;
  }

  void get(String url) {
    driver.get(url);
  }

  String url() {
    return driver.getCurrentUrl();
  }

  String title() {
    return driver.getTitle();
  }

  /** Sets a cookie {@code NAME=VALUE} of the host that it is at. */
  void cookie(String text) {
    int equals = text.indexOf('=');
    driver.manage().addCookie(new Cookie(text.substring(0, equals), text.substring(equals + 1)));
  }

  /** In the size of a desktop or a phone. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** As if the system were dark, or light. */
  void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  boolean has(String selector) {
    return !driver.findElements(By.cssSelector(selector)).isEmpty();
  }

  /** What has the focus. */
  WebElement active() {
    return driver.switchTo().activeElement();
  }

  /** What one reads there; empty if there is nothing. */
  String text(String selector) {
    try {
      return element(selector).getText();
    } catch (NoSuchElementException | StaleElementReferenceException e) {
      return "";
    }
  }

  /** Presses a key where the focus is. */
  void press(CharSequence key) {
    active().sendKeys(key);
  }

  @Nullable Object script(String code) {
    return driver.executeScript(code);
  }

  /** What it was told by the page's author, and what it refused to do. */
  List<String> complaints() {
    List<String> all = new ArrayList<>();
    driver.manage().logs().get(LogType.BROWSER).forEach(entry -> all.add(entry.getMessage()));
    return all;
  }

  /** Writes a picture of the page into the folder of the system property, if there is one. */
  void picture(String name) throws IOException {
    String folder = System.getProperty("job-processor.pictures");
    if (folder != null) {
      Object data =
          driver
              .executeCdpCommand(
                  "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
              .get("data");
      Files.write(
          Path.of(folder, name.replaceAll("[^a-z0-9-]+", "_") + ".png"),
          Base64.getDecoder().decode(String.valueOf(data)));
    }
  }

  /** What axe-core finds that is serious or worse, a line each. */
  List<String> barriers() throws IOException {
    try (InputStream axe = Chromium.class.getResourceAsStream("/axe.min.js")) {
      script(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run({resultTypes: ['violations']}).then(
              result => done(result.violations
                .filter(v => v.impact === 'serious' || v.impact === 'critical')
                .map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; '))),
              error => done(['axe: ' + error]));
            """);
    List<String> all = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(found)).forEach(one -> all.add(String.valueOf(one)));
    return all;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
