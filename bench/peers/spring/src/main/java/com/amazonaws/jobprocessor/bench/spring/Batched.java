package com.amazonaws.jobprocessor.bench.spring;

import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Component;

/** Ten messages a call, ten results a send; acknowledgements are batched by Spring Cloud AWS. */
@Component
@Profile("batched")
class Batched {
  private final SqsTemplate sqs;
  private final String results;

  Batched(SqsTemplate sqs, @Value("${results}") String results) {
    this.sqs = sqs;
    this.results = results;
  }

  @SqsListener("${backlog}")
  void handle(List<String> bodies) {
    List<Message<String>> answers =
        bodies.stream()
            .map(body -> MessageBuilder.withPayload(SpringWorker.reverse(body)).build())
            .toList();
    sqs.sendMany(results, answers);
  }
}
