package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

@Timeout(180)
class ResultsIT extends SqsFixture {
  private void sendResults(List<String> ids) {
    for (int from = 0; from < ids.size(); from += 10) {
      List<SendMessageBatchRequestEntry> entries =
          ids.subList(from, from + 10).stream()
              .map(
                  id ->
                      SendMessageBatchRequestEntry.builder()
                          .id(id)
                          .messageBody("result of " + id)
                          .messageAttributes(Map.of("job_id", string(id)))
                          .build())
              .toList();
      sqs.sendMessageBatch(r -> r.queueUrl(url(RESULTS)).entries(entries));
    }
  }

  private Path ids(String name, String text, Charset charset) throws IOException {
    return Files.write(folder.resolve(name), text.getBytes(charset));
  }

  @Test
  void readers_of_one_queue_do_not_starve_each_other_and_lose_nothing() throws Exception {
    int readers = 3;
    List<String> all = IntStream.range(0, 600).mapToObj(i -> "job-" + i).toList();
    sendResults(all);
    long began = System.nanoTime();
    List<CompletableFuture<Integer>> running = new ArrayList<>();
    List<StringWriter> outs = new ArrayList<>();
    for (int reader = 0; reader < readers; reader++) {
      int own = reader;
      String mine =
          String.join(
              "\n",
              IntStream.range(0, 600).filter(i -> i % readers == own).mapToObj(all::get).toList());
      Path file = ids("ids" + reader, mine, UTF_8);
      StringWriter printed = new StringWriter();
      outs.add(printed);
      running.add(
          CompletableFuture.supplyAsync(
              () -> run(new Stop(), printed, new StringWriter(), "results", "--ids", "" + file)));
    }
    for (CompletableFuture<Integer> one : running) {
      assertEquals(0, one.get());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    TreeSet<String> printed = new TreeSet<>();
    outs.forEach(
        one ->
            one.toString()
                .lines()
                .forEach(line -> printed.add(line.substring(0, line.indexOf('\t')))));
    assertEquals(new TreeSet<>(all), printed);
    assertEquals(0, visible(RESULTS) + invisible(RESULTS));
    // On an idle machine 3 s; the doubling waits of old took minutes.
    assertTrue(took.toSeconds() < 60, "took " + took);
  }

  @Test
  void a_job_that_failed_for_good_has_an_end_too() throws IOException {
    sendResult("a", "1");
    sendResult("b", "2");
    send(
        DEAD_LETTERS,
        "job",
        Map.of("job_id", "c", "error_type", "java.io.IOException", "error_message", "disk full"));
    send(DEAD_LETTERS, "another's", Map.of("job_id", "x"));

    assertEquals(4, run("results", "--ids", file(List.of("a", "b", "c")).toString()));

    assertEquals(2, out.toString().lines().count());
    assertEquals(
        "sample-client: 2 results, 1 dead letter: c IOException: disk full\n", err.toString());
    assertEquals(2, visible(DEAD_LETTERS), "the letters stay, and are not hidden");
  }

  @Test
  @Tag("long")
  void what_is_missing_is_told_beside_the_dead_letters() throws IOException {
    send(DEAD_LETTERS, "job", Map.of("job_id", "a", "error_type", "E"));
    send(DEAD_LETTERS, "job", Map.of("job_id", "b", "error_type", "E"));
    String ids = file(List.of("a", "b", "c")).toString();

    assertEquals(5, run("results", "--ids", ids, "--timeout", "15"));

    assertTrue(err.toString().contains("0 results, 2 dead letters:\n  a E\n  b E\n"), "" + err);
    assertTrue(err.toString().contains("1 of 3 results are missing after 15 s"), "" + err);
    assertTrue(
        err.toString().endsWith(", and have no dead letter in \"" + DEAD_LETTERS + "\":\n  c\n"));
  }

  @Test
  void the_queue_of_dead_letters_is_named_that_was_searched_or_is_missing() throws IOException {
    String ids = file(List.of("a")).toString();
    sqs.createQueue(r -> r.queueName("done"));

    assertEquals(5, run("results", "--ids", ids, "--results-queue", "done", "--timeout", "1"));
    assertTrue(
        err.toString().contains(", and have no dead letter in \"" + DEAD_LETTERS + "\":\n  a\n"),
        err.toString());

    sqs.deleteQueue(r -> r.queueUrl(url(DEAD_LETTERS)));
    sendResult("a", "1");
    assertEquals(0, run("results", "--ids", ids));
    assertEquals(
        "sample-client: there is no queue \""
            + DEAD_LETTERS
            + "\": jobs that fail for good will not"
            + " be noticed; check --dead-letter-queue\n",
        err.toString());
  }

  @Test
  void a_stopped_reader_leaves_nothing_hidden() throws Exception {
    List<String> others = IntStream.range(0, 30).mapToObj(i -> "other-" + i).toList();
    sendResults(others);
    Stop stop = new Stop();
    String ids = file(List.of("a")).toString();
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() -> run(stop, out, err, "results", "--ids", ids));
    await().atMost(Duration.ofSeconds(30)).until(() -> invisible(RESULTS) > 0);

    stop.ask();

    assertEquals(1, status.get());
    awaitNothingHidden(RESULTS);
    assertEquals(30, visible(RESULTS));
    assertEquals(
        "sample-client: interrupted: 0 results printed; what was not printed is in the queue\n",
        err.toString());
  }

