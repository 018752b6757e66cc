package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** The backlog in SQS. */
public final class SqsBacklog implements Backlog {
  /** What a long poll may take beyond its wait. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static final long KNOWN_FOR = Duration.ofMinutes(5).toNanos();

  private final SqsClient sqs;
  private final SqsCalls calls;
  private final SqsQueue queue;
  private final Duration longestCall;
  private final MonotonicClock clock;
  private final AwsRequestOverrideConfiguration limit;
  private final List<MessageSystemAttributeName> wanted;

  /** The latest of each size. */
  private final NavigableMap<Integer, Unanswered> unanswered = new ConcurrentSkipListMap<>();

  /** A receive of a FIFO queue that may have taken messages which nobody has heard of. */
  private record Unanswered(String attemptId, int max, long firstMadeAt) {}

  /**
   * The queue.
   *
   * @param longestCall bounds renewals and deletes
   */
  public SqsBacklog(
      SqsClient sqs, SqsCalls calls, SqsQueue queue, Duration longestCall, MonotonicClock clock) {
    this.clock = clock;
    this.wanted =
        queue.isFifo()
            ? List.of(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                MessageSystemAttributeName.SENT_TIMESTAMP,
                MessageSystemAttributeName.MESSAGE_GROUP_ID)
            : List.of(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                MessageSystemAttributeName.SENT_TIMESTAMP);
    this.sqs = sqs;
    this.calls = calls;
    this.queue = queue;
    this.longestCall = longestCall;
    this.limit = SqsCalls.limit(longestCall);
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException {
    Duration answer = wait.plus(ANSWER).compareTo(lease) < 0 ? ANSWER : longestCall;
    Duration bound = wait.plus(answer); // what comes later is of no use
    Unanswered attempt = queue.isFifo() ? attempt(max) : null;
    ReceiveMessageRequest request =
        ReceiveMessageRequest.builder()
            .queueUrl(queue.url())
            .maxNumberOfMessages(attempt == null ? max : attempt.max())
            .receiveRequestAttemptId(attempt == null ? null : attempt.attemptId())
            .waitTimeSeconds((int) wait.toSeconds())
            .visibilityTimeout((int) lease.toSeconds())
            .messageSystemAttributeNames(wanted)
            .messageAttributeNames("All")
            .overrideConfiguration(SqsCalls.limit(bound))
            .build();
    try {
      return calls.call(() -> sqs.receiveMessage(request)).messages().stream()
          .map(SqsBacklog::delivery)
          .toList();
    } catch (CallFailed e) {
      if (attempt != null && e.kind() == CallFailed.Kind.UNKNOWN) {
        unanswered.put(attempt.max(), attempt);
      }
      throw e;
    }
  }

  /**
   * A receive whose answer was lost holds up its messages' groups until their leases are over: made
   * again under its own id within five minutes it brings the same messages
   * (ReceiveRequestAttemptId, API reference).
   */
  private Unanswered attempt(int max) {
    long now = clock.nanoTime();
    unanswered.values().removeIf(receive -> now - receive.firstMadeAt() >= KNOWN_FOR);
    Map.Entry<Integer, Unanswered> again = unanswered.floorEntry(max);
    return again != null && unanswered.remove(again.getKey(), again.getValue())
        ? again.getValue()
        : new Unanswered(UUID.randomUUID().toString(), max, now);
  }

  private static Delivery delivery(Message message) {
    String count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    String sentAt = message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
    return new Delivery(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        Attributes.received(message.messageAttributes()),
        count == null ? 1 : Integer.parseInt(count),
        sentAt == null ? null : Long.valueOf(sentAt),
        message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes)
      throws CallFailed, InterruptedException {
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>(changes.size());
    for (VisibilityChange change : changes) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(change.receiptHandle())
              .visibilityTimeout(change.seconds())
              .build());
    }
    ChangeMessageVisibilityBatchResponse response =
        calls.call(
            () ->
                sqs.changeMessageVisibilityBatch(
                    request ->
                        request
                            .queueUrl(queue.url())
                            .entries(entries)
                            .overrideConfiguration(limit)));
    List<String> done =
        response.successful().stream().map(ChangeMessageVisibilityBatchResultEntry::id).toList();
    return answers(changes.size(), done, response.failed());
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) throws CallFailed, InterruptedException {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(receiptHandles.size());
    for (String handle : receiptHandles) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(handle)
              .build());
    }
    DeleteMessageBatchResponse response =
        calls.call(
            () ->
                sqs.deleteMessageBatch(
                    request ->
                        request
                            .queueUrl(queue.url())
                            .entries(entries)
                            .overrideConfiguration(limit)));
    List<String> done =
        response.successful().stream().map(DeleteMessageBatchResultEntry::id).toList();
    return answers(receiptHandles.size(), done, response.failed());
  }

  private static List<Answer> answers(
      int entries, List<String> done, List<BatchResultErrorEntry> failed) {
    return SqsCalls.answers(entries, done, failed);
  }
}
