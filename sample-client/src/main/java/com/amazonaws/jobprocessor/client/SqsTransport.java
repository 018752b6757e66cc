package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Attribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Sends jobs to a queue in SQS. */
final class SqsTransport implements JobSender.Transport {
  private static final Set<String> FOR_GOOD =
      Set.of(
          "InvalidMessageContents",
          "InvalidParameterValue",
          "InvalidAttributeValue",
          "MissingParameter",
          "BatchRequestTooLong",
          "UnsupportedOperation");

  private final SqsClient sqs;
  private final String queueUrl;

  SqsTransport(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  @Override
  public Map<Integer, JobSender.Failure> send(List<Job> jobs) throws JobSender.BatchRefused {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>(jobs.size());
    for (Job job : jobs) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .messageBody(job.body())
              .messageAttributes(values(job.attributes()))
              .messageGroupId(job.fifo() == null ? null : job.fifo().group())
              .messageDeduplicationId(job.fifo() == null ? null : job.fifo().deduplicationId())
              .build());
    }
    try {
      Map<Integer, JobSender.Failure> failures = new HashMap<>();
      sqs.sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries))
          .failed()
          .forEach(
              entry ->
                  failures.put(
                      Integer.valueOf(entry.id()),
                      new JobSender.Failure(
                          entry.code() + ": " + entry.message(), isForGood(entry.code()))));
      return failures;
    } catch (SqsException e) {
      String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
      if (isForGood(code) || e.statusCode() == 413) {
        throw new JobSender.BatchRefused(code + ": " + e.awsErrorDetails().errorMessage());
      }
      throw e;
    }
  }

  private static boolean isForGood(String code) {
    return code != null && FOR_GOOD.contains(code.substring(code.lastIndexOf('.') + 1));
  }

  private static Map<String, MessageAttributeValue> values(Map<String, Attribute> attributes) {
    Map<String, MessageAttributeValue> values = new HashMap<>();
    attributes.forEach((name, attribute) -> values.put(name, value(attribute)));
    return values;
  }

  private static MessageAttributeValue value(Attribute attribute) {
    return MessageAttributeValue.builder()
        .dataType(attribute.dataType())
        .stringValue(attribute.text())
        .binaryValue(attribute.binary() == null ? null : SdkBytes.fromByteArray(attribute.binary()))
        .build();
  }

  @Override
  public void pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
