package com.amazonaws.jobprocessor.bench.sqs;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** A message, for as long as its queue exists: a deleted one only changes its state. */
final class Message {
  enum State {
    DELAYED,
    VISIBLE,
    IN_FLIGHT,
    DELETED
  }

  /** A real handle is about this long, and what it costs to carry belongs to a request. */
  private static final String LOOKS_REAL = "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0aVTxAc7".repeat(4);

  final int index;
  final String id = newId();
  final String body;
  final String bodyMd5;
  final List<Attribute> attributes;
  final long sentMillis = System.currentTimeMillis();
  State state = State.VISIBLE;
  int receives;
  long firstReceivedMillis;

  /** Counts changes of state: a timer or a handle of an older one does not hold. */
  int generation;

  /** When its delay or its time in flight is over: a timer for another time does not hold. */
  long due;

  Message(int index, String body, String bodyMd5, List<Attribute> attributes) {
    this.index = index;
    this.body = body;
    this.bodyMd5 = bodyMd5;
    this.attributes = attributes;
  }

  /** Unique, but no secret, which would cost the server more than all else that it does. */
  private static String newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** As SQS counts them. */
  long bytes() {
    return MessageQueue.utf8Length(body) + attributes.stream().mapToLong(Attribute::bytes).sum();
  }

  String handle() {
    return LOOKS_REAL + '-' + index + '-' + generation;
  }

  /** What a handle says of its message: index and generation. */
  static int[] readHandle(String handle) {
    int second = handle.lastIndexOf('-');
    if (!handle.startsWith(LOOKS_REAL) || second <= LOOKS_REAL.length()) {
      throw SqsError.invalidHandle();
    }
    try {
      return new int[] {
        Integer.parseInt(handle, LOOKS_REAL.length() + 1, second, 10),
        Integer.parseInt(handle, second + 1, handle.length(), 10)
      };
    } catch (NumberFormatException | IndexOutOfBoundsException _) {
      throw SqsError.invalidHandle();
    }
  }

  /** Appends the message as a receive shows it. */
  void write(StringBuilder json, List<String> attributeNames, boolean system, Digests digests) {
    Json.separate(json).append('{');
    Json.member(json, "MessageId", id);
    Json.member(json, "ReceiptHandle", handle());
    Json.member(json, "MD5OfBody", bodyMd5);
    Json.member(json, "Body", body);
    if (system) {
      writeSystemAttributes(json);
    }
    List<Attribute> wanted =
        attributes.isEmpty() || attributeNames.isEmpty()
            ? List.of()
            : attributes.stream().filter(a -> a.isWanted(attributeNames)).toList();
    if (!wanted.isEmpty()) {
      Json.member(json, "MD5OfMessageAttributes", digests.ofAttributes(wanted));
      Json.name(json, "MessageAttributes").append('{');
      wanted.forEach(attribute -> attribute.write(json));
      json.append('}');
    }
    json.append('}');
  }

  private void writeSystemAttributes(StringBuilder json) {
    Json.name(json, "Attributes").append('{');
    Json.member(json, "SenderId", "AIDAEXAMPLE");
    Json.member(json, "ApproximateFirstReceiveTimestamp", Long.toString(firstReceivedMillis));
    Json.member(json, "ApproximateReceiveCount", Integer.toString(receives));
    Json.member(json, "SentTimestamp", Long.toString(sentMillis));
    json.append('}');
  }
}
