package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A queue that messages are read from: some are deleted, the others are hidden meanwhile and shown
 * again at the end.
 */
final class Inbox implements AutoCloseable {
  private static final int MOST_ROUNDS = 5;

  /** A message that only we see, until a moment of {@link System#nanoTime}. */
  private record Held(String handle, long until) {}

  private final SqsClient sqs;
  private final String queueUrl;
  private final Duration hidden;
  private final Map<String, Held> held = new HashMap<>();
  private final Thread releaseOnInterrupt = new Thread(this::release, "release");

  /**
   * A queue.
   *
   * @param hidden how long a message that was received stays hidden, up to twelve hours
   */
  Inbox(SqsClient sqs, String queueUrl, Duration hidden) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.hidden = hidden;
    Runtime.getRuntime().addShutdownHook(releaseOnInterrupt);
  }

  /** Up to ten messages; every one is held until it is deleted. */
  List<Received> receive(Duration wait) {
    long sentAt = System.nanoTime();
    List<Received> messages =
        sqs
            .receiveMessage(
                r ->
                    r.queueUrl(queueUrl)
                        .maxNumberOfMessages(MessageFormat.MAX_BATCH)
                        .waitTimeSeconds((int) Math.min(20, wait.toSeconds()))
                        .visibilityTimeout((int) hidden.toSeconds())
                        .messageSystemAttributeNames(MessageSystemAttributeName.MESSAGE_GROUP_ID)
                        .messageAttributeNames("All"))
            .messages()
            .stream()
            .map(Received::of)
            .toList();
    hold(messages, sentAt + hidden.toNanos());
    return messages;
  }

  /**
   * About how many messages others could receive now; 0 if that may not be asked. SQS's counts lag
   * by up to a minute.
   */
  int visible() {
    QueueAttributeName number = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
    try {
      return Integer.parseInt(
          sqs.getQueueAttributes(r -> r.queueUrl(queueUrl).attributeNames(number))
              .attributes()
              .getOrDefault(number, "0"));
    } catch (AwsServiceException e) {
      return 0; // it is good to know, and not worth a failure
    }
  }

  private synchronized void hold(List<Received> messages, long until) {
    messages.forEach(message -> held.put(message.messageId(), new Held(message.handle(), until)));
  }

  /**
   * Deletes messages, a bounded number of times those that fail.
   *
   * @throws UserError if some cannot be deleted
   */
  void delete(List<Received> messages) {
    for (int from = 0; from < messages.size(); from += MessageFormat.MAX_BATCH) {
      deleteBatch(
          messages.subList(from, Math.min(messages.size(), from + MessageFormat.MAX_BATCH)));
    }
  }

  private void deleteBatch(List<Received> batch) {
    List<Received> left = new ArrayList<>(batch);
    String reason = "";
    for (int round = 0; round < MOST_ROUNDS && !left.isEmpty(); round++) {
      List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
      for (Received message : left) {
        entries.add(
            DeleteMessageBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(message.handle())
                .build());
      }
      List<Received> failed = new ArrayList<>();
      for (BatchResultErrorEntry entry :
          sqs.deleteMessageBatch(r -> r.queueUrl(queueUrl).entries(entries)).failed()) {
        failed.add(left.get(Integer.parseInt(entry.id())));
        reason = entry.code() + ": " + entry.message();
      }
      left.removeAll(failed);
      forget(left);
      left = failed;
    }
    if (!left.isEmpty()) {
      throw new UserError(
          left.size() + " messages could not be deleted and will come again: " + reason);
    }
  }

  private synchronized void forget(List<Received> deleted) {
    deleted.forEach(message -> held.remove(message.messageId()));
  }

  /** Shows messages to others after so long, not at once: or we would receive them next. */
  void showIn(Duration time, List<Received> messages) {
    hold(messages, System.nanoTime() + time.toNanos());
    changeVisibility(messages.stream().map(Received::handle).toList(), time);
  }

  /**
   * Shows the held messages to others again; also when the command is interrupted. Not those that
   * others may have by now.
   */
  private synchronized void release() {
    long now = System.nanoTime();
    List<String> handles =
        held.values().stream().filter(one -> one.until() - now > 0).map(Held::handle).toList();
    held.clear();
    changeVisibility(handles, Duration.ZERO);
  }

  private void changeVisibility(List<String> handles, Duration time) {
    for (int from = 0; from < handles.size(); from += MessageFormat.MAX_BATCH) {
      List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
      for (String handle :
          handles.subList(from, Math.min(handles.size(), from + MessageFormat.MAX_BATCH))) {
        entries.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(handle)
                .visibilityTimeout((int) time.toSeconds())
                .build());
      }
      sqs.changeMessageVisibilityBatch(r -> r.queueUrl(queueUrl).entries(entries));
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(releaseOnInterrupt);
    } catch (IllegalStateException e) {
      return; // interrupted: the hook does it
    }
    release();
  }
}
