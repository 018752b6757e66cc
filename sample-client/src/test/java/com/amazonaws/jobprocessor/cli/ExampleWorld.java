package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.docs.Unpacked;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** A command without anything of a shell's, but that its output may go to a file. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "sample-client ((?!.*(?:run-local|replay|completion|edit))[^|;&<>$'\"()#]*?)(?: > (\\S+))?");

  private final Path folder;
  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final EmbeddedDynamo dynamo = EmbeddedDynamo.start();
  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final FakeFleet fleet = FakeFleet.start();
  private final Map<String, String> properties;
  private final Unpacked user;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
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
    this.properties =
        Map.of(
            "aws.endpointUrlSqs", sqs.endpoint().toString(),
            "aws.endpointUrlDynamoDb", dynamo.endpoint().toString(),
            "aws.endpointUrlS3", s3.endpoint().toString(),
            "aws.endpointUrlEc2", fleet.endpoint().toString(),
            "aws.endpointUrlAutoScaling", fleet.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test");
    properties.forEach(System::setProperty);
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
    submit("demo", jobs);
    submit("k3f9x2", "job\n".repeat(16) + "white space\njob\njob\nwhite space\n");
    submit("abc123", jobs);
    write("ids.txt", "abc123-1\nabc123-2\n");
    mustRun("sample-client results --ids ids.txt");
    await()
        .atMost(SOON)
        .until(() -> sqs.counts(TODO).total() == 0 && sqs.counts(DEAD).visible() == 2);
    return out.toString();
  }

  private void submit(String prefix, String lines) throws Exception {
    write("jobs.txt", lines);
    mustRun("sample-client submit --job-table " + TABLE + " --id-prefix " + prefix + " jobs.txt");
  }

  private void mustRun(String command) throws Exception {
    assertEquals(Optional.empty(), failure(command));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  /** Runs an example; empty if it did what it should. */
  Optional<String> failure(String example) throws Exception {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    boolean isEndless = example.contains("--follow") || example.contains("--watch 10");
    boolean asks =
        (example.contains(" purge ") || example.contains(" fleet terminate "))
            && !example.contains("--yes");
    String typed = example.replaceFirst(" +#.*", "");
    Matcher plain = PLAIN.matcher(typed.replaceAll("\\\\\\n *", ""));
    int status =
        plain.matches() && !isEndless && !asks
            ? runHere(plain.group(1), plain.group(2))
            : runInShell(isEndless ? ended(typed) : typed);
    int expected = isEndless ? 128 + 15 : asks ? 1 : 0;
    boolean isRight =
        status == expected
            && asks == err.toString().contains("give --yes")
            && !err.toString().contains("\tat ");
    return isRight ? Optional.empty() : Optional.of(example + ": " + status + " " + out + err);
  }

  /** In this process, which is quicker. */
  private int runHere(String arguments, String file) throws IOException {
    String[] words = arguments.split(" +");
    for (int i = 0; i < words.length; i++) {
      words[i] =
          words[i].matches("[a-z]+\\.(txt|jsonl)") ? "" + folder.resolve(words[i]) : words[i];
    }
    int status = SqsFixture.run(new Stop(), out, err, words);
    if (file != null) {
      write(file, out.toString());
    }
    return status;
  }

  /** As a user would who has the distribution's programs on the path. */
  private int runInShell(String text) throws IOException, InterruptedException {
    boolean isForZsh =
        text.contains("completion zsh") && user.run("bash", "-c", "type zsh").status() == 0;
    Unpacked.Ran ran = user.run(isForZsh ? "zsh" : "bash", "-c", "PATH=$PWD/bin:$PATH\n" + text);
    out.append(ran.out());
    err.append(ran.err());
    return ran.status();
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
  void prepare(String example) throws Exception {
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
    properties.keySet().forEach(System::clearProperty);
    user.close();
    fleet.close();
    s3.close();
    dynamo.close();
    sqs.close();
  }
}
