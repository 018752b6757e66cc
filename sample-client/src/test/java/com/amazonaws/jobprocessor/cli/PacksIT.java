package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;

/** Packs from {@code submit} to {@code dead-letters}, with an SQS of this process. */
@Tag("long")
@Timeout(180)
class PacksIT extends SqsFixture {
  private static List<String> lines(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "job " + i).toList();
  }

  private static String result(String id, String body, long millis) {
    return new ResultLine(id, body, 1, millis, "m-1", "i-1").write();
  }

  private void sendPack(String... results) {
    send(
        RESULTS,
        String.join("\n", results),
        Map.of("job_pack", "1", "job_count", "" + results.length));
  }

  private static List<String> bodies(Message pack) throws Exception {
    List<String> bodies = new java.util.ArrayList<>();
    for (PackLine line : PackLine.split(pack.body())) {
      bodies.add(JobLine.read(line.text()).body());
    }
    return bodies;
  }

  private static List<Integer> counts(List<Message> messages) {
    return messages.stream()
        .map(
            one ->
                one.messageAttributes().containsKey("job_count")
                    ? Integer.parseInt(one.messageAttributes().get("job_count").stringValue())
                    : 1)
        .sorted(Collections.reverseOrder())
        .toList();
  }

  /** The second was once deleted without having been printed. */
  @Test
  void results_of_jobs_with_one_id_in_a_pack_are_all_printed_and_copies_of_them_are_not()
      throws Exception {
    sendPack(result("dup", "1", 5), result("dup", "2", 5));
    assertEquals(0, run("results", "--expect", "1"), err::toString);
    assertEquals(Set.of("dup\t1", "dup\t2"), Set.copyOf(out.toString().lines().toList()));

    sendPack(result("a", "1", 5), result("dup", "2", 5));
    sendResult("a", "1");
    assertEquals(0, run("results", "--timeout", "60"), err::toString);
    assertEquals(2, out.toString().lines().count(), out::toString);
  }

  @Test
  void jobs_of_a_file_are_submitted_in_packs_and_every_id_is_told() throws Exception {
    String file = file(lines(25)).toString();

    assertEquals(0, run("submit", "--pack", "10", "--id-prefix", "p", file), err::toString);
    assertEquals("submitted 25 jobs in 3 messages; their ids are p-1 to p-25\n", out.toString());
    assertEquals(
        0, run("submit", "--pack", "10", "--result-pack", "--ids", "--id-prefix", "q", file));
    assertEquals(
        IntStream.rangeClosed(1, 25).mapToObj(i -> "q-" + i).toList(),
        out.toString().lines().toList());

    List<Message> messages = takeAll(BACKLOG);
    assertEquals(List.of(10, 10, 10, 10, 5, 5), counts(messages));
    Set<Set<String>> attributes =
        messages.stream().map(m -> m.messageAttributes().keySet()).collect(Collectors.toSet());
    assertEquals(
        Set.of(Set.of("job_pack", "job_count"), Set.of("job_pack", "job_count", "result_pack")),
        attributes);
    for (Message message : messages) {
      assertTrue(lines(25).containsAll(bodies(message)), message::body);
    }
  }

  @Test
  void auto_learns_from_results_that_wait_and_leaves_them_to_their_readers() throws Exception {
    sendPack(result("x-1", "x", 40), result("x-2", "x", 60));
    send(RESULTS, "x", Map.of("job_id", "x-3", "duration_millis", "50"));
    send(RESULTS, "no duration", Map.of("job_id", "x-4"));
    String file = file(lines(3_000)).toString();

    assertEquals(0, run("submit", "--pack", "auto", file), err::toString);

    assertEquals(
        "sample-client: up to 20 jobs a pack; a job takes 50 ms on average, by 3 results in \""
            + RESULTS
            + "\"\n",
        err.toString());
    assertTrue(out.toString().startsWith("submitted 3000 jobs in 150 messages;"), out.toString());
    assertEquals(150, visible(BACKLOG));
    assertEquals(3, visible(RESULTS));
    awaitNothingHidden(RESULTS);
  }

  @Test
  void auto_is_cautious_where_there_is_nothing_to_learn_from() throws Exception {
    String file = file(lines(2_000)).toString();

    assertEquals(0, run("submit", "--pack", "AUTO", "--results-queue", "none", file));

    assertTrue(
        err.toString().contains("up to 10 jobs a pack: there are no results in \"none\""),
        err.toString());
    assertTrue(out.toString().startsWith("submitted 2000 jobs in 200 messages;"), out.toString());
  }

  @Test
  void auto_takes_the_users_word_and_packs_no_long_jobs() throws Exception {
    String file = file(lines(300)).toString();

    assertEquals(0, run("submit", "--pack", "auto", "--job-millis", "1", file));
    assertTrue(out.toString().startsWith("submitted 300 jobs in 100 messages;"), out.toString());
    assertEquals("", err.toString());
    assertEquals(0, run("submit", "--pack", "auto", "--job-millis", "700", file));
    assertTrue(out.toString().startsWith("submitted 300 jobs;"), out.toString());
  }

  @Test
  void a_pack_that_is_not_full_does_not_wait_for_the_end_of_a_pipe() throws Exception {
    var stdin = System.in;
    PipedOutputStream pipe = new PipedOutputStream();
    System.setIn(new PipedInputStream(pipe));
    try {
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(() -> run(new Stop(), out, err, "submit", "--pack", "50"));
      pipe.write("a\nb\nc\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      pipe.flush();
      await().atMost(Duration.ofSeconds(30)).until(() -> visible(BACKLOG) == 1);
      pipe.close();
      assertEquals(0, status.get());
    } finally {
      System.setIn(stdin);
    }
    assertEquals(List.of("a", "b", "c"), bodies(takeAll(BACKLOG).getFirst()));
  }

  @Test
  void options_that_make_no_sense_are_refused_before_anything_is_sent() throws Exception {
    makeFifo("todo.fifo");
    String file = file(lines(3)).toString();
    for (List<String> args :
        List.of(
            List.of("--pack", "0"),
            List.of("--pack", "1001"),
            List.of("--pack", "ten"),
            List.of("--pack", "-1"),
            List.of("--result-pack"),
            List.of("--job-millis", "5"),
            List.of("--pack", "5", "--job-millis", "5"),
            List.of("--pack", "auto", "--job-millis", "0"))) {
      List<String> all = new java.util.ArrayList<>(List.of("submit", file));
      all.addAll(args);
      assertEquals(2, run(all.toArray(String[]::new)), args::toString);
      assertEquals(3, err.toString().lines().count(), err.toString());
    }
    assertEquals(2, run("submit", "--backlog-queue", "todo.fifo", "--pack", "5", file));
    assertTrue(
        err.toString()
            .startsWith(
                "sample-client: --pack: \"todo.fifo\" is a FIFO queue, which takes no packs\n"),
        err.toString());
    assertEquals(0, visible(BACKLOG) + visible("todo.fifo"));
  }

  @Test
  void packed_and_single_results_are_printed_alike_and_deleted() throws Exception {
    sendPack(result("a", "1\t2", 5), result("b", "", 5));
    sendResult("c", "3");

    assertEquals(0, run("results", "--expect", "3"), err::toString);

    assertEquals(List.of("a\t1\\t2", "b\t", "c\t3"), out.toString().lines().sorted().toList());
    assertEquals(0, visible(RESULTS) + invisible(RESULTS));

    sendPack(result("a", "1", 5));
    assertEquals(0, run("results", "--expect", "1", "--json"));
    assertEquals(
        "{\"job_id\":\"a\",\"job_message_id\":\"m-1\",\"worker_id\":\"i-1\",\"attempts\":1,"
            + "\"duration_millis\":5,\"result\":\"1\"}\n",
        out.toString());
  }

  @Test
  void a_pack_is_printed_whole_even_if_fewer_are_expected() throws Exception {
    sendPack(result("a", "1", 5), result("b", "2", 5), result("a", "1", 5));

    assertEquals(0, run("results", "--expect", "1"), err::toString);

    assertEquals("a\t1\nb\t2\n", out.toString());
    assertEquals("sample-client: 1 copy was left out\n", err.toString());
    assertEquals(0, visible(RESULTS) + invisible(RESULTS));
  }

  @Test
  void a_pack_with_results_of_others_stays_for_them() throws Exception {
    sendPack(result("a", "1", 5), result("z", "9", 5));
    sendPack(result("b", "2", 5));
    sendPack(result("y", "9", 5));

    assertEquals(0, run("results", "--ids", file(List.of("a", "b")).toString()), err::toString);

    assertEquals(List.of("a\t1", "b\t2"), out.toString().lines().sorted().toList());
    assertEquals(
        "sample-client: 1 packed message left in the queue, with results of other jobs too\n",
        err.toString());
    assertEquals(2, visible(RESULTS));
    awaitNothingHidden(RESULTS);

    assertEquals(0, run("results", "--ids", file(List.of("y")).toString()), err::toString);
    assertEquals("y\t9\n", out.toString());
    assertEquals("", err.toString());
    assertEquals(1, visible(RESULTS));
  }

  @Test
  void kept_packs_stay() throws Exception {
    sendPack(result("a", "1", 5), result("b", "2", 5));

    assertEquals(0, run("results", "--expect", "2", "--keep"), err::toString);

    assertEquals(2, out.toString().lines().count());
    assertEquals(1, visible(RESULTS));
  }

  @Test
  void what_is_no_result_is_shown_as_it_stands_and_stays() throws Exception {
    sendPack(result("a", "1", 5), "{\"job_id\":\"\u202e", result("b", "2", 5));
    send(RESULTS, "from the future", Map.of("job_pack", "2"));

    assertEquals(1, run("results", "--expect", "4"), err::toString);

    assertEquals("a\t1\nb\t2\n", out.toString());
    String said = err.toString();
    assertTrue(said.contains("line 2 of message "), said);
    assertTrue(said.contains(": {\"job_id\":\"\\u{202e}\n"), said);
    assertTrue(said.contains("of an unknown version: \"2\"): from the future\n"), said);
    assertTrue(said.contains("2 results left in the queue unread\n"), said);
    assertEquals(2, visible(RESULTS));
    awaitNothingHidden(RESULTS);
  }

  @Test
  void those_who_wait_for_ids_are_not_held_up_by_what_is_no_result() throws Exception {
    send(RESULTS, "no JSON\n" + result("a", "1", 5), Map.of("job_pack", "1"));
    sendResult("b", "2");

    assertEquals(0, run("results", "--ids", file(List.of("a", "b")).toString()), err::toString);

    assertEquals(List.of("a\t1", "b\t2"), out.toString().lines().sorted().toList());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertEquals(1, visible(RESULTS));
  }

  private void sendRefused(String id) {
    send(
        DEAD_LETTERS,
        new JobLine(id, "x", 0).write() + "\n" + new JobLine(null, "y", 0).write() + "\nz",
        Map.of(
            "job_pack", "9",
            "job_count", "3",
            "result_pack", "1",
            "mine", "7",
            "job_id", "m-1",
            "job_message_id", "m-1",
            "error_type", PackFormat.REFUSED,
            "error_message", "unknown version",
            "backlog", BACKLOG));
  }

  @Test
  void a_refused_pack_is_listed_shown_and_sent_back_as_the_pack_that_it_was() throws Exception {
    sendRefused("k-1");
    send(DEAD_LETTERS, "single", Map.of("job_id", "s", "error_type", "E", "backlog", BACKLOG));

    assertEquals(0, run("dead-letters"));
    String row = out.toString().lines().filter(l -> l.startsWith("m-1 ")).findFirst().get();
    assertTrue(row.contains("PackRefused") && row.contains("(a pack of 3 jobs) {"), row);
    assertEquals(0, run("dead-letters", "--json"));
    assertTrue(
        out.toString()
            .contains("\"job_pack\":\"9\",\"job_count\":3,\"result_pack\":\"1\",\"job\":"),
        out.toString());
    assertEquals(0, run("dead-letters", "show", "k-1", "m-1", "m-1/2"), err::toString);
    assertTrue(out.toString().contains("job_pack:       9\n"), out.toString());
    assertTrue(out.toString().contains("a pack of 3 jobs:\n  {\"job_id\""), out.toString());
    assertEquals(1, out.toString().split("PackRefused", -1).length - 1, "it is shown once");

    assertEquals(0, run("dead-letters", "send-back", "--all"), err::toString);
    assertEquals("sent back 1 job, 1 pack\n", out.toString());
    Map<String, Message> back =
        takeAll(BACKLOG).stream().collect(Collectors.toMap(Message::body, one -> one));
    assertEquals(Set.of("job_id"), back.remove("single").messageAttributes().keySet());
    Message pack = back.values().iterator().next();
    assertEquals(
        Set.of("job_pack", "job_count", "result_pack", "mine"), pack.messageAttributes().keySet());
    assertEquals(0, visible(DEAD_LETTERS) + invisible(DEAD_LETTERS));
  }

  @Test
  void a_refused_pack_is_sent_back_by_the_id_of_one_of_its_jobs() {
    sendRefused("k-1");

    assertEquals(3, run("dead-letters", "send-back", "k-1", "k-9"));

    assertEquals("sent back 1 pack\n", out.toString());
    assertEquals("sample-client: no dead letter was sent back with the id k-9\n", err.toString());
    assertEquals("9", take(BACKLOG).getFirst().messageAttributes().get("job_pack").stringValue());
    assertEquals(0, visible(DEAD_LETTERS) + invisible(DEAD_LETTERS));
  }

  @Test
  void a_refused_pack_is_not_deleted_for_one_of_its_jobs() throws Exception {
    sendRefused("k-1");
    send(DEAD_LETTERS, "single", Map.of("job_id", "s", "error_type", "E"));

    assertEquals(2, run("dead-letters", "purge", "--yes", "s", "k-1"));
    assertTrue(
        err.toString()
            .startsWith(
                "sample-client: k-1 is in a pack of 3 jobs that no worker could take, which is"
                    + " deleted whole or not at all: to delete it, give m-1\n"),
        err::toString);
    assertEquals(2, run("dead-letters", "purge", "--yes", "k-1", "m-1/2"), "nobody named line 3");
    assertEquals(2, visible(DEAD_LETTERS));

    assertEquals(1, run("dead-letters", "purge", "--all"));
    assertTrue(
        err.toString().contains("1 E, 1 PackRefused. One of them is a pack of 3 jobs. To go on"),
        err::toString);
    assertEquals(0, run("dead-letters", "purge", "--yes", "m-1"), err::toString);
    assertEquals("deleted 1 dead letter\n", out.toString());
    assertEquals(1, visible(DEAD_LETTERS));
  }

  @Test
  void a_refused_pack_is_deleted_if_all_its_jobs_are_named() {
    send(
        DEAD_LETTERS,
        new JobLine("k-1", "x", 0).write() + "\n" + new JobLine("k-2", "y", 0).write(),
        Map.of("job_pack", "9", "job_id", "m-1", "error_type", PackFormat.REFUSED));

    assertEquals(0, run("dead-letters", "purge", "--yes", "k-1", "k-2"), err::toString);

    assertEquals("deleted 1 dead letter\n", out.toString());
  }

  @Test
  void a_letter_of_a_single_job_takes_nothing_of_a_pack_back() {
    send(DEAD_LETTERS, "x", Map.of("job_id", "a", "job_count", "3", "result_pack", "1"));

    assertEquals(0, run("dead-letters", "send-back", "a"), err::toString);

    assertEquals("sent back 1 job\n", out.toString());
    assertEquals(Set.of("job_id"), take(BACKLOG).getFirst().messageAttributes().keySet());
  }

  @Test
  void the_jobs_of_a_refused_pack_have_an_end() throws Exception {
    sendRefused("k-1");
    sendResult("k-2", "2");

    assertEquals(4, run("results", "--ids", file(List.of("k-1", "k-2")).toString()));

    assertEquals(
        "sample-client: 1 result, 1 dead letter: k-1 PackRefused: unknown version\n",
        err.toString());
  }

  @Test
  void large_lines_travel_alone_beside_packs() throws Exception {
    Path file = file(List.of("a", "x".repeat(600_000), "y".repeat(600_000), "b", "c"));
    Files.writeString(file, "d\n", java.nio.file.StandardOpenOption.APPEND);

    assertEquals(0, run("submit", "--pack", "auto", "--job-millis", "1", file.toString()));
    assertEquals(0, run("submit", "--pack", "100", file.toString()), err::toString);

    assertTrue(out.toString().startsWith("submitted 6 jobs in 4 messages;"), out.toString());
    List<Message> messages = takeAll(BACKLOG);
    assertEquals(10, messages.size());
    assertFalse(messages.stream().anyMatch(one -> one.body().length() > 1_048_576));
  }
}
