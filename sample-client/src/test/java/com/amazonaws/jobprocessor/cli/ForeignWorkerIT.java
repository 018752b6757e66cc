package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that is not ours, in Python with boto3, understands our jobs, and we its results. */
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

  private String python(String program, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", program));
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
    Path said = folder.resolve("python.err");
    Process process = builder.redirectError(said.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it does not end");
    assertEquals(0, process.exitValue(), Files.readString(said));
    return printed;
  }

  private static void assumeBoto3() throws InterruptedException {
    boolean there;
    try {
      there = new ProcessBuilder("python3", "-c", "import boto3").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "python3 with boto3 is missing: pip install boto3");
  }

  /** Submits jobs, lets the worker do them, and reads what it has sent; returns what it printed. */
  private List<String> work(String queue, List<String> jobs, String... options) throws Exception {
    assumeBoto3();
    List<String> submit =
        new ArrayList<>(List.of("submit", "--id-prefix", "j", "--ids", "--backlog-queue", queue));
    submit.addAll(List.of(options));
    submit.add(file(jobs).toString());
    assertEquals(0, run(submit.toArray(String[]::new)), err::toString);
    Path ids = Files.writeString(folder.resolve("ids.txt"), out.toString());

    List<String> printed = python(WORKER, queue, RESULTS).lines().toList();
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
        work(BACKLOG, List.of("Grüße \"1\"")));
    assertEquals(
        25, work(BACKLOG, IntStream.range(0, 25).mapToObj(i -> "job " + i).toList()).size());
  }

  @Test
  void jobs_of_a_group() throws Exception {
    makeFifo("todo.fifo");

    assertEquals(
        List.of(
            "[\"a\", {\"job_id\": [\"String\", \"j-1\"]}, \"mine\"]",
            "[\"b\", {\"job_id\": [\"String\", \"j-2\"]}, \"mine\"]"),
        work("todo.fifo", List.of("a", "b"), "--group", "mine"));
  }

  @Test
  void packs() throws Exception {
    List<String> jobs = IntStream.range(0, 25).mapToObj(i -> "ü \"" + i).toList();

    List<String> printed = work(BACKLOG, jobs, "--pack", "10", "--result-pack");

    assertEquals(3, printed.size(), printed::toString);
    assertTrue(
        printed.stream()
            .anyMatch(
                line ->
                    line.endsWith(
                        ", {\"job_count\": [\"Number\", \"5\"], \"job_pack\": [\"String\", \"1\"],"
                            + " \"result_pack\": [\"String\", \"1\"]}, null]")),
        printed::toString);
  }
}
