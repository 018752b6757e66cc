package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Messages that nobody should send: each has one end, its own, and its dead letter is as it was.
 */
class BadInputIT extends BlackBox {
  /** The characters beside which SQS's rule of allowed ones changes, and some that are odd. */
  private static final int[] EDGES = {
    0x9, 0xA, 0xD, 0x20, 0x7F, 0x85, 0xA0, 0xAD, 0x2028, 0x2029, 0x200B, 0x202E, 0xD7FF, 0xE000,
    0xFEFF, 0xFFFD, 0x10000, 0x1F680, 0xFFFFE, 0x10FFFF, '"', '\\', '<', '&', '\'', '%', '{',
    '\u0301'
  };

  private static final int LARGEST = 1024 * 1024;

  private final EmbeddedDynamo dynamo = EmbeddedDynamo.start();
  private final Random random = new Random(5);

  @AfterEach
  void closeDynamo() {
    dynamo.close();
  }

  @Override
  DaemonProcessBuilder daemon() {
    return super.daemon().set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
  }

  private String oddText(int longest) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(longest);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(EDGES[random.nextInt(EDGES.length)]);
    }
    return text.toString();
  }

  private Map<String, MessageAttributeValue> oddAttributes() {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    List<String> names =
        new ArrayList<>(
            List.of(
                "job_id",
                "job_message_id",
                "worker_id",
                "attempts",
                "error_type",
                "error_message",
                "empty_result",
                "duration_millis",
                "a.b-c_d",
                "x".repeat(256),
                "ExtendedPayloadSize",
                "SQSLargePayloadSize",
                "colour",
                "b1",
                "b2"));
    java.util.Collections.shuffle(names, random);
    for (String name : names.subList(0, random.nextInt(11))) {
      attributes.put(name, oddValue());
    }
    return attributes;
  }

  private MessageAttributeValue oddValue() {
    MessageAttributeValue.Builder value = MessageAttributeValue.builder();
    return switch (random.nextInt(4)) {
      case 0 -> value.dataType("Number").stringValue("-12.5e3").build();
      case 1 ->
          value.dataType("Binary").binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1})).build();
      case 2 -> value.dataType("String.label").stringValue(oddText(20)).build();
      default -> value.dataType("String").stringValue(oddText(300)).build();
    };
  }

  private String send(String body, Map<String, MessageAttributeValue> attributes) {
    return sqs.client()
        .sendMessage(
            r -> r.queueUrl(sqs.urlOf(BACKLOG)).messageBody(body).messageAttributes(attributes))
        .messageId();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatever_comes_has_an_end_of_its_own(boolean table) throws Exception {
    Map<String, String> sent = new TreeMap<>();
    for (int i = 0; i < 250; i++) {
      String body = (i % 3 == 0 ? "fail " : i % 3 == 1 ? "say " : "") + oddText(200);
      sent.put(send(body, oddAttributes()), body);
    }
    String whole = "x".repeat(LARGEST);
    sent.put(send(whole, Map.of()), whole);
    DaemonProcess daemon =
        table
            ? start("job_table_name=jobs", "concurrency=8", "poll_rate_per_min=60000")
            : start("concurrency=8", "poll_rate_per_min=60000");
    await().atMost(SOON).until(() -> sqs.counts(BACKLOG).total() == 0);

    assertTrue(daemon.isAlive());
    Map<String, List<String>> ends = new TreeMap<>();
    for (Message result : sqs.receiveAll(RESULTS)) {
      String id = text(result, "job_message_id");
      ends.computeIfAbsent(id, _ -> new ArrayList<>()).add("result");
      assertEquals(sent.get(id) + "!", result.body());
    }
    Map<String, Long> letters = new HashMap<>();
    for (Message letter : sqs.receiveAll(DEAD_LETTERS)) {
      assertTrue(sent.containsValue(letter.body()), "the body is as it was");
      assertTrue(letter.messageAttributes().size() <= 10);
      letters.merge(letter.body(), 1L, Long::sum);
    }
    for (Map.Entry<String, String> job : sent.entrySet()) {
      long dead = letters.getOrDefault(job.getValue(), 0L);
      long good = ends.getOrDefault(job.getKey(), List.of()).size();
      assertEquals(1, dead + good, job.getKey());
    }
    assertEquals(0, daemon.count("internal error"));
  }
}
