package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command needs the rights that docs/iam.md has for it, and no others. */
@Tag("long")
class RightsIT {
  private static final String BACKLOG = "SQS-EC2-Queue-Todo";
  private static final String RESULTS = "SQS-EC2-Queue-Results";
  private static final String DEAD_LETTERS = "SQS-EC2-Queue-Dead-letter";

  @TempDir Path folder;
  private final StringWriter said = new StringWriter();
  private EmbeddedSqs sqs;

  @BeforeEach
  void start() {
    sqs = EmbeddedSqs.start();
    Map.of(
            "aws.endpointUrlSqs", sqs.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
    List.of(BACKLOG, RESULTS, DEAD_LETTERS).forEach(sqs::createQueue);
  }

  @AfterEach
  void stop() {
    sqs.close();
  }

  /** A message as a worker sends it. */
  private void send(String queue, String jobId) {
    Map<String, String> ofLetters = Map.of("job_id", jobId, "backlog", BACKLOG);
    sqs.sendWithAttributes(
        queue, "text", queue.equals(DEAD_LETTERS) ? ofLetters : Map.of("job_id", jobId));
  }

  /** The rights that the calls of the last command need on a queue, as IAM names them. */
  private Set<String> rightsOn(String queue) {
    Set<String> rights = new TreeSet<>();
    for (Call call : sqs.proxy().calls()) {
      if (call.queue().equals(queue)) {
        rights.add("sqs:" + call.action().replaceAll("Batch$", ""));
      }
    }
    return rights;
  }

  private void run(String... args) {
    sqs.proxy().forget();
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

    assertEquals(described("submit", 0), rightsOn(BACKLOG));
    run("submit", "--create-queue", jobs.toString());
    assertTrue(rightsOn(BACKLOG).containsAll(described("submit", 1)));
    run("submit", "--pack", "auto", jobs.toString());
    assertEquals(described("submit", 0), rightsOn(BACKLOG));
    assertEquals(described("submit", 2), rightsOn(RESULTS));
  }

  @Test
  void results() throws IOException {
    send(RESULTS, "mine");
    send(RESULTS, "another's");
    Path ids = Files.writeString(folder.resolve("ids.txt"), "mine\n");

    run("results", "--ids", ids.toString(), "--timeout", "30");

    assertEquals(described("results", 0), rightsOn(RESULTS));
    assertTrue(
        described("results", 1).containsAll(rightsOn(DEAD_LETTERS)),
        () -> sqs.proxy().calls().toString());
  }

  @Test
  void dead_letters() {
    send(DEAD_LETTERS, "failed");

    run("dead-letters");

    assertEquals(described("dead-letters", 0), rightsOn(DEAD_LETTERS));
  }

  @Test
  void send_back() {
    send(DEAD_LETTERS, "failed");
    send(DEAD_LETTERS, "stays");

    run("dead-letters", "send-back", "failed");

    Set<String> rights = described("dead-letters send-back", 0);
    rights.addAll(described("dead-letters", 0));
    assertEquals(rights, rightsOn(DEAD_LETTERS));
    assertEquals(described("dead-letters send-back", 1), rightsOn(BACKLOG));
  }
}
