package com.amazonaws.jobprocessor.bench.sqs;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was said of a queue when it was made.
 *
 * @param visibilitySeconds for receives that do not say
 * @param waitSeconds for receives that do not say
 * @param delaySeconds for sends that do not say
 */
record QueueAttributes(int visibilitySeconds, int waitSeconds, int delaySeconds) {
  static QueueAttributes read(JsonObject given) {
    return new QueueAttributes(
        given.number("VisibilityTimeout", 30),
        given.number("ReceiveMessageWaitTimeSeconds", 0),
        given.number("DelaySeconds", 0));
  }

  Map<String, String> describe(String arn, QueueState state) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("QueueArn", arn);
    all.put("ApproximateNumberOfMessages", Integer.toString(state.visible()));
    all.put("ApproximateNumberOfMessagesNotVisible", Integer.toString(state.inFlight()));
    all.put("ApproximateNumberOfMessagesDelayed", Integer.toString(state.delayed()));
    all.put("VisibilityTimeout", Integer.toString(visibilitySeconds));
    all.put("ReceiveMessageWaitTimeSeconds", Integer.toString(waitSeconds));
    all.put("DelaySeconds", Integer.toString(delaySeconds));
    all.put("MaximumMessageSize", Integer.toString(Actions.LARGEST));
    all.put("MessageRetentionPeriod", "345600");
    return all;
  }
}
