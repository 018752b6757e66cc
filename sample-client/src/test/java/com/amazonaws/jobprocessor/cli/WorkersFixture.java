package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Queues, job table and payload bucket in this process; workers are processes of their own, and so
 * are commands that are to be killed. Jobs fail as long as there is no file {@link #works}; each
 * run that does not notes its job's id.
 */
abstract class WorkersFixture {
  static final String TODO = "SQS-EC2-Queue-Todo";
  static final String RESULTS = "SQS-EC2-Queue-Results";
  static final String DEAD = "SQS-EC2-Queue-Dead-letter";
  static final String TABLE = "jobs";
  static final String BUCKET = "payloads";
  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern HANDLE = Pattern.compile("\"ReceiptHandle\":\"([^\"]+)\"");

  @TempDir Path folder;
  final EmbeddedSqs sqs = EmbeddedSqs.start();
  final EmbeddedDynamo dynamo = EmbeddedDynamo.start();
  final EmbeddedS3 s3 = EmbeddedS3.start();
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  private final List<DaemonProcess> workers = new ArrayList<>();
  private final List<Process> commands = new ArrayList<>();
  private final Map<String, String> properties =
      Map.of(
          "aws.endpointUrlSqs",
          sqs.endpoint().toString(),
          "aws.endpointUrlDynamoDb",
          dynamo.endpoint().toString(),
          "aws.endpointUrlS3",
          s3.endpoint().toString(),
          "aws.region",
          "us-east-1",
          "aws.accessKeyId",
          "test",
          "aws.secretAccessKey",
          "test");

  @BeforeEach
  void open() throws Exception {
    properties.forEach(System::setProperty);
    List.of(TODO, RESULTS, DEAD, "todo.fifo", "results.fifo", "dead.fifo")
        .forEach(sqs::createQueue);
    s3.createBucket(BUCKET);
    new DynamoTables(dynamo.client(), new SqsCalls()).create(TABLE);
    Files.writeString(
        folder.resolve("executor"),
        """
        test -e "$1/works" || exit 1
        echo "$JOB_ID" >> "$1/runs"
        wc -c
        """);
  }

  @AfterEach
  void close() {
    stopWorkers();
    commands.forEach(Process::destroyForcibly);
    properties.keySet().forEach(System::clearProperty);
    sqs.close();
    dynamo.close();
    s3.close();
  }

  /** A worker for the queues of which the user data says nothing else. */
  DaemonProcess worker(String... userData) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "concurrency=2",
                "poll_rate_per_min=6000",
                "poll_wait_time_in_secs=1",
                "job_failure_retries=0",
                "job_table_name=" + TABLE,
                "payload_bucket_name=" + BUCKET,
                "job_executor=ShellCommand",
                "executor.command=sh " + folder.resolve("executor") + " " + folder));
    settings.addAll(List.of(userData));
    DaemonProcess worker =
        DaemonProcess.builder()
            .sqs(sqs.endpoint())
            .set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString())
            .set("AWS_ENDPOINT_URL_S3", s3.endpoint().toString())
            .userData(settings.toArray(String[]::new))
            .start();
    workers.add(worker);
    return worker;
  }

  DaemonProcess fifoWorker() {
    return worker(
        "job_backlog_queue_name=todo.fifo",
        "results_queue_name=results.fifo",
        "dead_letter_queue_name=dead.fifo");
  }

  void stopWorkers() {
    workers.forEach(DaemonProcess::close);
    workers.clear();
  }

  /** From now on jobs have results. */
  void works() throws IOException {
    Files.createFile(folder.resolve("works"));
  }

  /** The ids of the jobs that were run with a result, one for each run, sorted. */
  List<String> runs() throws IOException {
    Path runs = folder.resolve("runs");
    return Files.exists(runs) ? Files.readAllLines(runs).stream().sorted().toList() : List.of();
  }

  int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SqsFixture.run(new Stop(), out, err, args);
  }

  void done(String... args) {
    assertEquals(0, run(args), () -> String.join(" ", args) + ": " + out + err);
  }

  Path file(String... lines) throws IOException {
    return Files.write(Files.createTempFile(folder, "lines", ".txt"), List.of(lines));
  }

  void submit(String prefix, String line, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("submit", "--id-prefix", prefix));
    args.addAll(List.of(options));
    args.add(file(line).toString());
    done(args.toArray(String[]::new));
  }

  void await(String queue, int visible) {
    awaitThat(() -> sqs.counts(queue).equals(new EmbeddedSqs.Counts(visible, 0, 0)));
  }

  void awaitThat(Callable<Boolean> condition) {
    try {
      Awaitility.await().atMost(PATIENCE).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("workers: " + workers, e);
    }
  }

  /** Starts a command as a process of its own. */
  Process start(Map<String, String> environment, String... args) throws IOException {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB",
                dynamo.endpoint().toString(),
                "AWS_ENDPOINT_URL_S3",
                s3.endpoint().toString(),
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test"));
    all.putAll(environment);
    Process process =
        ClientProcess.start(folder, sqs.endpoint().toString(), all, "</dev/null", args);
    commands.add(process);
    return process;
  }

  /** Runs a command as a process of its own; what it says is in {@link #said}. */
  int runs(Map<String, String> environment, String... args) throws Exception {
    Process process = start(environment, args);
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  /** What the last process has printed. */
  String said() throws IOException {
    return Files.readString(folder.resolve("out")) + Files.readString(folder.resolve("err"));
  }

  /**
   * Kills a command at its n-th delete of dead letters, which never comes to SQS, and shows again
   * what it held, as SQS does after a minute.
   */
  void killAtDelete(int number, String letters, Map<String, String> environment, String... args)
      throws Exception {
    List<String> handles = new ArrayList<>();
    Fault receives =
        sqs.proxy()
            .on("ReceiveMessage")
            .queue(letters)
            .rewriteAnswer(
                answer -> {
                  Matcher handle = HANDLE.matcher(answer);
                  synchronized (handles) {
                    while (handle.find()) {
                      handles.add(handle.group(1));
                    }
                  }
                  return answer;
                })
            .forever();
    Fault held = sqs.proxy().on("DeleteMessageBatch").queue(letters).holdBefore(number);
    Process process = start(environment, args);
    held.awaitHit(PATIENCE);
    process.destroyForcibly().waitFor();
    held.clear();
    receives.clear();
    handles.forEach(handle -> show(letters, handle));
  }

  private void show(String queue, String handle) {
    try {
      sqs.client()
          .changeMessageVisibility(
              r -> r.queueUrl(sqs.urlOf(queue)).receiptHandle(handle).visibilityTimeout(0));
    } catch (SqsException e) {
      // one that was deleted
    }
  }
}
