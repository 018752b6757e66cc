package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.docs.Page;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The names that {@code --json} prints are those of the page's table, all of them and no others.
 */
@Tag("long")
@Timeout(400)
class JsonNamesIT extends WorkersFixture {
  private static final String ERROR = "an error";

  /** By the row, that is by its first cell. */
  private final Map<String, Set<String>> printed = new TreeMap<>();

  private void prints(String row, int status, String... args) {
    assertEquals(status, run(args), () -> String.join(" ", args) + ": " + out + err);
    take(row, out.toString());
  }

  /** One object a line. */
  private void take(String row, String text) {
    assertTrue(!text.isBlank(), row);
    for (String line : text.split("\n", 0)) {
      for (String name : JsonNode.parser().parse(line).asObject().keySet()) {
        printed.computeIfAbsent(row, _ -> new TreeSet<>()).add(general(name));
      }
    }
  }

  /** Names with a part that is one of many, as the page has them. */
  private static String general(String name) {
    for (Item item : Item.values()) {
      if (name.equals(item.key() + "_usd") || name.equals(item.key() + "_quantity")) {
        return name.replace(item.key(), "ITEM");
      }
    }
    return name.replaceFirst("^failed\\..*", "failed.TYPE");
  }

  /** The names of each row, without the commands that some are said to be of. */
  private static Map<String, Set<String>> described() {
    Pattern row = Pattern.compile("(?m)^\\| (`.*) \\| (.*) \\|$");
    Pattern name = Pattern.compile("`(\\w[\\w.]*)`");
    Map<String, Set<String>> rows = new TreeMap<>();
    row.matcher(Page.of("docs/cli.md").section("JSON"))
        .results()
        .forEach(
            cells ->
                rows.put(
                    cells.group(1).replace("`", ""),
                    name.matcher(cells.group(2).replaceAll("of `[\\w-]+`( and `[\\w-]+`)?", ""))
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.toCollection(TreeSet::new))));
    return rows;
  }

  @Test
  void the_names_that_json_has_are_those_of_the_page() throws Exception {
    jobs();
    letters();
    table();
    queues();
    fleet();
    here();

    Map<String, Set<String>> described = described();
    assertEquals(described.keySet(), printed.keySet());
    printed.forEach((row, names) -> assertEquals(described.get(row), names, row));
  }

  private void jobs() throws Exception {
    prints("submit", 0, "submit", "--json", file("a").toString());
    sqs.sendWithAttributes(RESULTS, "1", Map.of("job_id", "a"));
    prints("results, run", 0, "results", "--json", "--expect", "1");
    sqs.sendWithAttributes(RESULTS, "1", Map.of("job_id", "p-1"));
    prints("results, run", 0, "run", "--json", "--id-prefix", "p", file("a").toString());
  }

  private void letter(String id, Map<String, String> more) {
    Map<String, String> attributes = new HashMap<>(more);
    attributes.putAll(Map.of("job_id", id, "backlog", TODO, "error_type", ERROR));
    sqs.sendWithAttributes(DEAD, "job", attributes);
  }

  private void letters() throws Exception {
    letter("a", Map.of());
    letter("b", Map.of());
    letter("c", Map.of("job_pack", "1", "job_count", "1", "result_pack", "1"));
    String large = file("x".repeat(1_100_000)).toString();
    done("submit", "--payload-bucket", BUCKET, "--backlog-queue", DEAD, large);

    prints("dead-letters", 0, "dead-letters", "--json");
    prints("dead-letters", 0, "dead-letters", "show", "--json", "a");
    prints("dead-letters --by-error", 0, "dead-letters", "--by-error", "--json");
    String row = "dead-letters send-back, edit, purge";
    prints(row, 0, "dead-letters", "send-back", "--json", "a");
    assertEquals(
        0, runs(Map.of("EDITOR", "sed -i s/j/J/"), "dead-letters", "edit", "--json", "b"), said());
    take(row, Files.readString(folder.resolve("out")));
    prints(row, 0, "dead-letters", "purge", "--all", "--yes", "--json");
  }

  private void record(String id, String state, Map<String, AttributeValue> more) {
    Map<String, AttributeValue> item = new HashMap<>(more);
    item.put("job_id", AttributeValue.fromS(id));
    item.put("queue", AttributeValue.fromS(TODO));
    item.put("state", AttributeValue.fromS(state));
    item.put("started_at", AttributeValue.fromS("2026-11-26T13:58:34Z"));
    item.put("finished_at", AttributeValue.fromS("2026-11-26T13:58:35Z"));
    item.put("duration_millis", AttributeValue.fromN("1000"));
    dynamo.client().putItem(r -> r.tableName(TABLE).item(item));
  }

  private void table() throws Exception {
    record("a", "SUCCEEDED", Map.of("result", AttributeValue.fromS("1")));
    record("b", "SUCCEEDED", Map.of("result_pointer", AttributeValue.fromS("s3://b/k")));
    record("c", "SUCCEEDED", Map.of());
    record("d", "DEAD", Map.of("error_type", AttributeValue.fromS(ERROR)));
    String[] end = {"--json", "--job-table", TABLE, "a", "b", "c", "d"};

    String row = "status, explain";
    prints(row, 0, with("status", end));
    prints(row, 4, with("status --watch", end));
    prints(row, 0, with("explain", end));
    prints("cancel", 3, with("cancel", end));
    prints("repair", 0, "repair", "--json", "--job-table", TABLE);
    String ids = file("a", "b", "c", "d").toString();
    prints("audit", 0, "audit", "--json", "--job-table", TABLE, "--ids", ids);
  }

  private static String[] with(String command, String... end) {
    return (command + " " + String.join(" ", end)).split(" ", -1);
  }

  private void queues() throws Exception {
    String arn =
        sqs.client()
            .getQueueAttributes(
                r -> r.queueUrl(sqs.urlOf(DEAD)).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    String policy = "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":5}".formatted(arn);
    sqs.client()
        .setQueueAttributes(
            r ->
                r.queueUrl(sqs.urlOf(TODO))
                    .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
    // ElasticMQ does not say these.
    sqs.proxy()
        .on("GetQueueAttributes")
        .rewriteAnswer(
            answer ->
                answer.replace(
                    "\"Attributes\":{",
                    "\"Attributes\":{\"MessageRetentionPeriod\":\"60\",\"MaximumMessageSize\":\"1024\","))
        .forever();
    Stop stop = new Stop();
    out.getBuffer().setLength(0);
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () ->
                SqsFixture.run(
                    stop,
                    out,
                    err,
                    "queues --json --watch 3600 --jobs-per-message 2".split(" ", -1)));
    awaitThat(() -> out.toString().lines().count() == 3 || status.isDone());
    stop.ask();
    assertEquals(0, status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), err::toString);
    take("queues", out.toString());
  }

  private void fleet() {
    try (FakeFleet fleet = FakeFleet.start()) {
      System.setProperty("aws.endpointUrlEc2", fleet.endpoint().toString());
      System.setProperty("aws.endpointUrlAutoScaling", fleet.endpoint().toString());
      fleet.instance("i-0123456789abcdef0").tag(Boxes.TAG, TODO);

      prints("fleet", 0, "fleet", "list", "--json");
      prints("fleet", 0, "fleet", "terminate", "--json", "i-0123456789abcdef0", "--yes");
      String launch = "fleet launch --json --no-wait --image ami-0123456789abcdef0";
      prints("fleet", 0, launch.split(" ", -1));
    } finally {
      System.clearProperty("aws.endpointUrlEc2");
      System.clearProperty("aws.endpointUrlAutoScaling");
    }
  }

  private void here() throws Exception {
    String jobs = file("0", "no sleep").toString();
    prints("run-local", 4, "run-local", "--json", jobs);
    take(
        "run-local",
        err.toString()
            .lines()
            .filter(line -> line.startsWith("{\"jobs\""))
            .findAny()
            .orElseThrow());
    prints("replay", 0, "replay", "--json", "--file", file("0").toString());
    prints("replay", 4, "replay", "--json", "--file", file("no sleep").toString());
    prints("cost", 0, "cost", "--json");
    Path old =
        ExecutorJar.of(
            folder.resolve("old.jar"),
            "if (job.equals(\"0\")) return \"1\"; throw new Exception();");
    Path now =
        ExecutorJar.of(
            folder.resolve("new.jar"),
            "if (job.equals(\"0\")) throw new Exception(); return \"2\";");
    prints(
        "run-local --compare",
        4,
        with("run-local --json --executor org.example.Mine --compare", old + "", now + "", jobs));
  }
}