  @Test
  void ids_files_of_other_systems_are_read() throws IOException {
    sendResult("a", "1");
    sendResult("b c", "2");
    Path file = ids("dos.txt", "\ufeff a \r\n\r\n\tb c\r\n  ", UTF_8);

    assertEquals(0, run("results", "--ids", file.toString(), "--timeout", "60"), err::toString);

    assertEquals(List.of("a\t1", "b c\t2"), out.toString().lines().sorted().toList());
  }

  @Test
  void a_line_that_is_no_text_is_named() throws IOException {
    Path latin = ids("latin.txt", "a\nb\u00e9\n", ISO_8859_1);
    assertEquals(1, run("results", "--ids", latin.toString()));
    assertTrue(err.toString().contains("line 2 of \"" + latin + "\" is not UTF-8"), "" + err);

    Path windows = ids("utf16.txt", "\ufeffa\r\nb\r\n", UTF_16LE);
    assertEquals(1, run("results", "--ids", windows.toString()));
    assertTrue(err.toString().contains("line 1 of"), err.toString());

    assertEquals(1, run("status", "--job-table", "t", "--ids", windows.toString()));
    assertTrue(err.toString().contains("line 1 of"), "the same for the command status");
    assertEquals(1, run("results", "--ids", folder.toString()));
    assertTrue(err.toString().contains("it is a folder"), err.toString());
  }

  /** Twenty seconds without a result are over later than that. */
  @Test
  void without_a_number_an_end_by_time_is_said_if_results_still_come() throws Exception {
    sendResult("a", "1");
    assertEquals(0, run("results", "--timeout", "2"), err::toString);
    assertEquals("a\t1\n", out.toString());
    assertEquals("", err.toString());

    Thread feeder =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                    sendResult("r-" + i, "1");
                  }
                });
    try {
      assertEquals(5, run("results", "--timeout", "2"));
      assertEquals(
          "sample-client: stopped after 2 s; more results may be in the queue\n", err.toString());
      assertEquals(0, run("results", "--follow", "--timeout", "1"), err::toString);
      assertEquals("", err.toString());
    } finally {
      feeder.interrupt();
      feeder.join();
    }
  }

  /** They may come for longer than the time for which a number of them is waited for. */
  @Test
  void without_a_number_there_is_no_limit_unless_one_is_given() {
    assertTrue(WaitOptions.patience(null, -1).toDays() > 365);
    assertEquals(Duration.ofMinutes(5), WaitOptions.patience(null, 1));
    assertEquals(Duration.ofSeconds(7), WaitOptions.patience(7, -1));
  }

  @Test
  void one_queue_cannot_be_two_of_the_three() throws IOException {
    String file = file(List.of("a")).toString();
    send(BACKLOG, "a job", Map.of());
    send(DEAD_LETTERS, "a letter", Map.of("job_id", "a"));

    for (List<String> args :
        List.of(
            List.of("results", "--expect", "1", "--results-queue", BACKLOG),
            List.of("results", "--expect", "1", "--results-queue", DEAD_LETTERS),
            List.of("results", "--ids", file, "--dead-letter-queue", BACKLOG),
            List.of("run", "--backlog-queue", "web", "--results-queue", "web", file),
            List.of("submit", "--wait", "--results-queue", DEAD_LETTERS, file))) {
      assertEquals(2, run(args.toArray(String[]::new)), args::toString);
      assertTrue(err.toString().contains("; give three different names\n"), err.toString());
      assertEquals("", out.toString());
    }
    assertEquals(2, run("results", "--results-queue", BACKLOG));
    assertTrue(
        err.toString()
            .contains(" --results-queue: \"" + BACKLOG + "\" is also --backlog-queue; give three"),
        err.toString());
    assertEquals(2, visible(BACKLOG) + visible(DEAD_LETTERS));
  }

  /** Who names the workers' dead-letter queue for that of the results, by another name. */
  @Test
  void a_dead_letter_is_no_result_and_stays() throws IOException {
    send(
        RESULTS,
        "job",
        Map.of("job_id", "a", "error_type", "E", "attempts", "2", "job_message_id", "m"));

    assertEquals(1, run("results", "--expect", "1"));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("stays in the queue (it is a dead letter): job"), "" + err);
    assertEquals(5, run("results", "--ids", file(List.of("a")) + "", "--timeout", "2"));
    assertEquals("", out.toString());
    awaitNothingHidden(RESULTS);
    assertEquals(1, visible(RESULTS));
  }

  @Test
  void options_that_make_no_sense_are_three_lines() {
    for (List<String> args :
        List.of(
            List.of("results", "--expect", "0"),
            List.of("results", "--timeout", "0"),
            List.of("results", "--timout", "3"),
            List.of("dead-letters", "send-back"))) {
      assertEquals(2, run(args.toArray(String[]::new)));
      assertEquals(3, err.toString().lines().count(), err.toString());
      assertTrue(err.toString().contains("--help tells all"), err.toString());
    }
  }
}
