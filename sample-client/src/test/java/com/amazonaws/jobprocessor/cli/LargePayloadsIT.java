package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.S3Payloads;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What does not fit a message, by way of a bucket. */
@Tag("long")
class LargePayloadsIT {
  private static final String BACKLOG = "SQS-EC2-Queue-Todo";
  private static final String RESULTS = "SQS-EC2-Queue-Results";
  private static final String DEAD_LETTERS = "SQS-EC2-Queue-Dead-letter";
  private static final String BUCKET = "my-payloads";
  private static final String LARGE = "é 🚀".repeat(200_000);
  private static final int LARGE_BYTES = 7 * 200_000;

  @TempDir Path folder;
  private EmbeddedSqs sqsServer;
  private EmbeddedS3 s3Server;
  private SqsClient sqs;
  private S3Client s3;
  private Payloads payloads;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() {
    sqsServer = EmbeddedSqs.start();
    s3Server = EmbeddedS3.start();
    Map.of(
            "aws.endpointUrlSqs", sqsServer.endpoint().toString(),
            "aws.endpointUrlS3", s3Server.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
    sqs = sqsServer.client();
    s3 = s3Server.client();
    payloads = new S3Payloads(s3, new SqsCalls(), BUCKET);
    s3Server.createBucket(BUCKET);
    List.of(BACKLOG, RESULTS, DEAD_LETTERS).forEach(sqsServer::createQueue);
  }

  @AfterEach
  void stop() {
    s3Server.close();
    sqsServer.close();
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private String url(String queue) {
    return sqs.getQueueUrl(r -> r.queueName(queue)).queueUrl();
  }

  private int left(String queue) {
    return sqs
        .getQueueAttributes(
            r ->
                r.queueUrl(url(queue))
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  private List<Message> take(String queue) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url(queue))
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(600)
                    .messageAttributeNames("All"))
        .messages();
  }

  private void send(String queue, String body, Map<String, String> texts, int bytes) {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    texts.forEach(
        (name, text) ->
            attributes.put(
                name,
                MessageAttributeValue.builder().dataType("String").stringValue(text).build()));
    attributes.put(
        PayloadPointer.SIZE,
        MessageAttributeValue.builder()
            .dataType("Number")
            .stringValue(Integer.toString(bytes))
            .build());
    sqs.sendMessage(r -> r.queueUrl(url(queue)).messageBody(body).messageAttributes(attributes));
  }

  private void sendLargeResult(String jobId) throws Exception {
    send(RESULTS, payloads.store(LARGE), Map.of("job_id", jobId), LARGE_BYTES);
  }

  private List<String> keys() {
    return s3.listObjectsV2(r -> r.bucket(BUCKET)).contents().stream().map(S3Object::key).toList();
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("file.txt"), List.of(lines));
  }

  private static String text(Message message, String attribute) {
    MessageAttributeValue value = message.messageAttributes().get(attribute);
    return value == null ? "" : value.stringValue();
  }

  @Test
  void a_line_that_does_not_fit_a_message_is_sent_as_a_pointer_and_the_others_as_they_are()
      throws Exception {
    String file = file("small", LARGE, "small too").toString();

    assertEquals(0, run("submit", "--id-prefix", "p", "--payload-bucket", BUCKET, file));

    assertTrue(out.toString().startsWith("submitted 3 jobs"), out.toString());
    assertEquals(1, keys().size());
    Map<String, Message> jobs = new HashMap<>();
    take(BACKLOG).forEach(job -> jobs.put(text(job, "job_id"), job));
    assertEquals("small", jobs.get("p-1").body());
    assertEquals("small too", jobs.get("p-3").body());
    assertEquals("", text(jobs.get("p-1"), PayloadPointer.SIZE));
    assertEquals(Integer.toString(LARGE_BYTES), text(jobs.get("p-2"), PayloadPointer.SIZE));
    assertEquals(LARGE, payloads.fetch(jobs.get("p-2").body()));
  }

  @Test
  void what_fits_a_message_just_so_needs_no_bucket() throws Exception {
    String id = "p-1";
    String fits = "x".repeat(1024 * 1024 - "job_id".length() - "String".length() - id.length());
    String[] submit = {"submit", "--id-prefix", "p", "--payload-bucket", BUCKET};

    assertEquals(0, run(append(submit, file(fits).toString())));
    assertEquals(List.of(), keys());

    assertEquals(0, run(append(submit, file(fits + "x").toString())));
    assertEquals(1, keys().size());
  }

