package com.amazonaws.jobprocessor.bench.peers;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The design that this project took over: so many polls a minute, a message at a time, a sleep
 * after each turn whatever it brought, result and delete one by one.
 */
public final class OriginalDesign {
  private static final int POLLS_A_MINUTE = 600;

  private OriginalDesign() {}

  /**
   * Works until it is killed.
   *
   * @param arguments the names of the backlog and of the results
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (SqsClient sqs = SqsClient.create()) {
      String backlog = sqs.getQueueUrl(r -> r.queueName(arguments[0])).queueUrl();
      String results = sqs.getQueueUrl(r -> r.queueName(arguments[1])).queueUrl();
      while (!Thread.interrupted()) {
        for (Message message : sqs.receiveMessage(r -> r.queueUrl(backlog)).messages()) {
          String result = Reverse.text(message.body());
          sqs.sendMessage(r -> r.queueUrl(results).messageBody(result));
          sqs.deleteMessage(r -> r.queueUrl(backlog).receiptHandle(message.receiptHandle()));
        }
        Thread.sleep(60_000 / POLLS_A_MINUTE);
      }
    }
  }
}
