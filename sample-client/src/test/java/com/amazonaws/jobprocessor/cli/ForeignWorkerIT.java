package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers that are not ours, on boto3 and the AWS CLI, understand our jobs, and we their results.
 */
@Tag("long")
@Timeout(240)
class ForeignWorkerIT extends SqsFixture {
  /** Prints each message as JSON, reverses its jobs, and sends the results as it has got them. */
  private static final String WORKER =
      """
      import boto3, json, sys
      sqs = boto3.client("sqs")
      jobs, results = (sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in sys.argv[1:])
      while True:
          messages = sqs.receive_message(QueueUrl=jobs, MaxNumberOfMessages=10, AttributeNames=["All"],
                                         MessageAttributeNames=["All"]).get("Messages", [])
          if not messages:
              break
          for message in messages:
              attributes = {name: (each["DataType"], each["StringValue"])
                            for name, each in message["MessageAttributes"].items()}
              print(json.dumps([message["Body"], attributes, message["Attributes"].get("MessageGroupId")]))
              if "job_pack" in attributes:
                  lines = [json.loads(line) for line in message["Body"].split("\\n") if line.strip()]
                  body = "\\n".join(json.dumps({"job_id": each["job_id"], "body": each["body"][::-1]})
                                   for each in lines)
                  sent = {"job_pack": ("String", "1")}
              else:
                  body, sent = message["Body"][::-1], {"job_id": attributes["job_id"]}
              sqs.send_message(QueueUrl=results, MessageBody=body, MessageAttributes={
                  name: {"DataType": kind, "StringValue": value} for name, (kind, value) in sent.items()})
              sqs.delete_message(QueueUrl=jobs, ReceiptHandle=message["ReceiptHandle"])
      """;

  /** Does one job. */
  private static final String CLI_WORKER =
      """
      set -euo pipefail
      sqs() { aws sqs --output json --endpoint-url "$AWS_ENDPOINT_URL_SQS" "$@"; }
      jobs=$(sqs get-queue-url --queue-name "$1" | jq -r .QueueUrl)
      results=$(sqs get-queue-url --queue-name "$2" | jq -r .QueueUrl)
      message=$(sqs receive-message --queue-url "$jobs" --message-attribute-names All | jq -c '.Messages[0]')
      jq -c '[.Body, .MessageAttributes.job_id.StringValue]' <<<"$message"
      sqs send-message --queue-url "$results" --message-body "$(jq -r .Body <<<"$message" | rev)" \
        --message-attributes "$(jq -c '{job_id: .MessageAttributes.job_id | {DataType, StringValue}}' <<<"$message")" >&2
      sqs delete-message --queue-url "$jobs" --receipt-handle "$(jq -r .ReceiptHandle <<<"$message")"
      """;

  private static final List<String> BOTO3 = List.of("python3", "-c", WORKER);

  private String run(List<String> worker, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(worker);
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ENDPOINT_URL_SQS", endpoint,
                "AWS_REGION", "us-east-1",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "x",
                "AWS_SECRET_ACCESS_KEY", "y",
                "AWS_EC2_METADATA_DISABLED", "true",
                "PYTHONIOENCODING", "utf-8"));
    Path said = folder.resolve("worker.err");
    Path printed = folder.resolve("worker.out");
    Process process = builder.redirectError(said.toFile()).redirectOutput(printed.toFile()).start();
    try {
      assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it does not end");
      assertEquals(0, process.exitValue(), Files.readString(said));
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(printed);
  }

  private static void assumeRuns(String what, String... command) throws InterruptedException {
    boolean runs;
    try {
      runs =
          new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      runs = false;
    }
    assumeTrue(runs, what + " is missing");
  }

  private List<String> workInPython(String queue, List<String> jobs, String... options)
      throws Exception {
    assumeRuns("python3 with boto3", "python3", "-c", "import boto3");
    return work(BOTO3, queue, jobs, options);
  }

  /** Submits jobs, lets the worker do them, and reads what it has sent; returns what it printed. */
  private List<String> work(List<String> worker, String queue, List<String> jobs, String... options)
      throws Exception {
    List<String> submit =
        new ArrayList<>(List.of("submit", "--id-prefix", "j", "--ids", "--backlog-queue", queue));
    submit.addAll(List.of(options));
    submit.add(file(jobs).toString());
    assertEquals(0, run(submit.toArray(String[]::new)), err::toString);
    Path ids = Files.writeString(folder.resolve("ids.txt"), out.toString());

    List<String> printed = run(worker, queue, RESULTS).lines().toList();
    assertEquals(0, run("results", "--ids", ids.toString(), "--timeout", "60"), err::toString);

    Map<String, String> results = new TreeMap<>();
    out.toString()
        .lines()
        .forEach(line -> results.put(line.split("\t", 2)[0], line.split("\t", 2)[1]));
    Map<String, String> expected = new TreeMap<>();
    IntStream.range(0, jobs.size())
        .forEach(i -> expected.put("j-" + (i + 1), new StringBuilder(jobs.get(i)).reverse() + ""));
    assertEquals(expected, results);
    assertEquals(0, visible(RESULTS) + invisible(RESULTS));
    return printed;
  }

  @Test
  void plain_jobs() throws Exception {
    assertEquals(
        List.of("[\"Gr\\u00fc\\u00dfe \\\"1\\\"\", {\"job_id\": [\"String\", \"j-1\"]}, null]"),
        workInPython(BACKLOG, List.of("Grüße \"1\"")));
    assertEquals(
        25,
        workInPython(BACKLOG, IntStream.range(0, 25).mapToObj(i -> "job " + i).toList()).size());
  }

  @Test
  void jobs_of_a_group() throws Exception {
    makeFifo("todo.fifo");

    assertEquals(
        List.of(
            "[\"a\", {\"job_id\": [\"String\", \"j-1\"]}, \"mine\"]",
            "[\"b\", {\"job_id\": [\"String\", \"j-2\"]}, \"mine\"]"),
        workInPython("todo.fifo", List.of("a", "b"), "--group", "mine"));
  }

  @Test
  void packs() throws Exception {
    List<String> jobs = IntStream.range(0, 25).mapToObj(i -> "ü \"" + i).toList();

    List<String> printed = workInPython(BACKLOG, jobs, "--pack", "10", "--result-pack");

    assertTrue(printed.size() < jobs.size(), printed::toString);
    assertTrue(
        printed.stream()
            .anyMatch(
                line ->
                    line.matches(
                        ".*, \\{\"job_count\": \\[\"Number\", \"[0-9]+\"], \"job_pack\":"
                            + " \\[\"String\", \"1\"], \"result_pack\": \\[\"String\", \"1\"]}, null]")),
        printed::toString);
  }

  @Test
  void a_job_by_the_aws_cli() throws Exception {
    assumeRuns("the AWS CLI", "aws", "--version");
    assumeRuns("jq", "jq", "--version");

    assertEquals(
        List.of("[\"hello \\\"world\\\"\",\"j-1\"]"),
        work(List.of("bash", "-c", CLI_WORKER, "worker"), BACKLOG, List.of("hello \"world\"")));
  }
}
