package com.amazonaws.jobprocessor.bench.sqs;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** A server with one queue, and the SDK as its client. */
abstract class ServerFixture {
  static final Duration SOON = Duration.ofSeconds(20);

  SqsServer server;
  SqsClient sqs;
  String url;

  @BeforeEach
  void start() throws IOException {
    server = SqsServer.start(Duration.ZERO);
    sqs = client(server, "tester");
    url = sqs.createQueue(r -> r.queueName("jobs")).queueUrl();
  }

  @AfterEach
  void stop() {
    sqs.close();
    server.close();
  }

  static SqsClient client(SqsServer server, String accessKey) {
    return EmbeddedSqs.clientFor(URI.create(server.endpoint()), accessKey);
  }

  List<Message> receive() {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(10)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }
}
