package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window, which knows no host but this machine. */
final class Browser implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  /**
   * What the browser fetched.
   *
   * @param bytes with its headers, as they came: compressed
   */
  record Fetched(String url, long bytes) {}

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
    logs.enable(LogType.PERFORMANCE, Level.ALL);
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
    }
  }

  /** The value of the tile of that name. */
  String tile(String name) {
    return String.valueOf(
        script(
            "return [...document.querySelectorAll('.tiles > div')]"
                + ".filter(d => d.querySelector('dt').textContent === arguments[0])"
                + ".map(d => d.querySelector('dd').textContent.trim())[0] || ''",
            name));
  }

  void awaitText(String selector, String part) {
    await("'" + part + "' in " + selector)
        .atMost(SOON)
        .until(() -> text(selector), text -> text.contains(part));
  }

  /**
   * Waits until a text has not changed for five seconds, and returns it: what was under way when
   * the page was told to stand still may still come.
   */
  String awaitStandstill(String selector) {
    AtomicReference<String> last = new AtomicReference<>("");
    await()
        .during(Duration.ofSeconds(5))
        .atMost(SOON)
        .until(
            () -> {
              String now = text(selector);
              return now.equals(last.getAndSet(now));
            });
    return last.get();
  }

  /**
   * Tells the page that it is seen, or that it is not, as another tab in front of it would:
   * Chromium without a screen takes every page for seen.
   */
  void setSeen(boolean seen) {
    script(
        "Object.defineProperty(document, 'hidden', {value: "
            + !seen
            + ", configurable: true}); document.dispatchEvent(new Event('visibilitychange'))");
  }

  void press(CharSequence key) {
    element("body").sendKeys(key);
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

  /** What it has fetched since it was last asked. */
  List<Fetched> fetched() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, String> urls = new HashMap<>();
    List<Fetched> all = new ArrayList<>();
    for (var entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode event = json.readTree(entry.getMessage()).path("message");
      JsonNode params = event.path("params");
      String id = params.path("requestId").asText();
      switch (event.path("method").asText()) {
        case "Network.requestWillBeSent" ->
            urls.put(id, params.path("request").path("url").asText());
        case "Network.requestServedFromCache" -> urls.remove(id);
        case "Network.loadingFinished" -> {
          String url = urls.remove(id);
          if (url != null) {
            all.add(new Fetched(url, params.path("encodedDataLength").asLong()));
          }
        }
        default -> {}
      }
    }
    urls.forEach((_, url) -> all.add(new Fetched(url, 0)));
    return all.stream().filter(one -> !one.url().startsWith("data:")).toList();
  }

  /** What axe-core finds that is serious or worse, a line each. */
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
                .filter(v => v.impact === 'serious' || v.impact === 'critical')
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
