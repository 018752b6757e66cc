package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.aws.SdkTransport;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Source;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class QueueSetupTest {
  private static final QueueSetup.Found FOUND =
      new QueueSetup.Found(
          new SqsQueue("todo", "todo"), new SqsQueue("done", "done"), new SqsQueue("dead", "dead"));

  /** Queues that take messages of so many bytes. */
  private record Queues(Map<String, String> sizes) implements SqsClient {
    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
      String size = sizes.get(request.queueUrl());
      return GetQueueAttributesResponse.builder()
          .attributes(
              size == null
                      || !request.attributeNames().contains(QueueAttributeName.MAXIMUM_MESSAGE_SIZE)
                  ? Map.of()
                  : Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, size))
          .build();
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }

  private static List<ILoggingEvent> warnings(Map<String, String> sizes) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(QueueSetup.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      Outage outage = new Outage(System::nanoTime);
      SqsClient queues = new Queues(sizes);
      new QueueSetup(
              new SqsQueues(new SdkTransport(queues), () -> queues, new SqsCalls()),
              Configuration.read(List.of(new Source("user data", "")), 1).settings(),
              new FindOrCreate(
                  new StartupRetry(outage, new StuckWatch(System::nanoTime)), false, "us-east-1"))
          .warn(FOUND);
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list;
  }

  @Test
  void a_dead_letter_queue_that_takes_less_than_the_backlog_is_warned_of() throws Exception {
    List<ILoggingEvent> lines = warnings(Map.of("todo", "1048576", "dead", "262144"));

    assertEquals(1, lines.size(), lines::toString);
    String values = lines.getFirst().getKeyValuePairs().toString();
    assertTrue(
        values.contains("queue=\"SQS-EC2-Queue-Dead-letter\"")
            && values.contains("262144")
            && values.contains("1048576"),
        values);
  }

  @Test
  void a_results_queue_that_takes_less_than_sqs_does_is_warned_of() throws Exception {
    List<ILoggingEvent> lines = warnings(Map.of("todo", "262144", "done", "262144"));

    assertEquals(1, lines.size(), lines::toString);
    String values = lines.getFirst().getKeyValuePairs().toString();
    assertTrue(values.contains("queue=\"SQS-EC2-Queue-Results\""), values);
  }

  @Test
  void one_that_takes_as_much_or_does_not_say_is_not() throws Exception {
    assertEquals(List.of(), warnings(Map.of("todo", "262144", "dead", "262144")));
    assertEquals(List.of(), warnings(Map.of("todo", "1024", "dead", "1048576")));
    assertEquals(List.of(), warnings(Map.of("todo", "1048576")));
  }
}
