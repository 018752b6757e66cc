package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** A queue on an SQS in this process, and enqueuers before it. */
abstract class EnqueueFixture {
  static final String QUEUE = "Todo";

  @SuppressWarnings("NullAway.Init")
  EmbeddedSqs sqs;

  @BeforeEach
  void startSqs() {
    sqs = EmbeddedSqs.start();
    sqs.createQueue(QUEUE);
    Map.of(
            "aws.endpointUrlSqs", sqs.endpoint().toString(),
            "aws.region", "us-east-1",
            "aws.accessKeyId", "test",
            "aws.secretAccessKey", "test")
        .forEach(System::setProperty);
  }

  @AfterEach
  void stopSqs() {
    sqs.close();
  }

  static EnqueuerBuilder enqueuer() {
    return Enqueuer.builder(QUEUE);
  }

  List<Message> messages() {
    return sqs.drain(QUEUE);
  }

  List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    messages().forEach(message -> bodies.add(message.body()));
    return bodies;
  }

  static String attribute(Message message, String name) {
    MessageAttributeValue value = message.messageAttributes().get(name);
    return value == null ? "" : value.stringValue();
  }

  int sends() {
    return sqs.proxy().requests("SendMessageBatch");
  }
}
