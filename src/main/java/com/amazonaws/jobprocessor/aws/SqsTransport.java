package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * The calls of SQS that a worker makes for its jobs, and those by which it finds its queues and
 * looks at them. Each is made once, and throws what the SDK's own client throws: an {@code
 * AwsServiceException} if SQS says no, another {@code RuntimeException} if there is no answer. Safe
 * for use by several threads.
 */
public interface SqsTransport extends AutoCloseable {
  /**
   * A receive.
   *
   * @param max 1 to 10
   * @param waitTime whole seconds, 0 to 20
   * @param lease whole seconds, 0 to 43,200
   * @param attributes names of the system attributes that are to come with a message
   * @param attemptId the {@code ReceiveRequestAttemptId} of a FIFO queue's receive, else null
   */
  record Receive(
      String queueUrl,
      int max,
      Duration waitTime,
      Duration lease,
      List<String> attributes,
      @Nullable String attemptId) {}

  /**
   * What SQS says to a batch, whose entries have the ids 0, 1, …
   *
   * @param successful the message ids of the entries that were accepted, by the ids of the entries;
   *     empty where SQS names none
   */
  record BatchAnswer(Map<String, String> successful, List<FailedEntry> failed) {}

  /** What SQS says to an entry that was not accepted. */
  record FailedEntry(String id, @Nullable String code, @Nullable String message) {}

  /**
   * Receives messages.
   *
   * @param limit bounds the call from its beginning, credentials included; so it does below
   */
  List<Delivery> receive(Receive receive, Duration limit);

  /** Sends 1 to 10 messages. */
  BatchAnswer send(String queueUrl, List<OutgoingMessage> messages, Duration limit);

  /** Deletes 1 to 10 messages. */
  BatchAnswer delete(String queueUrl, List<String> receiptHandles, Duration limit);

  /** Changes the visibility of 1 to 10 messages. */
  BatchAnswer changeVisibility(
      String queueUrl, List<Backlog.VisibilityChange> changes, Duration limit);

  /** The URL of the queue of this name. */
  String queueUrl(String name);

  /** Those of the queue's attributes that have these names, and that it has. */
  Map<String, String> attributes(String queueUrl, List<String> names);

  /** Those that the calls are signed with, for a call of another service; closed with this. */
  IdentityProvider<? extends AwsCredentialsIdentity> credentials();

  @Override
  void close();
}
