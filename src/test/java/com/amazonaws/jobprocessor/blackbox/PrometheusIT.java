package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real Prometheus, of Debian's package, that scrapes a worker: what it stores, what the dashboard
 * asks it, and what it makes of the alerts.
 */
@Tag("long")
class PrometheusIT extends WatchedBlackBox {
  private static final int JOBS = 20;

  /** Only there while EC2 is asked, or when there is something to say. */
  private static final Set<String> MAY_BE_EMPTY = Set.of();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = StatusPageClient.freePort();
  private @Nullable Process prometheus;

  @AfterEach
  void endPrometheus() throws Exception {
    http.shutdownNow();
    if (prometheus != null) {
      prometheus.destroyForcibly();
      assertTrue(prometheus.waitFor(60, TimeUnit.SECONDS));
    }
  }

  /** False, and said loudly, if it is not installed. */
  private static boolean isThere() {
    try {
      Process version =
          new ProcessBuilder("prometheus", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return version.waitFor(60, TimeUnit.SECONDS) && version.exitValue() == 0;
    } catch (IOException e) {
      System.err.println(
          """
          ###################################################################
          ## prometheus is missing: metrics were NOT scraped by a real one. ##
          ## Install Debian's package prometheus; .ci/run does.             ##
          ###################################################################
          """);
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Path deployed(String file) {
    return Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("deploy", file);
  }

  private void scrape(int workersPort) throws IOException {
    Path config = folder.resolve("prometheus.yaml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: job-processor
            static_configs: [{targets: ["127.0.0.1:%d"]}]
        """
            .formatted(deployed("alerts.yaml"), workersPort));
    prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port,
                "--enable-feature=exemplar-storage")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
  }

  private JsonNode ask(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
            .timeout(Duration.ofSeconds(30))
            .build();
    JsonNode answer =
        new ObjectMapper()
            .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    assertEquals("success", answer.at("/status").asText(), answer::toString);
    return answer.at("/data");
  }

  private JsonNode query(String expression) throws IOException, InterruptedException {
    return ask("query?query=" + encoded(expression)).at("/result");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void awaitValue(String expression, double value) {
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class) // until it listens
        .until(() -> query(expression).at("/0/value/1").asDouble(-1) == value);
  }

  /** Every expression of the dashboard, with its variable as Grafana fills it for "All". */
  private static Set<String> expressions() throws IOException {
    Set<String> all = new LinkedHashSet<>();
    for (JsonNode panel :
        new ObjectMapper().readTree(deployed("grafana.json").toFile()).at("/panels")) {
      for (JsonNode target : panel.at("/targets")) {
        // Minutes of data are not there yet.
        all.add(
            target
                .at("/expr")
                .asText()
                .replace("$instance", ".*")
                .replaceAll("\\[(5m|15m|6h)]", "[1m]"));
      }
    }
    return all;
  }

  @Test
  void jobs_are_stored_with_exemplars_the_dashboard_is_answered_and_no_alert_is_ill()
      throws Exception {
    assumeTrue(isThere(), "prometheus is missing");
    Watched worker = startWatched("concurrency=2", "job_failure_retries=0");
    scrape(worker.page().port());
    awaitValue("jobprocessor_polling", 1);
    sqs.send(BACKLOG, jobs("quick", JOBS));
    sqs.send(BACKLOG, "fail");
    awaitResults(JOBS);
    awaitDeadLetters(1);

    awaitValue("jobprocessor_jobs_total{outcome=\"succeeded\"}", JOBS);
    awaitValue("jobprocessor_job_duration_seconds_count", JOBS + 1);
    assertExemplarsAreOfJobs();
    assertTheDashboardIsAnswered();
    assertTheRulesAreWell();
    awaitValue("up", 1);
    worker.daemon().sigterm();
    assertEquals(0, worker.daemon().awaitExit(SOON));
  }

  private void assertExemplarsAreOfJobs() {
    String metric = encoded("jobprocessor_job_duration_seconds_bucket");
    Set<String> ids = new TreeSet<>();
    await()
        .atMost(SOON)
        .until(
            () -> {
              JsonNode series = ask("query_exemplars?query=" + metric + "&start=0&end=4102444800");
              series.findValues("job_id").forEach(id -> ids.add(id.asText()));
              return !ids.isEmpty();
            });
    for (String id : resultsByJob().keySet()) {
      ids.remove(id);
    }
    assertTrue(ids.size() <= 1, "of no job, but for the one that failed: " + ids);
  }

  private void assertTheDashboardIsAnswered() throws IOException {
    Map<String, String> unanswered = new TreeMap<>();
    Set<String> all = expressions();
    assertTrue(all.size() >= 20, all::toString);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              unanswered.clear();
              for (String expression : all) {
                JsonNode result = query(expression);
                if (result.isEmpty() && !MAY_BE_EMPTY.contains(expression)) {
                  unanswered.put(expression, result.toString());
                }
              }
              assertEquals(Map.of(), unanswered);
            });
  }

  private void assertTheRulesAreWell() throws Exception {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Set<String> health = new TreeSet<>();
              ask("rules").findValues("health").forEach(one -> health.add(one.asText()));
              assertEquals(Set.of("ok"), health);
            });
  }
}