  private static String[] append(String[] args, String last) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 1);
    all[args.length] = last;
    return all;
  }

  @Test
  void without_the_option_large_lines_are_named_with_it() throws Exception {
    assertEquals(
        3, run("submit", "--skip-bad", file("small", LARGE, "x".repeat(1024 * 1024)).toString()));

    for (String line : List.of("line 2 ", "line 3 ")) {
      assertTrue(
          err.toString()
              .lines()
              .anyMatch(said -> said.contains(line) && said.contains("--payload-bucket")),
          err.toString());
    }
    assertEquals(1, left(BACKLOG));
    assertEquals(List.of(), keys());
  }

  @Test
  void a_line_of_64_mebibytes_is_taken_and_one_byte_more_is_named() throws Exception {
    String file = file("x".repeat(64 << 20), "y".repeat((64 << 20) + 1), "small").toString();

    assertEquals(3, run("submit", "--payload-bucket", BUCKET, "--skip-bad", file));

    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(
        err.toString().contains("line 2 ") && err.toString().contains("64 MiB"), err.toString());
    assertEquals(2, left(BACKLOG));
    assertEquals(1, keys().size());
  }

  @Test
  void a_bucket_that_says_no_costs_the_large_lines_only() throws Exception {
    assertEquals(
        1, run("submit", "--payload-bucket", "no-such-bucket", file("a", LARGE, "b").toString()));

    // S3Proxy says no amid the body: whether the client reads its reason first is chance.
    assertTrue(
        err.toString().matches("(?s).*line 2 of \"[^\"]+\" could not be put into the bucket.*"),
        err.toString());
    assertEquals(2, left(BACKLOG));
  }

  @Test
  void a_stop_does_not_say_that_a_line_was_taken_which_the_bucket_has_refused() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (String before : List.of("a\n", "\n")) {
      Stop stop = new Stop();
      StringWriter said = new StringWriter();
      String[] command = {
        "submit", "--payload-bucket", "no-such-bucket", "--id-prefix", "p", pipe.toString()
      };
      int had = left(BACKLOG);
      int small = before.equals("\n") ? 1 : 2;
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(
              () -> SqsFixture.run(stop, new StringWriter(), said, command));
      try (OutputStream lines = Files.newOutputStream(pipe)) {
        lines.write((before + LARGE + "\nb\n").getBytes(UTF_8));
        await().atMost(Duration.ofSeconds(30)).until(() -> left(BACKLOG) == had + small);

        stop.ask();

        assertEquals(1, status.get());
      }
      String end =
          small == 1
              ? "submitted 1 job, 1 could not be submitted; taken were p-3\n"
              : "submitted 2 jobs, 1 could not be submitted; of the lines up to 1 every job was"
                  + " taken; taken were p-1, p-3\n";
      assertTrue(said.toString().endsWith("sample-client: interrupted: " + end), "" + said);
    }
  }

  /** ElasticMQ takes what SQS may refuse, so this one says SQS's words itself. */
  private static HttpServer refusingSqs() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
          String answer =
              action.endsWith("GetQueueUrl")
                  ? "{\"QueueUrl\":\"http://127.0.0.1/000000000000/q\"}"
                  : """
                    {"Successful":[],"Failed":[{"Id":"0","SenderFault":true,
                      "Code":"InvalidMessageContents","Message":"not this one"}]}
                    """;
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(200, answer.length());
          exchange.getResponseBody().write(answer.getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void a_job_that_the_queue_refuses_leaves_nothing_in_the_bucket() throws Exception {
    HttpServer refusing = refusingSqs();
    System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:" + refusing.getAddress().getPort());

    assertEquals(1, run("submit", "--payload-bucket", BUCKET, file(LARGE).toString()));

    refusing.stop(0);
    assertTrue(err.toString().contains("not this one"), err.toString());
    assertEquals(List.of(), keys());
  }

  @Test
  void a_large_result_is_fetched_printed_and_deleted_with_its_payload() throws Exception {
    sendLargeResult("a");

    assertEquals(0, run("results", "--payload-bucket", BUCKET, "--expect", "1"));

    assertEquals("a\t" + LARGE, out.toString().strip());
    assertEquals(0, left(RESULTS));
    assertEquals(List.of(), keys());
  }

  @Test
  void a_large_result_may_have_characters_that_sqs_refuses() throws Exception {
    String odd = "\u0000\u0001\uffff".repeat(400_000);
    send(RESULTS, payloads.store(odd), Map.of("job_id", "a"), 2_000_000);

    assertEquals(0, run("results", "--payload-bucket", BUCKET, "--expect", "1", "--json"));

    assertTrue(
        out.toString().contains("\"result\":\"" + "\\u0000\\u0001\uffff".repeat(400_000)),
        () -> out.toString().substring(0, 300));
    assertEquals(List.of(), keys());
  }

  @Test
  void copies_of_a_large_result_are_deleted_with_their_payloads() throws Exception {
    sendLargeResult("a");
    sendLargeResult("a");

    assertEquals(0, run("results", "--payload-bucket", BUCKET, "--expect", "1", "--json"));

    assertEquals(1, out.toString().lines().count());
    assertTrue(out.toString().startsWith("{\"job_id\":\"a\""));
    assertTrue(out.toString().contains(LARGE));
    assertEquals(0, left(RESULTS));
    assertEquals(List.of(), keys());
  }

  @Test
  void keep_leaves_the_payload_with_its_result() throws Exception {
    sendLargeResult("a");

    assertEquals(0, run("results", "--payload-bucket", BUCKET, "--expect", "1", "--keep"));

    assertEquals(1, left(RESULTS));
    assertEquals(1, keys().size());
  }

  @Test
  void without_the_option_a_large_result_stays_and_is_named_with_it() throws Exception {
    sendLargeResult("a");

    assertEquals(1, run("results", "--expect", "1", "--timeout", "20"));

    assertEquals("", out.toString());
    assertTrue(
        err.toString().contains("the result of a is in S3; --payload-bucket"), err.toString());
    assertEquals(1, left(RESULTS));
    assertEquals(1, keys().size());
  }

  @Test
  void a_result_whose_payload_is_gone_stays_and_the_others_are_printed() throws Exception {
    sendLargeResult("good");
    String gone = payloads.store("x");
    payloads.delete(gone);
    send(RESULTS, gone, Map.of("job_id", "gone"), 1);
    send(RESULTS, gone.replace(BUCKET, "another"), Map.of("job_id", "foreign"), 1);

    assertEquals(1, run("results", "--payload-bucket", BUCKET, "--timeout", "20", "--expect", "3"));

    assertEquals("good\t" + LARGE, out.toString().strip());
    assertTrue(
        err.toString().contains("the result of gone could not be fetched: PayloadMissing"),
        err.toString());
    assertTrue(
        err.toString().contains("the result of foreign could not be fetched: PayloadRefused"),
        err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
    assertEquals(2, left(RESULTS));
  }

  private String sendLargeDeadLetter() throws Exception {
    String pointer = payloads.store(LARGE);
    send(
        DEAD_LETTERS,
        pointer,
        Map.of("job_id", "a", "error_type", "java.io.IOException", "mine", "1"),
        LARGE_BYTES);
    return pointer;
  }

  @Test
  void a_large_dead_letter_is_listed_with_its_size_and_without_its_payload() throws Exception {
    String pointer = sendLargeDeadLetter();
    s3Server.close();

    assertEquals(0, run("dead-letters"));
    assertTrue(out.toString().contains("(in S3, 1400000 bytes)"), out.toString());
    assertFalse(out.toString().contains(BUCKET), out.toString());

    assertEquals(0, run("dead-letters", "list", "--json"));
    assertTrue(out.toString().contains("\"job_bytes\":1400000"), out.toString());
    assertTrue(
        out.toString().contains("\"job_pointer\":\"" + pointer.replace("\"", "\\\"") + "\""),
        out.toString());
  }

  @Test
  void a_large_dead_letter_is_sent_back_with_its_payload() throws Exception {
    String pointer = sendLargeDeadLetter();

    assertEquals(0, run("dead-letters", "send-back", "--all"));

    assertEquals(0, left(DEAD_LETTERS));
    Message job = take(BACKLOG).getFirst();
    assertEquals(pointer, job.body());
    assertEquals(
        java.util.Set.of("job_id", "mine", PayloadPointer.SIZE), job.messageAttributes().keySet());
    assertEquals(LARGE, payloads.fetch(job.body()));
  }
}
