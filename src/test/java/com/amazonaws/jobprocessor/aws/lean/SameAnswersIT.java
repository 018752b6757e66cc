package com.amazonaws.jobprocessor.aws.lean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each answer is read as the SDK's client reads it, field by field, errors included. */
class SameAnswersIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 100;
  private static final SqsTransport.Receive RECEIVE =
      new SqsTransport.Receive(
          "q", 10, Duration.ZERO, Duration.ofSeconds(30), List.of("SentTimestamp"), null);

  private final BothClients clients = new BothClients();

  SameAnswersIT() throws Exception {}

  @AfterEach
  void close() throws IOException {
    clients.close();
  }

  private String received(SqsTransport sqs) {
    StringBuilder all = new StringBuilder();
    for (Delivery delivery : sqs.receive(RECEIVE, BothClients.LIMIT)) {
      Map<String, String> attributes = new TreeMap<>();
      delivery.attributes().forEach((name, value) -> attributes.put(name, string(value)));
      all.append(
          List.of(
              delivery.messageId(),
              delivery.receiptHandle(),
              delivery.body(),
              attributes,
              delivery.receiveCount(),
              "" + delivery.sentAtMillis(),
              "" + delivery.group()));
    }
    return all.toString();
  }

  private static String string(Attribute attribute) {
    return attribute.dataType()
        + "|"
        + attribute.text()
        + "|"
        + (attribute.binary() == null ? null : HexFormat.of().formatHex(attribute.binary()));
  }

  private ObjectNode message(RandomMessages random) {
    ObjectNode message = JSON.createObjectNode();
    message.put("MessageId", "id" + random.text(5)).put("ReceiptHandle", "AQEB" + random.text(50));
    message.put("MD5OfBody", "0").put("Body", random.text(500)).put("NewInTheApi", 1);
    ObjectNode system = message.putObject("Attributes");
    if (random.below(4) > 0) {
      system.put("ApproximateReceiveCount", Integer.toString(1 + random.below(1000)));
    }
    if (random.below(4) > 0) {
      system.put("SentTimestamp", "17642021" + (10_000 + random.below(10_000)));
    }
    if (random.below(2) > 0) {
      system.put("MessageGroupId", "g" + random.text(9)).put("SequenceNumber", "18890");
    }
    ObjectNode attributes = message.putObject("MessageAttributes");
    random
        .attributes()
        .forEach(
            (name, value) -> {
              ObjectNode attribute = attributes.putObject(name).put("DataType", value.dataType());
              if (value.text() != null) {
                attribute.put("StringValue", value.text());
              }
              if (value.binary() != null) {
                attribute.put("BinaryValue", value.binary());
              }
              attribute.putArray("StringListValues").add(1);
            });
    if (random.below(5) == 0) {
      message.remove("Attributes");
      message.remove("MessageAttributes");
    }
    return message;
  }

  @Test
  void messages() throws Exception {
    RandomMessages random = new RandomMessages(3);
    for (int round = 0; round < ROUNDS; round++) {
      ObjectNode answer = JSON.createObjectNode();
      ArrayNode messages = answer.putArray("Messages");
      for (int left = random.below(11); left > 0; left--) {
        messages.add(message(random));
      }
      answer.putObject("Other").putArray("deep").addObject().put("Messages", "none");
      clients.stub.answers(
          SqsStub.json(
              round % 2 == 0
                  ? JSON.writeValueAsString(answer)
                  : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer)));

      assertEquals(received(clients.sdk), received(clients.lean));
    }
  }

  @Test
  void answers_without_messages() {
    for (String none : List.of("{}", "", " \n", "{\"Messages\":[]}", "{\"Messages\":null}")) {
      clients.stub.answers(SqsStub.json(none));
      assertEquals("", received(clients.sdk), none);
      assertEquals("", received(clients.lean), none);
    }
  }

  @Test
  void fields_that_are_null_are_not_there() {
    clients.stub.answers(
        SqsStub.json(
            "{\"Messages\":[{\"MessageId\":\"i\",\"ReceiptHandle\":\"r\",\"Body\":\"b\","
                + "\"Attributes\":null,\"MessageAttributes\":{\"a\":{\"DataType\":\"String\","
                + "\"StringValue\":\"x\",\"BinaryValue\":null}}}]}"));
    assertEquals(received(clients.sdk), received(clients.lean));
  }

  @Test
  void batches() throws Exception {
    RandomMessages random = new RandomMessages(4);
    for (int round = 0; round < ROUNDS / 3; round++) {
      ObjectNode answer = JSON.createObjectNode();
      ArrayNode successful = answer.putArray("Successful");
      ArrayNode failed = answer.putArray("Failed");
      for (int id = random.below(11); id > 0; id--) {
        if (random.below(2) == 0) {
          successful
              .addObject()
              .put("Id", "" + id)
              .put("MessageId", "m" + random.text(5))
              .put("MD5OfBody", "x");
        } else {
          ObjectNode entry = failed.addObject().put("Id", "" + id).put("SenderFault", id % 2 == 0);
          if (random.below(4) > 0) {
            entry.put("Code", "AWS.SimpleQueueService.X" + random.text(3));
            entry.put("Message", random.text(50));
          }
        }
      }
      clients.stub.answers(SqsStub.json(JSON.writeValueAsString(answer)));

      assertEquals(
          clients.sdk.send("q", List.of(), BothClients.LIMIT),
          clients.lean.send("q", List.of(), BothClients.LIMIT));
      // Only a send is answered with message ids.
      successful.forEach(entry -> ((ObjectNode) entry).remove("MessageId"));
      clients.stub.answers(SqsStub.json(JSON.writeValueAsString(answer)));
      assertEquals(
          clients.sdk.delete("q", List.of(), BothClients.LIMIT),
          clients.lean.delete("q", List.of(), BothClients.LIMIT));
      assertEquals(
          clients.sdk.changeVisibility("q", List.of(), BothClients.LIMIT),
          clients.lean.changeVisibility("q", List.of(), BothClients.LIMIT));
    }
  }

  private static String failure(SqsTransport sqs) {
    CallFailed failed =
        assertThrows(
            CallFailed.class,
            () -> new SqsCalls().call(() -> sqs.delete("q", List.of("h"), BothClients.LIMIT)));
    return failed.kind() + " " + failed.code() + " " + failed.sent() + ": " + failed.getMessage();
  }

  private void assertSameFailure(int status, Map<String, String> headers, String body) {
    clients.stub.answers(SqsStub.answer(status, headers, body));
    assertEquals(failure(clients.sdk), failure(clients.lean), status + " " + headers + " " + body);
  }

  @Test
  void errors_of_all_shapes() {
    List<Map<String, String>> heads =
        List.of(
            Map.of(),
            Map.of("x-amzn-RequestId", "r-1"),
            Map.of("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"),
            Map.of("x-amzn-query-error", "RequestThrottled;Sender", "x-amzn-RequestId", "r"),
            Map.of("x-amzn-query-error", "NoSemicolon"),
            Map.of("x-amzn-query-error", ";Sender"),
            Map.of("x-amzn-query-error", ""),
            Map.of("x-amzn-ErrorType", "OverLimit:http://internal.amazon.com/coral/"),
            Map.of("x-amzn-ErrorType", "com.amazonaws.sqs#OverLimit"),
            Map.of("x-amzn-error-message", "said by a header"));
    List<String> bodies =
        List.of(
            "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"No such queue.\"}",
            "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"no\"}",
            "{\"__type\":\"OverLimit\"}",
            "{\"__type\":\"a#b#C:d\",\"errorMessage\":\"x\"}",
            "{\"__type\":\"a#\",\"message\":\"x\"}",
            "{\"__type\":null,\"message\":null}",
            "{\"code\":\"RequestThrottled\",\"message\":\"slower\"}",
            "{\"message\":\"nothing but words: \\u00e9\\ud83d\\ude00\"}",
            "{\"message\":{\"deep\":[1]},\"__type\":\"X\"}",
            "{\"__type\":\"Y\",\"message\":\"\"}",
            "{}",
            "",
            "[]",
            "\"text\"",
            "<html><body>503 Service Unavailable</body></html>",
            "{\"__type\":\"Cut",
            "{\"__type\":\"BatchRequestTooLong\",\"message\":\"" + "x".repeat(3000) + "\"}");
    for (int status : new int[] {400, 403, 404, 413, 429, 500, 503}) {
      for (String body : bodies) {
        assertSameFailure(status, heads.getFirst(), body);
      }
    }
    for (Map<String, String> head : heads) {
      for (String body : bodies) {
        assertSameFailure(400, head, body);
      }
    }
  }

  @Test
  void answers_of_success_that_are_none() {
    for (String body : List.of("<html/>", "{\"Successful\":[{\"Id\":\"0\"", "{\"Successful\":")) {
      clients.stub.answers(SqsStub.json(body));
      String sdk = failure(clients.sdk);
      String lean = failure(clients.lean);
      assertEquals(sdk.substring(0, sdk.indexOf(':')), lean.substring(0, lean.indexOf(':')), body);
    }
  }

  @Test
  void a_redirection_is_not_followed() {
    assertSameFailure(302, Map.of("Location", clients.stub.endpoint() + "/elsewhere"), "");
    assertEquals(2, clients.stub.requests().size());
  }
}
