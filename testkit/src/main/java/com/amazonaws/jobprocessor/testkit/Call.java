package com.amazonaws.jobprocessor.testkit;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * One request that came to a {@link FaultyProxy}.
 *
 * <p>Of requests in another form than JSON only the action and the times are known.
 */
public final class Call {

  private final String action;
  private final long arrivedNanos;
  private final String queue;
  private final int entries;
  private final int maxNumber;
  private final int waitSeconds;
  private final int visibilitySeconds;
  private final List<String> receiptHandles;
  private final JsonNode request;
  private volatile int upstreamStatus;
  private volatile int status;
  private volatile int messages;
  private volatile long answeredNanos;
  private volatile long effectNanos;

  private Call(String action, JsonNode request) {
    this.action = action;
    this.request = request;
    this.arrivedNanos = System.nanoTime();
    List<JsonNode> batch = Json.list(request, "Entries");
    String url = Json.text(request, "QueueUrl");
    this.queue =
        url.isEmpty() ? Json.text(request, "QueueName") : url.substring(url.lastIndexOf('/') + 1);
    this.entries = batch.size();
    this.maxNumber = Json.number(request, "MaxNumberOfMessages", 0);
    this.waitSeconds = Json.number(request, "WaitTimeSeconds", 0);
    this.visibilitySeconds = visibility(request, batch);
    this.receiptHandles =
        Stream.concat(Stream.of(request), batch.stream())
            .map(node -> Json.text(node, "ReceiptHandle"))
            .filter(handle -> !handle.isEmpty())
            .toList();
  }

  static Call of(Http.Message request) {
    String action = request.action();
    try {
      return new Call(action, Json.parse(request.isJson() ? request.text() : "{}"));
    } catch (RuntimeException e) {
      return new Call(action, Json.parse("{}"));
    }
  }

  private static int visibility(JsonNode request, List<JsonNode> batch) {
    return batch.isEmpty()
        ? Json.number(request, "VisibilityTimeout", -1)
        : Json.number(batch.getFirst(), "VisibilityTimeout", -1);
  }

  public String action() {
    return action;
  }

  /** When it was read whole, in {@link System#nanoTime()}. */
  public long arrivedNanos() {
    return arrivedNanos;
  }

  /** The queue's name, or "". */
  public String queue() {
    return queue;
  }

  /** Entries of a batch, 0 for a call that is none. */
  public int entries() {
    return entries;
  }

  /** {@code MaxNumberOfMessages}, 0 if not given. */
  public int maxNumber() {
    return maxNumber;
  }

  /** {@code WaitTimeSeconds}, 0 if not given. */
  public int waitSeconds() {
    return waitSeconds;
  }

  /** {@code VisibilityTimeout}, of a batch the first entry's, -1 if not given. */
  public int visibilitySeconds() {
    return visibilitySeconds;
  }

  /** A queue's attribute that it sets, or "". */
  public String queueAttribute(String name) {
    return request.field("Attributes").map(attributes -> Json.text(attributes, name)).orElse("");
  }

  /** Any text of the request, or "". */
  public String text(String name) {
    return Json.text(request, name);
  }

  /** The receipt handles that it names, in their order. */
  public List<String> receiptHandles() {
    return receiptHandles;
  }

  /** What the service said, 0 while it has not or if it was not asked. */
  public int upstreamStatus() {
    return upstreamStatus;
  }

  /** What the client was told, 0 while it has not been or if it never was. */
  public int status() {
    return status;
  }

  /** When the client was told, 0 if it was not. */
  public long answeredNanos() {
    return answeredNanos;
  }

  /** When the service had answered the proxy, 0 while it has not. */
  public long effectNanos() {
    return effectNanos;
  }

  /** The request as it was, but for white space. */
  public JsonNode request() {
    return request;
  }

  /** Messages that a receive brought, as the service counted them. */
  public int messages() {
    return messages;
  }

  boolean isLongPoll() {
    return action.equals("ReceiveMessage") && waitSeconds > 0;
  }

  void upstreamAnswered(int status, int messages) {
    this.messages = messages;
    this.effectNanos = System.nanoTime();
    this.upstreamStatus = status;
  }

  void answered(int status) {
    this.answeredNanos = System.nanoTime();
    this.status = status;
  }

  @Override
  public String toString() {
    return "%s %s entries=%s max=%s wait=%s upstream=%s status=%s"
        .formatted(action, queue, entries, maxNumber, waitSeconds, upstreamStatus, status);
  }
}
