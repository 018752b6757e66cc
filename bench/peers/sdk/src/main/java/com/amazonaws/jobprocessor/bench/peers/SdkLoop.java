package com.amazonaws.jobprocessor.bench.peers;

import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * What one writes first: threads that each receive up to ten messages by long poll, and for each
 * message compute, send and delete, one after the other, with one client for all.
 */
public final class SdkLoop {
  private SdkLoop() {}

  /**
   * Works until it is killed.
   *
   * @param arguments the names of the backlog and of the results, and the number of threads
   */
  public static void main(String[] arguments) throws InterruptedException {
    int threads = Integer.parseInt(arguments[2]);
    try (SqsClient sqs =
        SqsClient.builder()
            .httpClientBuilder(ApacheHttpClient.builder().maxConnections(threads))
            .build()) {
      String backlog = sqs.getQueueUrl(r -> r.queueName(arguments[0])).queueUrl();
      String results = sqs.getQueueUrl(r -> r.queueName(arguments[1])).queueUrl();
      Thread last = null;
      for (int i = 0; i < threads; i++) {
        last = Thread.ofPlatform().start(() -> loop(sqs, backlog, results));
      }
      if (last != null) {
        last.join();
      }
    }
  }

  private static void loop(SqsClient sqs, String backlog, String results) {
    while (!Thread.interrupted()) {
      var received =
          sqs.receiveMessage(r -> r.queueUrl(backlog).maxNumberOfMessages(10).waitTimeSeconds(20));
      for (Message message : received.messages()) {
        String result = Reverse.text(message.body());
        sqs.sendMessage(r -> r.queueUrl(results).messageBody(result));
        sqs.deleteMessage(r -> r.queueUrl(backlog).receiptHandle(message.receiptHandle()));
      }
    }
  }
}
