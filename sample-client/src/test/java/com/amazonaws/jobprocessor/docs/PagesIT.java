package com.amazonaws.jobprocessor.docs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.testkit.KeptPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages show works as written, against an SQS on this machine. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class PagesIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> RUN_HERE =
      List.of("run", "worker", "service", "retry", "output");

  /** Version 1 of the AWS CLI does not take the endpoint of SQS from the environment. */
  private static final String ENDPOINT =
      "aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL_SQS\" \"$@\"; }\n";

  /** The id of a job that an example submits, whose result it leaves to others. */
  private static final Pattern SUBMITTED = Pattern.compile("\\b(py|cli|java)-1\\b");

  @TempDir Path folder;
  private SQSRestServer server;
  private Unpacked user;

  /** Nobody else has it before the service is there. */
  private KeptPort kept;

  @BeforeEach
  void start() throws IOException {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    int sqs = server.waitUntilStarted().localAddress().getPort();
    user = new Unpacked(folder, "http://127.0.0.1:" + sqs);
    kept = KeptPort.free();
  }

  @AfterEach
  void stop() {
    user.close();
    kept.release();
    server.stopAndWait();
  }

  private static Stream<Page> pagesWith(List<String> marks) {
    return Page.all().stream()
        .filter(page -> page.blocks().stream().anyMatch(block -> marks.contains(block.mark())));
  }

  static Stream<Page> pages() {
    return pagesWith(List.of("run", "worker"));
  }

  static Stream<Page> pagesWithBoto3() {
    return pagesWith(List.of("boto3"));
  }

  static Stream<Page> pagesWithTheCli() {
    return pagesWith(List.of("awscli"));
  }

  static Stream<Page> pagesWithNode() {
    return pagesWith(List.of("node"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void the_commands_of_a_page_do_what_it_says(Page page) throws Exception {
    assumeTrue(has("python3", "--version"), "python3 is missing: no commands in Python");
    assertWorks(page, RUN_HERE);
  }

  @ParameterizedTest
  @MethodSource("pagesWithBoto3")
  void the_examples_with_boto3_work(Page page) throws Exception {
    assumeTrue(
        has("python3", "-c", "import boto3"), "python3 with boto3 is missing: pip install boto3");
    assertWorks(page, List.of("boto3"));
  }

  @ParameterizedTest
  @MethodSource("pagesWithTheCli")
  void the_examples_with_the_aws_cli_work(Page page) throws Exception {
    assumeTrue(has("aws", "--version"), "the AWS CLI is missing");
    assumeTrue(has("jq", "--version"), "jq is missing");
    assertWorks(page, List.of("awscli"));
  }

  @ParameterizedTest
  @MethodSource("pagesWithNode")
  void the_examples_in_node_js_work(Page page) throws Exception {
    assumeTrue(has("node", "--version"), "Node.js is missing: no commands in JavaScript");
    assertWorks(page, List.of("node", "node-worker", "node-output"));
  }

  private boolean has(String... command) throws InterruptedException {
    try {
      return user.run(command).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void assertWorks(Page page, List<String> marks) throws Exception {
    user.startWorker("bin/job-processor --user-data concurrency=2");
    String printed = "";
    for (Page.Block block : page.blocks()) {
      if (marks.contains(block.mark())) {
        printed = run(block, block.text().replace("8000", Integer.toString(kept.port())), printed);
      }
    }
  }

  /** Returns what it has printed. */
  private String run(Page.Block block, String text, String before) throws Exception {
    switch (block.mark()) {
      case "worker", "node-worker" -> user.startWorker(text);
      case "service" -> user.startService(text, kept.port());
      case "retry" -> await().atMost(SOON).until(() -> user.run(bash(text)).status() == 0);
      case "output", "node-output" -> assertEquals(text, sorted(before), block.toString());
      default -> {
        return succeed(block, text);
      }
    }
    return "";
  }

  private String succeed(Page.Block block, String text) throws IOException, InterruptedException {
    Unpacked.Ran ran =
        user.run(
            switch (block.language()) {
              case "python" -> new String[] {"python3", "-c", text};
              case "java" -> java(text);
              default -> bash(block.mark().equals("awscli") ? ENDPOINT + text : text);
            });
    assertEquals(0, ran.status(), () -> block + ": " + ran.out() + ran.err());
    Matcher submitted = SUBMITTED.matcher(text);
    if (submitted.find()) {
      assertHasResult(submitted.group());
    }
    return ran.out();
  }

  private static String[] bash(String text) {
    return new String[] {"bash", "-euo", "pipefail", "-c", text};
  }

  /** A whole class, or lines of a method. */
  private String[] java(String text) throws IOException {
    String source =
        text.contains("class ")
            ? text
            : """
            import com.amazonaws.jobprocessor.client.*;
            import java.time.Duration;
            import java.util.List;
            import java.util.Map;
            import software.amazon.awssdk.services.sqs.SqsClient;
            import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
            public class Example {
              public static void main(String[] args) throws Exception {
            %s
              }
            }
            """
                .formatted(text);
    Path file = Files.writeString(folder.resolve("Example.java"), source);
    return new String[] {"java", "-cp", "lib/client/*", file.toString()};
  }

  private static String sorted(String text) {
    return text.lines().sorted().map(line -> line + "\n").collect(Collectors.joining());
  }

  private void assertHasResult(String id) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("id.txt"), id + "\n");
    Unpacked.Ran ran =
        user.run("bin/sample-client", "results", "--ids", "id.txt", "--timeout", "60");
    assertTrue(ran.out().startsWith(id + "\t"), ran::toString);
  }
}
