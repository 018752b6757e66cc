package com.amazonaws.jobprocessor.docs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.cli.ExecutorJar;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * All that the examples of the command line speak of: a distribution, AWS's services on this
 * machine, a worker, jobs that have ended, dead letters, boxes, and files of these names.
 */
final class ExampleWorld implements AutoCloseable {
  private static final String TODO = "SQS-EC2-Queue-Todo";
  private static final String RESULTS = "SQS-EC2-Queue-Results";
  private static final String DEAD = "SQS-EC2-Queue-Dead-letter";
  private static final List<String> QUEUES =
      List.of(TODO, RESULTS, DEAD, "todo", "done", "failed", "todo.fifo", "failed.fifo");
  private static final String TABLE = "jobs";
  private static final String BUCKET = "my-payloads";
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String BOX = "i-0123456789abcdef0";
  private static final String READY =
      "[  OK  ] Started Job processor: takes jobs from an SQS queue.";

  private final Path folder;
  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final EmbeddedDynamo dynamo = EmbeddedDynamo.start();
  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final FakeFleet fleet = FakeFleet.start();
  private final Unpacked user;
  private final List<Map<String, AttributeValue>> records;
  private final String results;

  /**
   * Starts it all.
   *
   * @param folder an empty one, in which the examples run
   */
  ExampleWorld(Path folder) throws Exception {
    this.folder = folder;
    this.user =
        new Unpacked(
            folder,
            sqs.endpoint().toString(),
            Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
                "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                "AWS_ENDPOINT_URL_EC2", fleet.endpoint().toString(),
                "AWS_ENDPOINT_URL_AUTO_SCALING", fleet.endpoint().toString(),
                "EDITOR", "sed -i s/e/E/"));
    QUEUES.forEach(sqs::createQueue);
    s3.createBucket(BUCKET);
    fleet.onLaunch(box -> box.state("running").console(READY));
    for (String jar : List.of("my.jar", "old.jar", "new.jar")) {
      ExecutorJar.of(folder.resolve(jar), "return job;");
    }
    user.startWorker(
        "bin/job-processor --user-data job_failure_retries=0,concurrency=4,poll_rate_per_min=6000,job_table_name="
            + TABLE
            + ",payload_bucket_name="
            + BUCKET);
    this.results = workOff();
    this.records = dynamo.client().scan(r -> r.tableName(TABLE)).items();
  }

  /** Returns the results of the first jobs, as they were printed. */
  private String workOff() throws Exception {
    String jobs = "hello\nworld\n";
    String many = "job\n".repeat(16) + "white space\njob\njob\nwhite space\n";
    submit("demo", jobs);
    submit("k3f9x2", many);
    submit("abc123", jobs);
    write("ids.txt", "abc123-1\nabc123-2\n");
    Unpacked.Ran ran = run("sample-client results --ids ids.txt");
    assertEquals(0, ran.status(), ran::toString);
    await()
        .atMost(SOON)
        .until(() -> sqs.counts(TODO).total() == 0 && sqs.counts(DEAD).visible() == 2);
    return ran.out();
  }

  private void submit(String prefix, String lines) throws Exception {
    write("jobs.txt", lines);
    Unpacked.Ran ran =
        run("sample-client submit --job-table " + TABLE + " --id-prefix " + prefix + " jobs.txt");
    assertEquals(0, ran.status(), ran::toString);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  /** Runs a line of a shell as a user would, who has the distribution's programs on the path. */
  Unpacked.Ran run(String text) throws IOException, InterruptedException {
    String shell = text.contains("completion zsh") && isThere("zsh") ? "zsh" : "bash";
    return user.run(shell, "-c", "PATH=$PWD/bin:$PATH\n" + text);
  }

  private boolean isThere(String program) throws IOException, InterruptedException {
    return user.run("bash", "-c", "type " + program).status() == 0;
  }

  /** Runs an example; empty if it did what it should. */
  Optional<String> failure(String example) throws Exception {
    prepare(example);
    boolean isEndless = example.contains("--follow") || example.contains("--watch 10");
    boolean asks =
        (example.contains("purge") || example.contains("fleet terminate"))
            && !example.contains("--yes");
    Unpacked.Ran ran = run(isEndless ? ended(example) : "set -e\n" + example);
    int expected = isEndless ? 128 + 15 : asks ? 1 : 0;
    boolean isRight =
        ran.status() == expected
            && asks == ran.err().contains("give --yes")
            && !ran.err().contains("Exception");
    return isRight ? Optional.empty() : Optional.of(example + ": " + ran);
  }

  /** What goes on until somebody ends it has shown something first. */
  private static String ended(String example) {
    return """
        %s >> shown & example=$!
        until [[ -s shown || -s results.csv ]] || ! kill -0 $example; do sleep 0.1; done
        kill -TERM $example
        wait $example
        """
        .formatted(example);
  }

  /** All is as it was before the first example. */
  private void prepare(String example) throws Exception {
    for (String queue : QUEUES) {
      sqs.client().purgeQueue(r -> r.queueUrl(sqs.urlOf(queue)));
    }
    letter("k3f9x2-17", "IllegalArgumentException", "text");
    letter("k3f9x2-20", "IllegalArgumentException", "text");
    letter("bad-1", "IllegalArgumentException", "text");
    letter("file-1", "java.nio.file.NoSuchFileException", "a.jpgg");
    letter("net-1", "java.net.SocketTimeoutException", "text");
    letter("io-1", "java.io.IOException", "text");
    fifoLetter();
    result("abc123", example.contains("--expect 1000") ? 1_000 : 20);
    records.forEach(item -> dynamo.client().putItem(r -> r.tableName(TABLE).item(item)));
    if (example.contains(" cancel ")) {
      records.forEach(
          item ->
              dynamo
                  .client()
                  .deleteItem(
                      r ->
                          r.tableName(TABLE)
                              .key(
                                  Map.of(
                                      "job_id", item.get("job_id"), "queue", item.get("queue")))));
    }
    fleet.instances().forEach(box -> box.state("terminated"));
    fleet.instance(BOX).state("running").tag("job-processor:backlog", "thumbnails");
    files();
  }

  private void files() throws IOException {
    for (String old : List.of("log.txt", "shown", "results.csv")) {
      Files.deleteIfExists(folder.resolve(old));
    }
    write("jobs.txt", "hello\nworld\n");
    write("big.txt", "x".repeat(1_100_000) + "\n");
    write("ids.txt", "abc123-1\nabc123-2\n");
    write("results.txt", results);
    write("letters.jsonl", "");
    write("settings", "job_executor=ShellCommand\nexecutor.command=cat\n");
    write("settings.txt", "job_backlog_queue_name=thumbnails\nconcurrency=4\n");
  }

  private static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static Map<String, String> dead(String id, String error, String backlog) {
    return Map.of(
        "job_id",
        id,
        "job_message_id",
        UUID.randomUUID().toString(),
        "worker_id",
        "i-1",
        "attempts",
        "1",
        "error_type",
        error,
        "error_message",
        "broken",
        "backlog",
        backlog);
  }

  private void letter(String id, String error, String job) {
    sqs.sendWithAttributes(DEAD, job, dead(id, error, TODO));
  }

  private void fifoLetter() {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    dead("fifo-1", "java.io.IOException", "todo.fifo")
        .forEach((name, value) -> attributes.put(name, string(value)));
    sqs.client()
        .sendMessage(
            r ->
                r.queueUrl(sqs.urlOf("failed.fifo"))
                    .messageBody("text")
                    .messageAttributes(attributes)
                    .messageGroupId("group")
                    .messageDeduplicationId(UUID.randomUUID().toString()));
  }

  private void result(String prefix, int count) {
    String url = sqs.urlOf(RESULTS);
    for (int first = 1; first <= count; first += 10) {
      List<SendMessageBatchRequestEntry> ten =
          IntStream.range(first, first + 10).mapToObj(i -> entry(prefix + "-" + i, i)).toList();
      sqs.client().sendMessageBatch(r -> r.queueUrl(url).entries(ten));
    }
  }

  private static SendMessageBatchRequestEntry entry(String jobId, int number) {
    return SendMessageBatchRequestEntry.builder()
        .id("" + number)
        .messageBody("result")
        .messageAttributes(Map.of("job_id", string(jobId)))
        .build();
  }

  @Override
  public void close() {
    user.close();
    fleet.close();
    s3.close();
    dynamo.close();
    sqs.close();
  }
}
