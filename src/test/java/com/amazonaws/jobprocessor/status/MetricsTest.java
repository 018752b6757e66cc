package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.Exemplar;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.stats.ListedBoxes;
import com.amazonaws.jobprocessor.stats.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final String OPEN_METRICS =
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
  private static final Pattern TYPE = Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE);

  private final Snapshots snapshots = new Snapshots();

  private String metrics() {
    Reply reply = new MetricsPage(snapshots::now).get("text/plain");
    assertEquals(200, reply.status());
    assertTrue(reply.contentType().startsWith("text/plain; version=0.0.4"), reply::contentType);
    return reply.body();
  }

  private void assertHas(String line) {
    assertTrue(metrics().lines().anyMatch(line::equals), () -> line + "\n" + metrics());
  }

  private static String deployed(String file) throws IOException {
    return Files.readString(Path.of(System.getProperty("basedir", "."), file));
  }

  @Test
  void the_numbers_are_those_of_the_snapshot() {
    assertHas("jobprocessor_jobs_total{outcome=\"succeeded\"} 98.0");
    assertHas("jobprocessor_jobs_total{outcome=\"retried\"} 5.0");
    assertHas("jobprocessor_jobs_total{outcome=\"dead_lettered\"} 2.0");
    assertHas("jobprocessor_jobs_total{outcome=\"given_back\"} 6.0");
    assertHas("jobprocessor_dead_letters_refused_total 7.0");
    assertHas("jobprocessor_slots 2.0");
    assertHas("jobprocessor_slots_busy 2.0");
    assertHas("jobprocessor_jobs_stuck 1.0");
    assertHas("jobprocessor_leases_total{event=\"lost\"} 3.0");
    assertHas("jobprocessor_leases_total{event=\"renewed\"} 44.0");
    assertHas(
        "jobprocessor_queue_messages{queue=\"todo\",role=\"backlog\",state=\"waiting\"} 1200.0");
    assertHas("jobprocessor_oldest_message_age_seconds 42.0");
    assertHas("jobprocessor_sqs_requests_total{action=\"ReceiveMessage\",result=\"ok\"} 39.0");
    assertHas("jobprocessor_sqs_requests_total{action=\"ReceiveMessage\",result=\"failed\"} 1.0");
    assertHas("jobprocessor_sqs_requests_total{action=\"other\",result=\"ok\"} 5.0");
    assertHas("jobprocessor_sqs_requests_total{action=\"other\",result=\"failed\"} 1.0");
    assertHas("jobprocessor_sqs_billed_requests_total{action=\"ReceiveMessage\"} 41.0");
    assertHas("jobprocessor_cost_dollars_total{item=\"ec2_instance\"} 0.0725");
    assertHas("jobprocessor_poll_rate_held_seconds_total 1.5");
    assertHas("jobprocessor_polling 1.0");
    assertHas("jobprocessor_live 1.0");
    assertHas("jobprocessor_boxes{queue=\"todo\",state=\"running\"} 2.0");
    assertHas("jobprocessor_boxes{queue=\"todo\",state=\"pending\"} 1.0");
    assertHas("jobprocessor_boxes_age_seconds{queue=\"todo\"} 20.0");
  }

  @Test
  void boxes_of_long_ago_are_no_number() {
    snapshots.boxes = new ListedBoxes(List.of(), Duration.ofMinutes(6), "throttled");

    assertFalse(metrics().contains("jobprocessor_boxes"), this::metrics);
  }

  @Test
  void a_histogram_is_cumulative_and_has_its_sum() {
    assertHas("jobprocessor_job_duration_seconds_bucket{le=\"0.005\"} 0");
    assertHas("jobprocessor_job_duration_seconds_bucket{le=\"1.0\"} 25");
    assertHas("jobprocessor_job_duration_seconds_bucket{le=\"5.0\"} 100");
    assertHas("jobprocessor_job_duration_seconds_bucket{le=\"+Inf\"} 100");
    assertHas("jobprocessor_job_duration_seconds_count 100");
    assertHas("jobprocessor_job_duration_seconds_sum 202.0");
    assertHas("jobprocessor_job_wait_seconds_bucket{le=\"60.0\"} 60");
  }

  private String openMetrics() {
    Reply reply = new MetricsPage(snapshots::now).get(OPEN_METRICS);
    assertTrue(reply.contentType().startsWith("application/openmetrics-text"), reply::contentType);
    return reply.body();
  }

  /** The exemplar of each bucket of how long attempts took, by the bucket's upper bound. */
  private Map<String, String> exemplars() {
    Map<String, String> all = new LinkedHashMap<>();
    Matcher line =
        Pattern.compile(
                "^jobprocessor_job_duration_seconds_bucket\\{le=\"(\\S+)\"} \\d+ # (.*)$",
                Pattern.MULTILINE)
            .matcher(openMetrics());
    while (line.find()) {
      all.put(line.group(1), line.group(2));
    }
    return all;
  }

  private static Exemplar job(String id, double seconds, int secondsLater) {
    return new Exemplar(id, seconds, Snapshots.AT.plusSeconds(secondsLater));
  }

  @Test
  void a_bucket_s_exemplar_is_its_newest_job_in_open_metrics_only() {
    snapshots.exemplars =
        List.of(job("a", 0.26, 2), job("b", 0.3, 3), job("c", 0.5, 1), job("d", 90_000, 0));

    assertEquals(
        Map.of(
            "0.5",
            "{job_id=\"b\"} 0.3 1767323048.678",
            "+Inf",
            "{job_id=\"d\"} 90000.0 1767323045.678"),
        exemplars());
    assertFalse(metrics().contains("job_id"), this::metrics);
  }

  @Test
  void an_exemplar_s_id_is_escaped_and_cut_to_what_open_metrics_allows() {
    String most = "😀".repeat(122);
    snapshots.exemplars =
        List.of(
            job("a\"b\\c\nd", 0.1, 0),
            job(most, 1, 0),
            job(most + "x", 5, 0),
            job("y".repeat(256), 10, 0));

    assertEquals(
        List.of(
            "{job_id=\"a\\\"b\\\\c\\nd\"} 0.1 1767323045.678",
            "{job_id=\"" + most + "\"} 1.0 1767323045.678",
            "{job_id=\"" + "😀".repeat(121) + "…\"} 5.0 1767323045.678",
            "{job_id=\"" + "y".repeat(121) + "…\"} 10.0 1767323045.678"),
        List.copyOf(exemplars().values()));
  }

  @Test
  void each_metric_has_help_and_a_name_with_its_base_unit() {
    Matcher type = TYPE.matcher(metrics());
    int count = 0;
    while (type.find()) {
      count++;
      String name = type.group(1);
      assertTrue(metrics().contains("# HELP " + name + " "), name);
      assertTrue(name.startsWith("jobprocessor_"), name);
      assertEquals(type.group(2).equals("counter"), name.endsWith("_total"), name);
      assertFalse(name.matches(".*_(ms|millis|minutes|kb|mb|percent)(_total)?"), name);
    }
    assertTrue(count >= 24, count + " metrics");
  }

  @Test
  void no_label_has_an_id_or_a_text_of_a_jobs() {
    snapshots.failures =
        List.of(
            new FailureKind(
                "my.Error",
                "disk on fire",
                1,
                0,
                0,
                List.of(new FailedJob("id-7", 1, After.DEAD_LETTERED, Snapshots.AT))));
    String text = metrics();

    for (String id : List.of("job-1", "id-7", "i-0123456789abcdef0", "my.Error", "disk on fire")) {
      assertFalse(text.contains(id), id);
    }
    Set<String> labels = new TreeSet<>();
    Matcher label = Pattern.compile("[{,]([a-z_]+)=\"").matcher(text);
    while (label.find()) {
      labels.add(label.group(1));
    }
    assertEquals(
        Set.of(
            "action",
            "event",
            "instance_type",
            "item",
            "le",
            "outcome",
            "queue",
            "region",
            "result",
            "role",
            "state",
            "version"),
        labels);
  }

  @Test
  void a_worker_that_starts_has_metrics_too() {
    Snapshots starting = Snapshots.starting();
    String text = new MetricsPage(starting::now).get("").body();

    assertTrue(text.contains("\njobprocessor_polling 0.0\n"), text);
    assertTrue(text.contains("\njobprocessor_slots_busy 0.0\n"), text);
  }

  @Test
  void problems_are_all_that_the_page_lists_as_such() {
    assertHas("jobprocessor_problems 1.0");

    snapshots.failing = List.of(Snapshots.failing(Service.SQS, "SendMessageBatch"));
    snapshots.executorUnavailable = "no license";
    snapshots.stuck = List.of(new Snapshot.Stuck("work event", Duration.ofSeconds(61)));
    assertHas("jobprocessor_problems 4.0");
  }

  @Test
  void a_drain_shows() {
    snapshots.drainLeft = Duration.ofSeconds(5);

    assertHas("jobprocessor_draining 1.0");
    assertHas("jobprocessor_polling 0.0");
    assertHas("jobprocessor_live 1.0");
  }

  @Test
  void open_metrics_are_for_those_that_ask_for_them() {
    Reply reply = new MetricsPage(snapshots::now).get(OPEN_METRICS);

    assertTrue(reply.contentType().startsWith("application/openmetrics-text"), reply::contentType);
    assertTrue(reply.body().endsWith("# EOF\n"), reply::body);
    assertTrue(reply.body().contains("\n# TYPE jobprocessor_jobs counter\n"), reply::body);
    assertTrue(
        reply
            .body()
            .contains("\njobprocessor_jobs_created{outcome=\"succeeded\"} 1767319445.678\n"),
        reply::body);
  }

  @Test
  void the_documentation_has_every_metric_and_no_other() throws IOException {
    Set<String> written = new TreeSet<>();
    Matcher type = TYPE.matcher(metrics());
    while (type.find()) {
      written.add(type.group(1));
    }
    Set<String> documented = new TreeSet<>();
    Matcher row =
        Pattern.compile(
                "^\\| `(jobprocessor_[a-z_]+)` \\| (?:counter|gauge|histogram)", Pattern.MULTILINE)
            .matcher(deployed("docs/status.md"));
    while (row.find()) {
      documented.add(row.group(1));
    }

    assertEquals(written, documented);
  }

  /** Every name that is used exists, with its labels' names. */
  @Test
  void dashboard_and_alerts_use_only_metrics_that_exist() throws IOException {
    Set<String> existing =
        metrics()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceFirst("[{ ].*", ""))
            .collect(Collectors.toSet());
    for (String file : List.of("deploy/grafana.json", "deploy/alerts.yaml")) {
      Set<String> used = new TreeSet<>();
      Matcher name = Pattern.compile("jobprocessor_[a-z_]+").matcher(deployed(file));
      while (name.find()) {
        used.add(name.group());
      }
      assertTrue(used.size() > 5, file + " uses " + used);
      used.removeAll(existing);
      assertEquals(Set.of(), used, file);
    }
  }

  @Test
  void promtool_finds_nothing_to_complain_of_in_the_metrics() {
    assumeTrue(Promtool.isThere(), "promtool is missing");

    assertEquals(new Promtool.Run(0, ""), Promtool.run(metrics(), "check", "metrics"));
  }

  @Test
  void promtool_accepts_the_alerts_and_they_fire_when_they_should() {
    assumeTrue(Promtool.isThere(), "promtool is missing");
    String root = System.getProperty("basedir", ".");

    Promtool.Run rules = Promtool.run("", "check", "rules", root + "/deploy/alerts.yaml");
    assertEquals(0, rules.status(), rules::said);
    Promtool.Run tests = Promtool.run("", "test", "rules", root + "/deploy/alerts-test.yaml");
    assertEquals(0, tests.status(), tests::said);
  }
}
