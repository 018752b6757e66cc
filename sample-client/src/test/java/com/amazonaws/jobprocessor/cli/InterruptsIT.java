package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Ctrl-C while a command waits or works: it ends with 130, says what was done, leaves no message
 * hidden and no process behind.
 */
@Tag("long")
@Timeout(400)
class InterruptsIT extends WorkersFixture {
  private static final Duration LATE = Duration.ofSeconds(4);
  private static final List<String> QUEUES = List.of(TODO, RESULTS, DEAD);

  private final Map<String, String> environment = new HashMap<>();

  private void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
    assertEquals(130, process.exitValue(), said());
    assertFalse(said().contains("Exception"), said());
    assertTrue(said().contains("interrupted"), said());
    for (String queue : QUEUES) {
      Awaitility.await(queue + ": " + said())
          .atMost(Duration.ofSeconds(20))
          .until(() -> sqs.counts(queue).notVisible() == 0);
    }
  }

  private Process start(String... args) throws IOException {
    return start(environment, args);
  }

  private void results(String... ids) {
    for (String id : ids) {
      sqs.sendWithAttributes(RESULTS, "1", Map.of("job_id", id));
    }
  }

  private void letters(int count) {
    for (int i = 0; i < count; i++) {
      sqs.sendWithAttributes(
          DEAD,
          "job",
          Map.of("job_id", "dead-" + i, "backlog", TODO, "error_type", "E", "error_message", "e"));
    }
  }

  private void record(String id, String state) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("job_id", AttributeValue.fromS(id));
    item.put("queue", AttributeValue.fromS(TODO));
    item.put("state", AttributeValue.fromS(state));
    item.put("attempts", AttributeValue.fromN("1"));
    dynamo.client().putItem(r -> r.tableName(TABLE).item(item));
  }

  @Test
  void submit_with_wait_names_what_has_not_ended() throws Exception {
    results("p-1", "other-1");
    Process process =
        start("submit", "--wait", "--ids", "--id-prefix", "p", file("a", "b").toString());
    awaitThat(() -> sqs.counts(TODO).visible() == 2 && sqs.counts(RESULTS).notVisible() > 0);

    interrupt(process);

    assertTrue(said().startsWith("p-1\np-2\n"), said());
    assertTrue(said().contains("not ended are "), said());
    assertEquals(2, sqs.counts(RESULTS).visible());
  }

  @Test
  void results_of_certain_jobs_says_how_many_were_printed() throws Exception {
    results("a", "other-1", "other-2");
    Process process = start("results", "--ids", file("a", "b").toString());
    awaitThat(() -> said().contains("a\t1"));

    interrupt(process);

    assertTrue(said().contains("interrupted: 1 result printed;"), said());
    assertEquals(2, sqs.counts(RESULTS).visible());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--follow", "--keep"})
  void results_without_an_end_leaves_what_it_has_not_deleted(String option) throws Exception {
    results("a", "b");
    Process process = start("results", option);
    awaitThat(() -> said().contains("a\t1") && said().contains("b\t1"));

    interrupt(process);

    assertEquals(option.equals("--keep") ? 2 : 0, sqs.counts(RESULTS).visible());
    assertTrue(said().contains("interrupted: 2 results printed;"), said());
  }

  @Test
  void a_watch_over_jobs_says_where_they_are() throws Exception {
    record("a", "RUNNING");
    Process process = start("status", "--job-table", TABLE, "--watch", "a");
    awaitThat(() -> said().contains("RUNNING"));

    interrupt(process);

    assertTrue(said().contains("interrupted: 1 RUNNING"), said());
  }

  @Test
  void a_list_of_dead_letters_hides_none() throws Exception {
    letters(15);
    Fault late = sqs.proxy().on("ReceiveMessage").queue(DEAD).afterFirst(1).delay(LATE).once();
    Process process = start("dead-letters");
    late.awaitHit(PATIENCE);

    interrupt(process);

    assertEquals(15, sqs.counts(DEAD).visible());
  }

  @Test
  void dead_letters_that_were_sent_back_are_counted_and_the_others_stay() throws Exception {
    letters(25);
    Fault late = sqs.proxy().on("SendMessageBatch").afterFirst(1).delay(LATE).once();
    Process process = start("dead-letters", "send-back", "--all");
    late.awaitHit(PATIENCE);

    interrupt(process);

    int sent = sqs.counts(TODO).visible();
    assertTrue(sent > 0 && sent < 25, "" + sent);
    assertEquals(25 - sent, sqs.counts(DEAD).visible());
    assertTrue(said().startsWith("sent back " + sent + " jobs\n"), said());
    assertTrue(said().contains("the other dead letters stay as they are"), said());
  }

  @Test
  void dead_letters_that_were_purged_are_counted_and_the_others_stay() throws Exception {
    letters(25);
    Fault late = sqs.proxy().on("DeleteMessageBatch").afterFirst(1).delay(LATE).once();
    Process process = start("dead-letters", "purge", "--all", "--yes");
    late.awaitHit(PATIENCE);

    interrupt(process);

    int left = sqs.counts(DEAD).visible();
    assertTrue(left > 0 && left < 25, "" + left);
    assertTrue(said().startsWith("deleted " + (25 - left) + " dead letters\n"), said());
  }

  @Test
  void an_editor_is_closed_and_its_letter_stays() throws Exception {
    letters(1);
    Path editor =
        Files.writeString(
            folder.resolve("editor.sh"), "touch %s/edits; sleep 600".formatted(folder));
    environment.put("EDITOR", "sh " + editor);
    Process process = start("dead-letters", "edit", "--all");
    awaitThat(() -> Files.exists(folder.resolve("edits")));
    List<ProcessHandle> children = process.descendants().toList();

    interrupt(process);

    assertTrue(said().contains("sent back 0 edited jobs"), said());
    assertEquals(1, sqs.counts(DEAD).visible());
    awaitThat(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }

  private String[] sleeping(String... args) throws IOException {
    Path command =
        Files.writeString(
            folder.resolve("long.sh"), "touch %s/runs; exec sleep 600".formatted(folder));
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(
        List.of("--executor", "ShellCommand", "--user-data", "executor.command=sh " + command));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"replay --file", "run-local -t 2 -w"})
  void what_runs_here_is_ended(String command) throws Exception {
    List<String> args = new ArrayList<>(List.of(command.split(" ", -1)));
    args.add(file("a").toString());
    Process process = start(sleeping(args.toArray(String[]::new)));
    awaitThat(() -> Files.exists(folder.resolve("runs")));
    List<ProcessHandle> children = process.descendants().toList();

    interrupt(process);

    awaitThat(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void a_repair_says_how_many_it_has_sent() throws Exception {
    done("submit", "--job-table", TABLE, "--id-prefix", "p", file("a", "b", "c").toString());
    sqs.drain(TODO);
    Fault busy = sqs.proxy().on("SendMessageBatch").throttle().forever();
    Process process = start("repair", "--job-table", TABLE, "--older-than", "0");
    busy.awaitHits(2, PATIENCE);

    interrupt(process);

    assertTrue(said().contains("interrupted: sent 0 jobs again; what was under way"), said());
    busy.clear();
    done("repair", "--job-table", TABLE, "--older-than", "0");
    assertEquals(new EmbeddedSqs.Counts(3, 0, 0), sqs.counts(TODO));
  }

  /** Nobody waits for an answer that changes nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "status --job-table jobs a",
        "explain --job-table jobs a",
        "status --job-table jobs --watch a",
        "audit --job-table jobs --ids IDS",
        "results --ids IDS --job-table jobs --timeout 600",
        "replay --job-table jobs a"
      })
  void a_table_that_does_not_answer_is_not_waited_for(String command) throws Exception {
    record("a", "RUNNING");
    String ids = file("a").toString();
    Fault silent = dynamo.proxy().on("BatchGetItem").hang().forever();
    Fault silentToo = dynamo.proxy().on("GetItem").hang().forever();
    Process process = start(command.replace("IDS", ids).split(" ", -1));
    awaitThat(() -> silent.hits() + silentToo.hits() > 0);

    long began = System.nanoTime();
    interrupt(process);

    assertTrue(
        System.nanoTime() - began < LEAST_CALL.toNanos(), "it has waited for the call's answer");
  }

  /** A call is given up after 30 s. */
  private static final Duration LEAST_CALL = Duration.ofSeconds(25);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "queues",
        "queues --watch 1",
        "submit /dev/null",
        "run /dev/null",
        "results",
        "dead-letters show --all",
        "dead-letters send-back --all"
      })
  void a_queue_that_does_not_answer_who_it_is_is_not_waited_for(String command) throws Exception {
    Fault silent = sqs.proxy().on("GetQueueUrl").hang().forever();
    Process process = start(command.split(" ", -1));
    silent.awaitHit(PATIENCE);

    long began = System.nanoTime();
    interrupt(process);

    assertTrue(
        System.nanoTime() - began < LEAST_CALL.toNanos(), "it has waited for the call's answer");
  }

  @Test
  void a_cancel_that_does_not_answer_is_perhaps_done() throws Exception {
    Fault silent = dynamo.proxy().on("UpdateItem").hang().forever();
    Process process = start("cancel", "--job-table", TABLE, "a", "b");
    silent.awaitHit(PATIENCE);

    interrupt(process);

    assertTrue(said().contains("interrupted: 0 jobs cancelled, and perhaps a"), said());
  }
}
