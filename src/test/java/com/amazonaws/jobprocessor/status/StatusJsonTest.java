package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.stats.LastFailures.FailedJob;
import com.amazonaws.jobprocessor.stats.LastFailures.FailureKind;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NAME =
      Pattern.compile("^\\| `([a-z0-9_.\\[\\]]+)` \\|", Pattern.MULTILINE);

  private static JsonNode json(Snapshots snapshots) throws Exception {
    Reply reply = new StatusJson(snapshots::now).get("");
    assertEquals(200, reply.status());
    assertEquals("application/json", reply.contentType());
    return JSON.readTree(reply.bytes());
  }

  private static Snapshots full() {
    Snapshots full = new Snapshots();
    full.failing = List.of(Snapshots.failing(Service.SQS, "ReceiveMessage"));
    full.executorUnavailable = "no license";
    full.stuck = List.of(new Snapshot.Stuck("work event", Duration.ofSeconds(61)));
    return full;
  }

  /** Every name, with its path: {@code a.b[].c}. */
  private static void names(String path, JsonNode node, Set<String> names) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field -> {
                String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                if (!field.getValue().isObject()) {
                  names.add(field.getValue().isArray() ? name + "[]" : name);
                }
                names(name, field.getValue(), names);
              });
    } else if (node.isArray()) {
      node.forEach(element -> names(path + "[]", element, names));
    }
  }

  @Test
  void every_name_is_in_the_documentation_and_no_other() throws Exception {
    Set<String> written = new TreeSet<>();
    names("", json(full()), written);

    String page =
        Files.readString(Path.of(System.getProperty("basedir", "."), "docs", "status.md"));
    Set<String> documented = new TreeSet<>();
    int begin = page.indexOf("\n## /status.json");
    Matcher name = NAME.matcher(page.substring(begin, page.indexOf("\n## ", begin + 1)));
    while (name.find()) {
      documented.add(name.group(1));
    }

    assertEquals(documented, written);
    assertTrue(written.size() > 90, () -> written.size() + " names");
    assertTrue(written.stream().allMatch(n -> n.matches("[a-z0-9_.\\[\\]]+")), written::toString);
  }

  @Test
  void a_worker_that_starts_has_the_same_names() throws Exception {
    Set<String> full = new TreeSet<>();
    names("", json(full()), full);
    Set<String> starting = new TreeSet<>();
    names("", json(Snapshots.starting()), starting);

    full.removeIf(name -> name.matches(".*\\[\\]\\..*"));
    starting.removeIf(name -> name.matches(".*\\[\\]\\..*"));
    assertEquals(full, starting);
  }

  @Test
  void times_are_utc_and_durations_are_seconds() throws Exception {
    JsonNode json = json(new Snapshots());

    assertEquals("2026-01-02T03:04:05.678Z", json.at("/at").asText());
    assertEquals(3600, json.at("/uptime_seconds").asDouble());
    assertEquals(1.5, json.at("/slots/running/1/age_seconds").asDouble());
    assertTrue(json.at("/uptime_seconds").isNumber());
    assertEquals(42, json.at("/queues/oldest_message_age_seconds").asDouble());
  }

  @Test
  void numbers_are_those_of_the_snapshot() throws Exception {
    String text = StatusJson.text(new Snapshots().now());
    JsonNode json = JSON.readTree(text);

    assertEquals(1_200, json.at("/queues/backlog/waiting").asInt());
    assertEquals("dead", json.at("/queues/dead_letters/name").asText());
    assertEquals(2, json.at("/slots/busy").asInt());
    assertEquals(3, json.at("/boxes/up").asInt());
    assertEquals("i-4", json.at("/boxes/list/3/instance_id").asText());
    assertEquals("stopped", json.at("/boxes/list/3/state").asText());
    assertEquals("job-1", json.at("/slots/running/0/job_id").asText());
    assertTrue(json.at("/slots/running/0/stuck").asBoolean());
    assertEquals(98, json.at("/jobs/succeeded").asInt());
    assertEquals(7, json.at("/jobs/letters_refused").asInt());
    assertEquals(1.1, json.at("/cost/requests_per_job").asDouble());
    assertEquals("slots", json.at("/limit/kind").asText());
    assertEquals(5, json.at("/jobs/last_hour/ended/2").asInt());
    assertEquals(725.38, json.at("/cost/dollars_per_million_jobs").asDouble(), 0.005);
    assertFalse(text.contains("E-"), text); // small amounts, too, are plain decimal numbers
    assertTrue(text.contains("\"dollars\":0.000016"), text);
  }

  @Test
  void hostile_texts_are_texts() throws Exception {
    String hostile = "\"</script>\u202e\u0000\ud800\n" + "x".repeat(100_000);
    Snapshots snapshots = new Snapshots();
    snapshots.executorUnavailable = hostile;
    snapshots.failures =
        List.of(
            new FailureKind(
                hostile,
                hostile,
                1,
                0,
                4,
                List.of(new FailedJob(hostile, 1, After.LETTER_REFUSED, Snapshots.AT))));

    JsonNode json = json(snapshots);

    String expected = hostile.replace('\ud800', '?');
    assertEquals(expected, json.at("/executor_unavailable").asText());
    assertEquals(expected, json.at("/failures/0/last_jobs/0/job_id").asText());
    assertEquals(4, json.at("/failures/0/letters_refused").asInt());
    assertTrue(json.at("/failures/0/last_jobs/0/letter_refused").asBoolean());
    assertFalse(json.at("/failures/0/last_jobs/0/for_good").asBoolean());
  }
}
