package com.amazonaws.jobprocessor.boss.page;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import org.openqa.selenium.Dimension;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Debian's Chromium without a window, which knows no host but this machine; as the daemon's tests
 * have it.
 */
final class Browser implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** False, and said loudly, if it is not installed. */
  static boolean isThere() {
    if (find("chromium") != null && find("chromedriver") != null) {
      return true;
    }
    System.err.println(
        """
        ###########################################################################
        ## chromium or chromedriver is missing: the page was NOT tested in it.   ##
        ## Install Debian's packages chromium and chromium-driver; .ci/run does. ##
        ###########################################################################
        """);
    return false;
  }

  private static @Nullable Path find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  static Browser open() {
    return open(true);
  }

  static Browser withoutJavaScript() {
    return open(false);
  }

  private static Browser open(boolean javaScript) {
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
    if (!javaScript) {
      options.setExperimentalOption(
          "prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
    }
    // With its path given, Selenium does not look for a driver in the net.
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(String.valueOf(find("chromedriver"))).toFile())
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(SOON);
    return new Browser(driver);
  }

  void get(String url) {
    driver.get(url);
  }

  /** In the size of a desktop, a phone, or whatever. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    driver.manage().window().setSize(new Dimension(width, height));
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

  /** What one reads there; empty if there is nothing. */
  String text(String selector) {
    try {
      return element(selector).getText();
    } catch (NoSuchElementException | StaleElementReferenceException e) {
      return "";
    } catch (WebDriverException e) {
      // ChromeDriver has no name for it: the page was left while its text was read.
      if (String.valueOf(e.getMessage()).contains("does not belong to the document")) {
        return "";
      }
      throw e;
    }
  }

  void awaitText(String selector, String part) {
    await("'" + part + "' in " + selector)
        .atMost(SOON)
        .until(() -> text(selector), text -> text.contains(part));
  }

  /** Fills a field in, in place of what is there. */
  void fill(String selector, String text) {
    WebElement field = element(selector);
    field.clear();
    field.sendKeys(text);
  }

  void click(String selector) {
    element(selector).click();
  }

  /** The value of a cookie. */
  String cookie(String name) {
    return Objects.requireNonNull(driver.manage().getCookieNamed(name)).getValue();
  }

  /** The path of the page, with its query. */
  String path() {
    return String.valueOf(script("return location.pathname + location.search"));
  }

  /** Takes a cookie {@code NAME=VALUE} of the host that it is at. */
  void takeCookie(String text) {
    int equals = text.indexOf('=');
    driver.manage().addCookie(new Cookie(text.substring(0, equals), text.substring(equals + 1)));
  }

  void clickLink(String text) {
    driver.findElement(By.linkText(text)).click();
  }

  /** What has the focus. */
  WebElement active() {
    return driver.switchTo().activeElement();
  }

  /** Presses a key where the focus is. */
  void press(CharSequence key) {
    active().sendKeys(key);
  }

  String title() {
    return driver.getTitle();
  }

  @Nullable Object script(String code, Object... arguments) {
    return driver.executeScript(code, arguments);
  }

  /** A picture, of the whole page or of what one sees of it. */
  byte[] picture(boolean whole) {
    Object answer =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole))
            .get("data");
    return Base64.getDecoder().decode(String.valueOf(answer));
  }

  /** What it was told by the page's author, and what it refused to do. */
  List<String> complaints() {
    List<String> all = new ArrayList<>();
    driver.manage().logs().get(LogType.BROWSER).forEach(entry -> all.add(entry.getMessage()));
    return all;
  }

  /** What axe-core finds that is more than minor, a line each. */
  List<String> barriers() throws IOException {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      if (axe == null) {
        throw new AssertionError("no axe.min.js on the class path");
      }
      script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run({resultTypes: ['violations']}).then(
              result => done(result.violations
                .filter(v => v.impact !== 'minor')
                .map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; '))),
              error => done(['axe: ' + error]));
            """);
    List<String> all = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(found)).forEach(one -> all.add(String.valueOf(one)));
    return all;
  }

  static void write(Path file, byte[] picture) {
    try {
      Files.write(file, picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
