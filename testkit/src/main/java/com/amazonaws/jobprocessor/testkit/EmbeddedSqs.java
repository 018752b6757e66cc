package com.amazonaws.jobprocessor.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * An SQS (ElasticMQ, with SQS's own limits) inside this process, on loopback and a free port.
 *
 * <p>Its {@link #endpoint} is that of a {@link FaultyProxy} before it, which mends ElasticMQ's long
 * polls and which a test may use for its faults.
 */
public final class EmbeddedSqs implements AutoCloseable {

  /** What {@code GetQueueAttributes} counts; exact in ElasticMQ, only approximate in SQS. */
  public record Counts(int visible, int notVisible, int delayed) {
    public int total() {
      return visible + notVisible + delayed;
    }
  }

  private static final int BATCH = 10;
  private static final Duration OUT_OF_THE_WAY = Duration.ofHours(1);

  private final SQSRestServer server;
  private final URI rawEndpoint;
  private final FaultyProxy proxy;
  private final SqsClient client;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedSqs(SQSRestServer server, URI rawEndpoint) {
    this.server = server;
    this.rawEndpoint = rawEndpoint;
    this.proxy = FaultyProxy.before(rawEndpoint);
    this.client = clientFor(rawEndpoint);
  }

  /** Starts one and waits until it listens. */
  public static EmbeddedSqs start() {
    Logs.quiet();
    SQSRestServer server =
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withDynamicPort()
            .withAWSRegion("us-east-1")
            .start();
    int port = server.waitUntilStarted().localAddress().getPort();
    return new EmbeddedSqs(server, URI.create("http://127.0.0.1:" + port));
  }

  /** A client for any endpoint: dummy credentials, us-east-1, never retries, waits up to 60 s. */
  public static SqsClient clientFor(URI endpoint) {
    return clientFor(endpoint, "test");
  }

  /** The same, with an access key of its own. */
  public static SqsClient clientFor(URI endpoint, String accessKey) {
    return SqsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, "test")))
        .httpClientBuilder(
            Apache5HttpClient.builder().maxConnections(200).socketTimeout(Duration.ofSeconds(60)))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Where those under test send their calls: to the proxy. */
  public URI endpoint() {
    return proxy.endpoint();
  }

  /** ElasticMQ itself. */
  public URI rawEndpoint() {
    return rawEndpoint;
  }

  /** The proxy before it, closed together with it. */
  public FaultyProxy proxy() {
    return proxy;
  }

  /** A client for the test itself, past the proxy, closed together with this. */
  public SqsClient client() {
    return client;
  }

  /** Creates a queue with SQS's defaults and returns its URL. */
  public String createQueue(String name) {
    return createQueue(name, Map.of());
  }

  /** Creates a queue, first in, first out if its name ends in {@code .fifo}; returns its URL. */
  public String createQueue(String name, Map<QueueAttributeName, String> attributes) {
    Map<QueueAttributeName, String> all = new HashMap<>(attributes);
    if (isFifo(name)) {
      all.putIfAbsent(QueueAttributeName.FIFO_QUEUE, "true");
    }
    return client.createQueue(r -> r.queueName(name).attributes(all)).queueUrl();
  }

  public String urlOf(String queue) {
    return client.getQueueUrl(r -> r.queueName(queue)).queueUrl();
  }

  public boolean exists(String queue) {
    return client.listQueues().queueUrls().stream().anyMatch(url -> url.endsWith("/" + queue));
  }

  /** Sends the bodies in batches of ten and returns the message ids in the order of the bodies. */
  public List<String> send(String queue, String... bodies) {
    return send(queue, List.of(bodies));
  }

  public List<String> send(String queue, List<String> bodies) {
    String url = urlOf(queue);
    List<String> ids = new ArrayList<>(bodies.size());
    for (int from = 0; from < bodies.size(); from += BATCH) {
      List<SendMessageBatchRequestEntry> entries = new ArrayList<>(BATCH);
      for (int i = from; i < Math.min(from + BATCH, bodies.size()); i++) {
        entries.add(
            SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(i))
                .messageBody(bodies.get(i))
                .build());
      }
      var answer = client.sendMessageBatch(r -> r.queueUrl(url).entries(entries));
      if (answer.hasFailed() && !answer.failed().isEmpty()) {
        throw new AssertionError("refused: " + answer.failed());
      }
      answer.successful().stream()
          .sorted((a, b) -> Integer.compare(Integer.parseInt(a.id()), Integer.parseInt(b.id())))
          .forEach(sent -> ids.add(sent.messageId()));
    }
    return ids;
  }

  /** Sends one message with String attributes and returns its id. */
  public String sendWithAttributes(String queue, String body, Map<String, String> attributes) {
    Map<String, MessageAttributeValue> values = new HashMap<>();
    attributes.forEach(
        (name, value) ->
            values.put(
                name,
                MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
    String url = urlOf(queue);
    return client
        .sendMessage(r -> r.queueUrl(url).messageBody(body).messageAttributes(values))
        .messageId();
  }

  /** Sends one message to a FIFO queue and returns its id. */
  public String sendFifo(String queue, String group, String deduplicationId, String body) {
    String url = urlOf(queue);
    return client
        .sendMessage(
            r ->
                r.queueUrl(url)
                    .messageBody(body)
                    .messageGroupId(group)
                    .messageDeduplicationId(deduplicationId))
        .messageId();
  }

  /** Sends jobs to a FIFO queue, in batches of ten, in their order; their ids are their bodies. */
  public void sendFifo(String queue, List<Job> jobs) {
    String url = urlOf(queue);
    for (int from = 0; from < jobs.size(); from += BATCH) {
      List<SendMessageBatchRequestEntry> entries = new ArrayList<>(BATCH);
      for (Job job : jobs.subList(from, Math.min(from + BATCH, jobs.size()))) {
        entries.add(
            SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .messageBody(job.body())
                .messageAttributes(
                    Map.of(
                        "job_id",
                        MessageAttributeValue.builder()
                            .dataType("String")
                            .stringValue(job.body())
                            .build()))
                .messageGroupId(job.group())
                .messageDeduplicationId(Integer.toString(from + entries.size()))
                .build());
      }
      client.sendMessageBatch(r -> r.queueUrl(url).entries(entries));
    }
  }

  /** A job of a FIFO queue. */
  public record Job(String group, String body) {}

  /** Receives and deletes everything, in its order: of a FIFO queue there is no other way. */
  public List<Message> drain(String queue) {
    String url = urlOf(queue);
    List<Message> all = new ArrayList<>();
    List<Message> some;
    do {
      some =
          client
              .receiveMessage(
                  r ->
                      r.queueUrl(url)
                          .maxNumberOfMessages(BATCH)
                          .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                          .messageAttributeNames("All"))
              .messages();
      some.forEach(
          message ->
              client.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle())));
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  /**
   * Receives everything that is visible now, with all attributes, and leaves it invisible for an
   * hour: what is still in the queue stays there, out of everybody's way.
   */
  public List<Message> receiveAll(String queue) {
    String url = urlOf(queue);
    List<Message> all = new ArrayList<>();
    List<Message> some;
    do {
      some =
          client
              .receiveMessage(
                  r ->
                      r.queueUrl(url)
                          .maxNumberOfMessages(BATCH)
                          .visibilityTimeout((int) OUT_OF_THE_WAY.toSeconds())
                          .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                          .messageAttributeNames("All"))
              .messages();
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  public Counts counts(String queue) {
    String url = urlOf(queue);
    Map<QueueAttributeName, String> found =
        client
            .getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return new Counts(
        number(found, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
        number(found, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
        number(found, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      client.close();
      proxy.close();
      server.stopAndWait();
    }
  }

  private static int number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
    return Integer.parseInt(attributes.getOrDefault(name, "0"));
  }

  private static boolean isFifo(String queue) {
    return queue.endsWith(".fifo");
  }
}
