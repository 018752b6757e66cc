package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/** A queue in SQS that messages are sent to. */
public final class SqsOutputQueue implements OutputQueue {
  private final SqsClient sqs;
  private final SqsCalls calls;
  private final SqsQueue queue;
  private final AwsRequestOverrideConfiguration limit;

  /**
   * The queue.
   *
   * @param longestCall bounds a send
   */
  public SqsOutputQueue(SqsClient sqs, SqsCalls calls, SqsQueue queue, Duration longestCall) {
    this.sqs = sqs;
    this.calls = calls;
    this.queue = queue;
    this.limit = SqsCalls.limit(longestCall);
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Answer> send(List<OutgoingMessage> messages) throws CallFailed, InterruptedException {
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
        calls.call(
            () ->
                sqs.sendMessageBatch(
                    request ->
                        request
                            .queueUrl(queue.url())
                            .entries(entries)
                            .overrideConfiguration(limit)));
    List<String> done =
        response.successful().stream().map(SendMessageBatchResultEntry::id).toList();
    return SqsCalls.answers(messages.size(), done, response.failed());
  }
}
