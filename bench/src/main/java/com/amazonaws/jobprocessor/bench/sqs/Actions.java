package com.amazonaws.jobprocessor.bench.sqs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** SQS's actions on queues in memory. Not for two threads at a time. */
final class Actions {
  /** A message's and a batch's limit since 2025: 1 MiB. */
  static final int LARGEST = 1_048_576;

  private static final String ACCOUNT = "000000000000";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  private final Map<String, MessageQueue> queues = new LinkedHashMap<>();
  private final Digests digests = new Digests();
  private Counters counters = new Counters();
  private final Receives receives = new Receives(digests, bytes -> counters.payload(bytes));
  private final String url;
  private long sentBytes;

  /**
   * @param endpoint what queue URLs begin with
   */
  Actions(String endpoint) {
    this.url = endpoint + "/" + ACCOUNT + "/";
  }

  Receives receives() {
    return receives;
  }

  void startCounting() {
    counters = new Counters();
  }

  Counts counts() {
    return counters.counts();
  }

  void createQueue(String name) {
    create(name, new JsonObject());
  }

  void createSink(String name) {
    queues.put(
        name, new MessageQueue(name, QueueAttributes.read(new JsonObject()), digests, new Sink()));
  }

  /** Forgets a queue and its messages. */
  void dropQueue(String name) {
    queues.remove(name);
  }

  MessageQueue queue(String name) {
    MessageQueue queue = queues.get(name);
    if (queue == null) {
      throw SqsError.noSuchQueue(name);
    }
    return queue;
  }

  /** Does what a request asks for, and answers it now or later. */
  void handle(String action, String caller, String body, Reply reply, long now) {
    counters.request(action, caller, now);
    try {
      JsonObject request = JsonParser.parse(body);
      if (action.equals("ReceiveMessage")) {
        receives.receive(queueOf(request), request, caller, reply, now);
      } else {
        sentBytes = 0;
        reply.ok(answer(action, request, now));
        counters.payload(sentBytes);
      }
    } catch (SqsError e) {
      counters.error();
      reply.refuse(e);
    }
  }

  /** Does what time has brought; returns when it has to be called again at the latest. */
  long tick(long now, long latest) {
    long next = latest;
    for (MessageQueue queue : queues.values()) {
      queue.expire(now);
      next = queue.nextExpiry(next);
    }
    receives.serve(now);
    return receives.nextDeadline(next);
  }

  private String answer(String action, JsonObject request, long now) {
    return switch (action) {
      case "SendMessage" -> send(request, now);
      case "SendMessageBatch" -> sendBatch(request, now);
      case "DeleteMessage" -> {
        queueOf(request).delete(request.need("ReceiptHandle"));
        yield "{}";
      }
      case "DeleteMessageBatch" -> {
        MessageQueue queue = queueOf(request);
        yield Batch.each(request, (entry, _) -> queue.delete(entry.need("ReceiptHandle")));
      }
      case "ChangeMessageVisibility" -> {
        changeVisibility(queueOf(request), request, now);
        yield "{}";
      }
      case "ChangeMessageVisibilityBatch" -> {
        MessageQueue queue = queueOf(request);
        yield Batch.each(request, (entry, _) -> changeVisibility(queue, entry, now));
      }
      case "GetQueueUrl" -> url(queue(request.need("QueueName")).name());
      case "GetQueueAttributes" -> attributes(request);
      case "CreateQueue" -> create(request.need("QueueName"), request.object("Attributes"));
      default -> throw SqsError.unsupported(action);
    };
  }

  private MessageQueue queueOf(JsonObject request) {
    String queueUrl = request.need("QueueUrl");
    return queue(queueUrl.substring(queueUrl.lastIndexOf('/') + 1));
  }

  private String create(String name, JsonObject attributes) {
    if (!NAME.matcher(name).matches()) {
      throw SqsError.invalidParameter("no name of a standard queue: " + name);
    }
    queues.computeIfAbsent(
        name, _ -> new MessageQueue(name, QueueAttributes.read(attributes), digests));
    return url(name);
  }

  private String url(String name) {
    return Json.member(new StringBuilder("{"), "QueueUrl", url + name).append('}').toString();
  }

  private String attributes(JsonObject request) {
    MessageQueue queue = queueOf(request);
    List<String> wanted = request.texts("AttributeNames");
    StringBuilder json = new StringBuilder("{\"Attributes\":{");
    queue
        .attributes()
        .describe("arn:aws:sqs:us-east-1:" + ACCOUNT + ":" + queue.name(), queue.state())
        .forEach(
            (name, value) -> {
              if (wanted.contains("All") || wanted.contains(name)) {
                Json.member(json, name, value);
              }
            });
    return json.append("}}").toString();
  }

  private String send(JsonObject request, long now) {
    StringBuilder json = new StringBuilder("{");
    send(queueOf(request), request, json, now);
    return json.append('}').toString();
  }

  private String sendBatch(JsonObject request, long now) {
    MessageQueue queue = queueOf(request);
    return Batch.each(request, (entry, success) -> send(queue, entry, success, now));
  }

  private void send(MessageQueue queue, JsonObject entry, StringBuilder success, long now) {
    String body = entry.need("MessageBody");
    List<Attribute> attributes = Attribute.read(entry);
    int bytes = bytes(body, attributes);
    if (bytes > LARGEST) {
      throw SqsError.invalidParameter("the message is over " + LARGEST + " bytes");
    }
    int delay = entry.number("DelaySeconds", queue.attributes().delaySeconds());
    Message message = queue.send(body, attributes, delay, now);
    sentBytes += bytes;
    Json.member(success, "MessageId", message.id);
    Json.member(success, "MD5OfMessageBody", message.bodyMd5);
    if (!attributes.isEmpty()) {
      Json.member(success, "MD5OfMessageAttributes", digests.ofAttributes(attributes));
    }
  }

  /** The size of a message to be sent, as SQS counts it; 0 of an entry that sends none. */
  static int bytes(JsonObject entry) {
    String body = entry.text("MessageBody");
    if (body == null) {
      return 0;
    }
    return bytes(body, Attribute.read(entry));
  }

  private static int bytes(String body, List<Attribute> attributes) {
    int bytes = MessageQueue.utf8Length(body);
    for (Attribute attribute : attributes) {
      bytes += attribute.bytes();
    }
    return bytes;
  }

  private static void changeVisibility(MessageQueue queue, JsonObject entry, long now) {
    int seconds = entry.number("VisibilityTimeout", -1);
    if (seconds < 0 || seconds > 43_200) {
      throw SqsError.invalidParameter("VisibilityTimeout is missing or not from 0 to 43200");
    }
    queue.changeVisibility(entry.need("ReceiptHandle"), seconds, now);
  }
}
