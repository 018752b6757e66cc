package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Calls;
import com.amazonaws.jobprocessor.docs.Page;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Each command needs the rights that docs/iam.md has for it, and no others. */
class RightsIT {
  private static final String BACKLOG = "SQS-EC2-Queue-Todo";
  private static final String RESULTS = "SQS-EC2-Queue-Results";
  private static final String DEAD_LETTERS = "SQS-EC2-Queue-Dead-letter";

  @TempDir Path folder;
  private final StringWriter said = new StringWriter();
  private SQSRestServer server;

  @BeforeEach
  void start() {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    int port = server.waitUntilStarted().localAddress().getPort();
    Map.of(
            "aws.endpointUrlSqs", "http://127.0.0.1:" + port,
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
    try (SqsClient sqs = SqsClient.create()) {
      for (String queue : List.of(BACKLOG, RESULTS, DEAD_LETTERS)) {
        sqs.createQueue(r -> r.queueName(queue));
      }
    }
  }

  @AfterEach
  void stop() {
    server.stopAndWait();
  }

  /** A message as a worker sends it. */
  private static void send(String queue, String jobId) {
    try (SqsClient sqs = SqsClient.create()) {
      String url = sqs.getQueueUrl(r -> r.queueName(queue)).queueUrl();
      Map<String, MessageAttributeValue> attributes =
          Map.of("job_id", string(jobId), "backlog", string(BACKLOG));
      sqs.sendMessage(r -> r.queueUrl(url).messageBody("text").messageAttributes(attributes));
    }
  }

  private static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private void run(String... args) {
    Calls.clear();
    PrintWriter writer = new PrintWriter(said);
    int status = SampleClient.commandLine(new Stop()).setOut(writer).setErr(writer).execute(args);
    assertEquals(0, status, said::toString);
  }

  /** The rights in the row of a command up to where the text goes on with another queue. */
  private static Set<String> described(String command, int part) {
    String row = Page.of("docs/iam.md").all("(?m)^\\| `" + command + "` \\| (.*) \\|$").getFirst();
    Set<String> rights = new TreeSet<>();
    for (String word : row.split("; ", -1)[part].split("`", -1)) {
      if (word.startsWith("sqs:")) {
        rights.add(word);
      }
    }
    assertTrue(!rights.isEmpty(), row);
    return rights;
  }

  @Test
  void submit() throws IOException {
    Path jobs = Files.writeString(folder.resolve("jobs.txt"), "one\ntwo\n");

    run("submit", jobs.toString());

    assertEquals(described("submit", 0), Calls.rightsOn(BACKLOG));
    run("submit", "--create-queue", jobs.toString());
    assertTrue(Calls.rightsOn(BACKLOG).containsAll(described("submit", 1)));
    run("submit", "--pack", "auto", jobs.toString());
    assertEquals(described("submit", 0), Calls.rightsOn(BACKLOG));
    assertEquals(described("submit", 2), Calls.rightsOn(RESULTS));
  }

  @Test
  void results() throws IOException {
    send(RESULTS, "mine");
    send(RESULTS, "another's");
    Path ids = Files.writeString(folder.resolve("ids.txt"), "mine\n");

    run("results", "--ids", ids.toString(), "--timeout", "30");

    assertEquals(described("results", 0), Calls.rightsOn(RESULTS));
    assertTrue(described("results", 1).containsAll(Calls.rightsOn(DEAD_LETTERS)), Calls::all);
  }

  @Test
  void dead_letters() {
    send(DEAD_LETTERS, "failed");

    run("dead-letters");

    assertEquals(described("dead-letters", 0), Calls.rightsOn(DEAD_LETTERS));
  }

  @Test
  void send_back() {
    send(DEAD_LETTERS, "failed");
    send(DEAD_LETTERS, "stays");

    run("dead-letters", "send-back", "failed");

    Set<String> rights = described("dead-letters send-back", 0);
    rights.addAll(described("dead-letters", 0));
    assertEquals(rights, Calls.rightsOn(DEAD_LETTERS));
    assertEquals(described("dead-letters send-back", 1), Calls.rightsOn(BACKLOG));
  }
}
