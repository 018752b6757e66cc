package com.amazonaws.jobprocessor.bench.spring;

import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The listener of the documentation's first page: a message a call, all settings at their defaults.
 */
@Component
@Profile("one")
class OneByOne {
  private final SqsTemplate sqs;
  private final String results;

  OneByOne(SqsTemplate sqs, @Value("${results}") String results) {
    this.sqs = sqs;
    this.results = results;
  }

  @SqsListener("${backlog}")
  void handle(String body) {
    sqs.send(results, SpringWorker.reverse(body));
  }
}
