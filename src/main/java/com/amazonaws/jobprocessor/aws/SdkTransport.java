package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Backlog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
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
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/** The calls by the SDK's own client. */
public final class SdkTransport implements SqsTransport {
  private final SqsClient sqs;

  /** The calls by this client, which is closed with this. */
  public SdkTransport(SqsClient sqs) {
    this.sqs = sqs;
  }

  private static AwsRequestOverrideConfiguration limit(Duration longestCall) {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(longestCall).build();
  }

  @Override
  public IdentityProvider<? extends AwsCredentialsIdentity> credentials() {
    return sqs.serviceClientConfiguration().credentialsProvider();
  }

  @Override
  public List<Delivery> receive(Receive receive, Duration limit) {
    ReceiveMessageRequest request =
        ReceiveMessageRequest.builder()
            .queueUrl(receive.queueUrl())
            .maxNumberOfMessages(receive.max())
            .receiveRequestAttemptId(receive.attemptId())
            .waitTimeSeconds((int) receive.waitTime().toSeconds())
            .visibilityTimeout((int) receive.lease().toSeconds())
            .messageSystemAttributeNamesWithStrings(receive.attributes())
            .messageAttributeNames("All")
            .overrideConfiguration(limit(limit))
            .build();
    return sqs.receiveMessage(request).messages().stream().map(SdkTransport::delivery).toList();
  }

  private static Delivery delivery(Message message) {
    Map<String, String> attributes = new HashMap<>();
    message.attributesAsStrings().forEach(attributes::put);
    return new Delivery(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        Attributes.received(message.messageAttributes()),
        SystemAttributes.receiveCount(attributes),
        SystemAttributes.sentAtMillis(attributes),
        attributes.get(MessageSystemAttributeName.MESSAGE_GROUP_ID.toString()));
  }

  @Override
  public BatchAnswer send(String queueUrl, List<OutgoingMessage> messages, Duration limit) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>(messages.size());
    for (OutgoingMessage message : messages) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .messageBody(message.body())
              .messageAttributes(Attributes.toSend(message.attributes()))
              .messageGroupId(message.group())
              .messageDeduplicationId(message.deduplicationId())
              .delaySeconds(message.delaySecs() > 0 ? message.delaySecs() : null)
              .build());
    }
    SendMessageBatchResponse response =
        sqs.sendMessageBatch(
            r -> r.queueUrl(queueUrl).entries(entries).overrideConfiguration(limit(limit)));
    Map<String, String> successful = new HashMap<>();
    for (SendMessageBatchResultEntry entry : response.successful()) {
      successful.put(entry.id(), Objects.requireNonNullElse(entry.messageId(), ""));
    }
    return answer(successful, response.failed());
  }

  @Override
  public BatchAnswer delete(String queueUrl, List<String> receiptHandles, Duration limit) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>(receiptHandles.size());
    for (String handle : receiptHandles) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(handle)
              .build());
    }
    DeleteMessageBatchResponse response =
        sqs.deleteMessageBatch(
            r -> r.queueUrl(queueUrl).entries(entries).overrideConfiguration(limit(limit)));
    return answer(
        response.successful().stream().map(DeleteMessageBatchResultEntry::id), response.failed());
  }

  @Override
  public BatchAnswer changeVisibility(
      String queueUrl, List<Backlog.VisibilityChange> changes, Duration limit) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>(changes.size());
    for (Backlog.VisibilityChange change : changes) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(change.receiptHandle())
              .visibilityTimeout(change.seconds())
              .build());
    }
    ChangeMessageVisibilityBatchResponse response =
        sqs.changeMessageVisibilityBatch(
            r -> r.queueUrl(queueUrl).entries(entries).overrideConfiguration(limit(limit)));
    return answer(
        response.successful().stream().map(ChangeMessageVisibilityBatchResultEntry::id),
        response.failed());
  }

  private static BatchAnswer answer(Stream<String> ids, List<BatchResultErrorEntry> failed) {
    Map<String, String> successful = new HashMap<>();
    ids.forEach(id -> successful.put(id, ""));
    return answer(successful, failed);
  }

  private static BatchAnswer answer(
      Map<String, String> successful, List<BatchResultErrorEntry> failed) {
    return new BatchAnswer(
        successful,
        failed.stream()
            .map(entry -> new FailedEntry(entry.id(), entry.code(), entry.message()))
            .toList());
  }

  @Override
  public String queueUrl(String name) {
    return sqs.getQueueUrl(r -> r.queueName(name)).queueUrl();
  }

  @Override
  public Map<String, String> attributes(String queueUrl, List<String> names) {
    return sqs.getQueueAttributes(r -> r.queueUrl(queueUrl).attributeNamesWithStrings(names))
        .attributesAsStrings();
  }

  @Override
  public void close() {
    sqs.close();
  }
}
