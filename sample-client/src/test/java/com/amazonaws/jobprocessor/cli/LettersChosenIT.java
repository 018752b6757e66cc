package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;

/** Dead letters by their errors: listed, chosen, edited, deleted for good. */
@Tag("long")
@Timeout(180)
class LettersChosenIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private void letter(String id, String type, String message) {
    send(
        DEAD_LETTERS,
        "job of " + id,
        Map.of(
            "job_id",
            id,
            "job_message_id",
            "m-" + id,
            "error_type",
            type,
            "error_message",
            message,
            "worker_id",
            "i-1",
            "mine",
            "x"));
  }

  private void threeLetters() {
    letter("a", "java.io.IOException", "disk full");
    letter("b", "E", "e");
    letter("c", "java.io.IOException", "no route");
  }

  @Test
  void letters_of_one_error_stand_together_and_are_counted() {
    threeLetters();

    assertEquals(0, run("dead-letters"));

    List<String> errors =
        out.toString().lines().skip(1).map(line -> line.split("\\s+", -1)[1]).toList();
    assertEquals(List.of("E", "IOException", "IOException"), errors, out.toString());
    assertEquals("sample-client: 3 dead letters: 2 IOException, 1 E\n", err.toString());

    assertEquals(0, run("dead-letters", "--by-error"));

    List<String> rows = out.toString().lines().toList();
    assertEquals(3, rows.size());
    assertTrue(rows.get(1).matches(" +2  IOException +[ac] +(disk full|no route)"), rows.get(1));
    assertEquals(0, run("dead-letters", "list", "--by-error", "--json", "--where", "error=E"));
    assertEquals(
        "{\"error_type\":\"E\",\"count\":1,\"first_job_id\":\"b\",\"first_error_message\":\"e\"}\n",
        out.toString());
  }

  @Test
  void conditions_hold_together_and_unknown_ones_are_refused() throws IOException {
    threeLetters();

    assertEquals(
        0,
        run(
            "dead-letters",
            "show",
            "--json",
            "--where",
            "error=IOException",
            "--where",
            "message=disk"));
    assertTrue(out.toString().startsWith("{\"job_id\":\"a\""), out.toString());
    assertEquals(1, out.toString().lines().count());
    assertEquals(3, run("dead-letters", "show", "--ids", file(List.of("a", "z")).toString()));
    assertTrue(err.toString().contains("no dead letter of a job z"), err.toString());
    assertEquals(2, run("dead-letters", "--where", "colour=red"));
    assertTrue(err.toString().contains("allowed are error=TYPE"), err.toString());
    assertEquals(2, run("dead-letters", "send-back"));
    assertEquals(2, run("dead-letters", "send-back", "--all", "a"));
  }

  @Test
  void that_no_letter_matches_is_not_that_there_is_none() {
    threeLetters();
    String none = "no dead letter matches --where; the queue has 3\n";

    assertEquals(0, run("dead-letters", "--where", "error=F"));
    assertEquals(none, out.toString());
    for (String command : List.of("show", "send-back", "purge")) {
      assertEquals(0, run("dead-letters", command, "--where", "error=F"), err::toString);
      assertEquals("sample-client: " + none, err.toString());
    }
    assertEquals(0, run("dead-letters", "--dead-letter-queue", RESULTS, "--where", "error=F"));
    assertEquals("no dead letters\n", out.toString());
  }

  @Test
  void jobs_that_were_submitted_under_one_id_all_go_back() {
    Map<String, String> nightly = Map.of("job_id", "nightly-1", "error_type", "E");
    for (String night : List.of("monday", "tuesday")) {
      Map<String, String> attributes = new HashMap<>(nightly);
      attributes.put("job_message_id", "m-" + night);
      send(DEAD_LETTERS, night, attributes);
    }

    assertEquals(0, run("dead-letters", "send-back", "--all"), err::toString);
    assertEquals("sent back 2 jobs\n", out.toString());

    send(DEAD_LETTERS, "monday", nightly);
    send(DEAD_LETTERS, "tuesday", nightly);

    assertEquals(1, run("dead-letters", "send-back", "--all"), "which is which nobody knows");
    assertEquals("sent back 1 job\n", out.toString());
    assertTrue(err.toString().contains("job nightly-1 was not sent back: another"), err::toString);
    assertEquals(0, run("dead-letters", "send-back", "--all"), err::toString);
    assertEquals(4, visible(BACKLOG));
  }

  @Test
  void those_of_an_error_go_back() {
    threeLetters();

    assertEquals(
        0, run("dead-letters", "send-back", "--where", "error=java.io.IOException"), err::toString);

    assertEquals("sent back 2 jobs\n", out.toString());
    assertEquals(2, visible(BACKLOG));
    assertEquals(1, visible(DEAD_LETTERS));
  }

  @Test
  void a_purge_counts_and_wants_a_confirmation_and_deletes_those_only() {
    threeLetters();

    assertEquals(1, run("dead-letters", "purge", "--where", "error=IOException"));
    assertTrue(
        err.toString()
            .contains(
                "2 dead letters of \"SQS-EC2-Queue-Dead-letter\" will be deleted for good:"
                    + " 2 IOException. To go on, type the queue's name: nobody can be asked"),
        err.toString());
    assertEquals(3, visible(DEAD_LETTERS));

    assertEquals(
        0, run("dead-letters", "purge", "--where", "error=IOException", "--yes"), err::toString);

    assertEquals("deleted 2 dead letters\n", out.toString());
    assertEquals(1, visible(DEAD_LETTERS));
    assertEquals(3, run("dead-letters", "purge", "--yes", "a", "b"));
    assertEquals("deleted 1 dead letter\n", out.toString());
    assertEquals(0, run("dead-letters", "purge", "--yes", "--all"));
    assertEquals(0, visible(BACKLOG));
  }

  /** Nothing but a terminal is asked: the one of {@code script}, which this test types on. */
  @Test
  @Timeout(400)
  void a_purge_deletes_nothing_unless_the_queues_name_is_typed() throws Exception {
    threeLetters();

    assertEquals(1, purgeAnd("y"), printed("err"));
    assertTrue(
        printed("err").contains("2 dead letters of \"" + DEAD_LETTERS + "\" will be deleted"),
        printed("err"));
    assertTrue(
        printed("err").endsWith("that is not the queue's name: nothing was deleted\n"),
        printed("err"));
    assertEquals(1, purgeAnd(BACKLOG), printed("err"));
    awaitNothingHidden(DEAD_LETTERS);
    assertEquals(3, visible(DEAD_LETTERS));
    assertEquals("", printed("out"));

    assertEquals(0, purgeAnd(DEAD_LETTERS), printed("err"));

    assertEquals("deleted 2 dead letters\n", printed("out"));
    assertEquals(1, visible(DEAD_LETTERS));
  }

  private int purgeAnd(String typed) throws Exception {
    Process terminal =
        new ProcessBuilder("script", "-qec", "tty; exec sleep 600", "/dev/null").start();
    try (BufferedReader shown = terminal.inputReader()) {
      Process purge =
          ClientProcess.start(
              folder,
              endpoint,
              Map.of(),
              "<" + shown.readLine(),
              "dead-letters",
              "purge",
              "--where",
              "error=IOException");
      await()
          .atMost(PATIENCE)
          .until(() -> printed("err").endsWith("type the queue's name: ") || !purge.isAlive());
      try (Writer keyboard = terminal.outputWriter()) {
        keyboard.write(typed + "\n");
        keyboard.flush();
        return status(purge);
      }
    } finally {
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      terminal.destroyForcibly();
    }
  }

  @Test
  void what_was_done_is_a_json_object_if_that_is_wanted() throws Exception {
    threeLetters();

    assertEquals(0, edit("sed -i s/job/task/", "dead-letters", "edit", "--json", "a"));
    assertEquals(
        "{\"sent_back\":1,\"packs_sent_back\":0,\"unchanged\":0,\"sent_before\":0,\"refused\":0}\n",
        printed("out"));
    assertEquals(0, run("dead-letters", "send-back", "--json", "b"), err::toString);
    assertEquals(
        "{\"sent_back\":1,\"packs_sent_back\":0,\"sent_before\":0,\"refused\":0}\n",
        out.toString());
    assertEquals(0, run("dead-letters", "purge", "--all", "--yes", "--json"), err::toString);
    assertEquals("{\"deleted\":1}\n", out.toString());
    assertEquals(2, run("dead-letters", "edit", "--keep-id", "--job-table", "jobs", "a"));
    assertTrue(err.toString().contains("an id belongs to one definition"), err.toString());
  }

  @Test
  void a_long_fifo_group_is_purged_whole_by_as_many_runs_as_end_with_3() {
    makeFifo("failed.fifo");
    for (int i = 0; i < 12; i++) {
      String id = "j" + i;
      sqs.sendMessage(
          r ->
              r.queueUrl(url("failed.fifo"))
                  .messageBody("job")
                  .messageGroupId("g")
                  .messageDeduplicationId(id)
                  .messageAttributes(Map.of("job_id", string(id))));
    }
    String[] purge = {
      "dead-letters", "purge", "--all", "--yes", "--dead-letter-queue", "failed.fifo"
    };

    int status = run(purge);
    for (int more = 0; status == 3 && more < 12; more++) {
      status = run(purge);
    }

    assertEquals(0, status, err::toString);
    assertEquals(0, visible("failed.fifo") + invisible("failed.fifo"), err::toString);
  }

  private int edit(String editor, String... args) throws Exception {
    Process process =
        ClientProcess.start(
            folder,
            endpoint,
            Map.of("EDITOR", editor, "AWS_ACCESS_KEY_ID", "x", "AWS_SECRET_ACCESS_KEY", "y"),
            "</dev/null",
            args);
    return status(process);
  }

  private static int status(Process process) throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  private String printed(String stream) throws IOException {
    return Files.readString(folder.resolve(stream));
  }

  @Test
  void an_edited_job_goes_back_under_an_id_of_its_own() throws Exception {
    threeLetters();

    int status = edit("sed -i s/job/task/", "dead-letters", "edit", "a");

    assertEquals(0, status, printed("err"));
    assertEquals("sent back 1 edited job\n", printed("out"));
    assertTrue(printed("err").contains("a was sent back as a.2"), printed("err"));
    Message job = take(BACKLOG).getFirst();
    assertEquals("task of a", job.body());
    assertEquals("a.2", job.messageAttributes().get("job_id").stringValue());
    assertEquals(Set.of("job_id", "mine"), job.messageAttributes().keySet());
    assertEquals(2, visible(DEAD_LETTERS));
    awaitNothingHidden(DEAD_LETTERS);
  }

  @Test
  void a_refused_pack_is_edited_as_it_stands_and_goes_back_as_a_pack() throws Exception {
    String bad = "no job";
    String good = "{\"job_id\":\"k-1\",\"body\":\"x\"}";
    send(
        DEAD_LETTERS,
        good + "\n" + bad + "\n{\"body\":\"y\"}",
        Map.of(
            "job_pack", "1",
            "job_count", "3",
            "result_pack", "1",
            "mine", "7",
            "job_id", "m-1",
            "job_message_id", "m-1",
            "error_type", "PackRefused",
            "error_message", "line 2 is no job",
            "backlog", BACKLOG));

    assertEquals(0, edit("sed -i 2d", "dead-letters", "edit", "k-1"), printed("err"));

    assertEquals("sent back 1 edited pack\n", printed("out"));
    assertTrue(
        printed("err").endsWith("sample-client: the pack m-1 was sent back\n"), printed("err"));
    Message pack = take(BACKLOG).getFirst();
    assertEquals(good + "\n{\"body\":\"y\"}", pack.body());
    assertEquals(
        Set.of("job_pack", "job_count", "result_pack", "mine"), pack.messageAttributes().keySet());
    assertEquals("2", pack.messageAttributes().get("job_count").stringValue());
    assertEquals("Number", pack.messageAttributes().get("job_count").dataType());
    assertEquals(0, visible(DEAD_LETTERS) + invisible(DEAD_LETTERS));
  }

  @Test
  void what_is_not_changed_or_cannot_be_a_job_stays() throws Exception {
    threeLetters();

    assertEquals(0, edit("true", "dead-letters", "edit", "--all"), printed("err"));
    assertEquals("sent back 0 edited jobs, 3 unchanged\n", printed("out"));
    assertEquals(1, edit("truncate -s 0", "dead-letters", "edit", "a"));
    assertTrue(printed("err").contains("what was saved is blank; it is in /"), printed("err"));
    assertEquals(1, edit("false", "dead-letters", "edit", "a"));
    assertTrue(printed("err").contains("\"false\" has ended with 1"), printed("err"));

    assertEquals(3, visible(DEAD_LETTERS));
    assertEquals(0, visible(BACKLOG));
  }

  @Test
  void an_edited_job_keeps_its_id_if_told_to() throws Exception {
    letter("a.7", "E", "e");
    letter("b", "E", "e");

    assertEquals(0, edit("sed -i s/job/task/", "dead-letters", "edit", "--keep-id", "b"));
    assertEquals("b", take(BACKLOG).getFirst().messageAttributes().get("job_id").stringValue());
    assertEquals(0, edit("sed -i s/job/task/", "dead-letters", "edit", "a.7"));
    assertEquals("a.8", take(BACKLOG).getFirst().messageAttributes().get("job_id").stringValue());
  }

  @Test
  void what_a_pointer_says_is_nothing_that_the_job_has() {
    String pointer =
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
            + "{\"s3BucketName\":\"payloads\",\"s3Key\":\"key\"}]";
    send(DEAD_LETTERS, pointer, Map.of("job_id", "s", "ExtendedPayloadSize", "5"));

    assertEquals(0, run("dead-letters", "purge", "--where", "job=software", "--yes"));

    assertEquals(1, visible(DEAD_LETTERS) + invisible(DEAD_LETTERS), out.toString());
  }

  @Test
  void what_was_edited_and_cannot_be_sent_back_is_left_in_its_file() throws Exception {
    send(
        DEAD_LETTERS,
        "the job",
        Map.of("job_id", "bad", "job_message_id", "m", "error_type", "E", "backlog", "gone-queue"));

    Process process =
        ClientProcess.start(
            folder,
            endpoint,
            Map.of(
                "EDITOR", "f(){ echo edited > \"$1\"; }; f",
                "AWS_ACCESS_KEY_ID", "x",
                "AWS_SECRET_ACCESS_KEY", "y"),
            "",
            "dead-letters",
            "edit",
            "bad");

    assertEquals(1, process.waitFor());
    String said = Files.readString(folder.resolve("err"));
    Matcher file = Pattern.compile("what was saved is in (\\S+)").matcher(said);
    assertTrue(file.find(), said);
    Path saved = Path.of(file.group(1));
    assertEquals("edited\n", Files.readString(saved));
    Files.delete(saved);
  }

  @Test
  void a_purge_says_what_it_could_not_have_any_more() {
    threeLetters();
    try (FaultyProxy proxy = FaultyProxy.before(URI.create(endpoint))) {
      System.setProperty("aws.endpointUrlSqs", proxy.endpoint().toString());
      proxy.on("ReceiveMessage").afterFirst(1).answer(200, "{}").forever(); // another holds them

      assertEquals(3, run("dead-letters", "purge", "--all", "--yes"), err::toString);
    }
    assertEquals("deleted 0 dead letters\n", out.toString());
    assertTrue(
        err.toString().contains("3 dead letters of these could not be had any more"),
        err.toString());
  }
}
