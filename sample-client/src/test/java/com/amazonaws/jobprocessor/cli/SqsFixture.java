package com.amazonaws.jobprocessor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The three queues on an SQS in this process, and the command line before it. */
abstract class SqsFixture {
  static final String BACKLOG = "SQS-EC2-Queue-Todo";
  static final String RESULTS = "SQS-EC2-Queue-Results";
  static final String DEAD_LETTERS = "SQS-EC2-Queue-Dead-letter";

  @TempDir Path folder;
  private SQSRestServer server;
  String endpoint;
  SqsClient sqs;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  @BeforeEach
  void start() {
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    endpoint = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    Map.of(
            "aws.endpointUrlSqs", endpoint,
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
    sqs = SqsClient.builder().endpointOverride(URI.create(endpoint)).build();
    for (String queue : List.of(BACKLOG, RESULTS, DEAD_LETTERS)) {
      sqs.createQueue(r -> r.queueName(queue));
    }
  }

  @AfterEach
  void stop() {
    sqs.close();
    server.stopAndWait();
  }

  int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return run(new Stop(), out, err, args);
  }

  static int run(Stop stop, StringWriter out, StringWriter err, String... args) {
    return SampleClient.commandLine(stop)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  void makeFifo(String... queues) {
    for (String queue : queues) {
      sqs.createQueue(
          r -> r.queueName(queue).attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
    }
  }

  String url(String queue) {
    return sqs.getQueueUrl(r -> r.queueName(queue)).queueUrl();
  }

  private int count(String queue, QueueAttributeName attribute) {
    return Integer.parseInt(
        sqs.getQueueAttributes(r -> r.queueUrl(url(queue)).attributeNames(attribute))
            .attributes()
            .get(attribute));
  }

  int visible(String queue) {
    return count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  int invisible(String queue) {
    return count(queue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
  }

  /** What a reader has hidden for a second or so may come later; not what it holds on lease. */
  void awaitNothingHidden(String queue) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> invisible(queue), hidden -> hidden == 0);
  }

  List<Message> takeAll(String queue) {
    List<Message> all = new ArrayList<>();
    for (List<Message> some = take(queue); !some.isEmpty(); some = take(queue)) {
      all.addAll(some);
    }
    return all;
  }

  List<Message> take(String queue) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url(queue))
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(600)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  void send(String queue, String body, Map<String, String> attributes) {
    Map<String, MessageAttributeValue> values = new HashMap<>();
    attributes.forEach((name, value) -> values.put(name, string(value)));
    sqs.sendMessage(r -> r.queueUrl(url(queue)).messageBody(body).messageAttributes(values));
  }

  void sendResult(String jobId, String body) {
    send(RESULTS, body, Map.of("job_id", jobId));
  }

  Path file(List<String> lines) throws IOException {
    return Files.write(folder.resolve("file.txt"), lines);
  }
}
