package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("long")
@Timeout(120)
class SubmitIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Path pipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  private CompletableFuture<Integer> start(Stop stop, String... args) {
    return CompletableFuture.supplyAsync(() -> run(stop, out, err, args));
  }

  @Test
  void lines_of_a_pipe_that_stays_open_are_sent_and_their_ids_printed() throws Exception {
    Path pipe = pipe();
    CompletableFuture<Integer> status =
        start(new Stop(), "submit", "--ids", "--id-prefix", "p", pipe.toString());
    try (OutputStream lines = Files.newOutputStream(pipe)) {
      lines.write("one\ntwo\nthr".getBytes(UTF_8));

      await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 2);
      await().atMost(PATIENCE).until(() -> out.toString().equals("p-1\np-2\n"));

      lines.write("ee\n".getBytes(UTF_8));
      await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 3);
    }
    assertEquals(0, status.get());
  }

  /** A slow machine may hold up a line or two, and hardly ten. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "100"})
  void a_line_of_a_pipe_that_stays_open_is_sent_within_a_second(String pack) throws Exception {
    Path pipe = pipe();
    CompletableFuture<Integer> status =
        start(new Stop(), "submit", "--pack", pack, pipe.toString());
    long fastest = Long.MAX_VALUE;
    try (OutputStream lines = Files.newOutputStream(pipe)) {
      for (int i = 1; i <= 10 && fastest > Duration.ofSeconds(2).toNanos(); i++) {
        int sent = i;
        long began = System.nanoTime();
        lines.write("line\n".getBytes(UTF_8));
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> visible(BACKLOG) == sent);
        fastest = Math.min(fastest, System.nanoTime() - began);
      }
    }
    assertEquals(0, status.get(), err::toString);
    assertTrue(fastest <= Duration.ofSeconds(2).toNanos(), fastest / 1_000_000 + " ms");
  }

  @Test
  void a_stop_tells_what_was_taken_and_up_to_which_line() throws Exception {
    Stop stop = new Stop();
    Path pipe = pipe();
    CompletableFuture<Integer> status =
        start(stop, "submit", "--ids", "--id-prefix", "my-", pipe.toString());
    try (OutputStream lines = Files.newOutputStream(pipe)) {
      lines.write("a\n\nb\n".getBytes(UTF_8));
      await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 2);

      stop.ask();

      assertEquals(1, status.get());
    }
    assertEquals("my-1\nmy-3\n", out.toString());
    assertEquals(
        "sample-client: interrupted: submitted 2 jobs;"
            + " of the lines up to 3 every job was taken; their ids are my-1, my-3\n",
        err.toString());
  }

  /** SQS drops a job that has the deduplication id of one of the last five minutes. */
  @Test
  void a_second_run_with_the_same_ids_is_new_to_a_fifo_queue() throws IOException {
    String[] submit = {
      "submit", "--backlog-queue", "q.fifo", "--create-queue", "--id-prefix", "nightly"
    };

    assertEquals(0, run(append(submit, file(List.of("a", "b")).toString())));
    assertEquals(0, run(append(submit, file(List.of("c", "d")).toString())));

    assertEquals(4, visible("q.fifo"));
    assertEquals(
        4,
        take("q.fifo").stream()
            .map(message -> message.attributesAsStrings().get("MessageDeduplicationId"))
            .distinct()
            .count());
  }

  private static String[] append(String[] args, String last) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = last;
    return all;
  }

  @Test
  void one_job_has_one_id() throws IOException {
    assertEquals(0, run("submit", "--id-prefix", "p", file(List.of("", "a")).toString()));
    assertEquals("submitted 1 job; its id is p-2\n", out.toString());
  }

  @Test
  void the_summary_is_a_json_object_if_that_is_wanted() throws IOException {
    Path file = file(List.of("a", "b\u0001", "c"));

    assertEquals(3, run("submit", "--json", "--skip-bad", "--id-prefix", "p", file.toString()));
    assertEquals(
        "{\"submitted\":2,\"messages\":2,\"not_submitted\":1,\"perhaps_submitted\":0,"
            + "\"id_prefix\":\"p-\"}\n",
        out.toString());
    assertEquals(2, run("submit", "--json", "--ids", file.toString()));
  }

  @Test
  void a_prefix_is_followed_by_one_dash() throws IOException {
    for (String prefix : List.of("my", "my-")) {
      run("submit", "--ids", "--id-prefix", prefix, file(List.of("a")).toString());
      assertEquals("my-1\n", out.toString(), prefix);
    }
    assertEquals(2, run("submit", "--id-prefix", " my", file(List.of("a")).toString()));
    assertTrue(err.toString().contains("no blanks"), err.toString());
  }

  @Test
  void files_that_cannot_be_read_are_named_in_plain_words() {
    assertEquals(1, run("submit", folder.toString()));
    assertEquals("sample-client: cannot read \"" + folder + "\": it is a folder\n", err.toString());
    assertEquals(1, run("submit", ""));
    assertTrue(err.toString().contains("the name of the file to read is empty"), err.toString());
    assertEquals(1, run("submit", folder.resolve("no").toString()));
    assertTrue(err.toString().contains("there is no such file"), err.toString());
  }

  /** Refuses five of six calls as a whole, and takes note of the bodies of the others. */
  private static HttpServer throttling(Set<String> taken) throws IOException {
    AtomicInteger calls = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
          int status = 200;
          String answer = "{\"QueueUrl\":\"http://127.0.0.1/000000000000/q\"}";
          if (action.endsWith("SendMessageBatch") && calls.incrementAndGet() % 6 != 0) {
            status = 400;
            answer = "{\"__type\":\"com.amazonaws.sqs#RequestThrottled\",\"message\":\"slowly\"}";
          } else if (action.endsWith("SendMessageBatch")) {
            answer =
                all("\"Id\":\"(\\d+)\"", request).stream()
                    .map(id -> "{\"Id\":\"" + id + "\",\"MessageId\":\"m\"}")
                    .collect(Collectors.joining(",", "{\"Failed\":[],\"Successful\":[", "]}"));
            taken.addAll(all("\"MessageBody\":\"(.*?)\"", request));
          }
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(status, answer.length());
          exchange.getResponseBody().write(answer.getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    return server;
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  void a_throttled_queue_is_waited_for_and_every_job_is_taken() throws IOException {
    Set<String> taken = new ConcurrentSkipListSet<>();
    HttpServer server = throttling(taken);
    System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:" + server.getAddress().getPort());
    List<String> jobs = IntStream.range(0, 40).mapToObj(i -> "job " + i).toList();

    assertEquals(0, run("submit", file(jobs).toString()), err::toString);

    server.stop(0);
    assertEquals(new TreeSet<>(jobs), taken);
    assertEquals(
        "sample-client: SQS asks for patience (throttling); waiting and trying again\n",
        err.toString());
  }

  @Test
  void help_tells_exit_statuses_and_how_ids_are_made() {
    assertEquals(0, run("submit", "--help"));
    Matcher statuses = Pattern.compile("(?m)^  (0|1|2|130, 143) ").matcher(out.toString());
    assertEquals(4, statuses.results().count(), out.toString());
    assertTrue(out.toString().contains("both my and my- make my-1"), out.toString());
  }
}
