package com.amazonaws.jobprocessor.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.sqs.javamessaging.AmazonSQSExtendedClientUtil;
import com.amazon.sqs.javamessaging.SQSExtendedClientConstants;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PayloadPointerTest {
  private static Map<String, Attribute> size(String name, String text) {
    return Map.of(name, new Attribute("Number", text, null));
  }

  @Test
  void the_marks_are_those_of_the_library() {
    assertEquals(SQSExtendedClientConstants.RESERVED_ATTRIBUTE_NAME, PayloadPointer.SIZE);
    assertEquals(
        Set.copyOf(AmazonSQSExtendedClientUtil.RESERVED_ATTRIBUTE_NAMES), PayloadPointer.MARKS);
  }

  @Test
  void either_mark_makes_a_pointer_whatever_its_value() {
    for (String name : PayloadPointer.MARKS) {
      assertTrue(PayloadPointer.isPointer(size(name, "5")));
      assertTrue(PayloadPointer.isPointer(Map.of(name, Attribute.of("nonsense"))));
      assertTrue(
          PayloadPointer.isPointer(Map.of(name, new Attribute("Binary", null, new byte[1]))));
      assertEquals(OptionalLong.of(5), PayloadPointer.sizeOf(size(name, "5")));
    }
    assertTrue(
        PayloadPointer.isPointer(Map.of("S3MessageBodyKey", Attribute.of("(bucket)key"))),
        "of sqs-extended-client for Node.js: not followed, but not run either");
    assertFalse(PayloadPointer.isPointer(Map.of()));
    assertFalse(PayloadPointer.isPointer(size("extendedpayloadsize", "5")));
  }

  @Test
  void a_size_that_makes_no_sense_is_none() {
    for (String text :
        List.of("", "-1", "1e9", "1.5", " 1", "٣", "9999999999999999999", "0".repeat(1_000_000))) {
      assertEquals(OptionalLong.empty(), PayloadPointer.sizeOf(size("ExtendedPayloadSize", text)));
    }
    assertEquals(OptionalLong.empty(), PayloadPointer.sizeOf(Map.of()));
    assertEquals(
        OptionalLong.of(999_999_999_999_999_999L),
        PayloadPointer.sizeOf(size("ExtendedPayloadSize", "999999999999999999")));
  }

  @Test
  void a_message_is_marked_once_and_unmarked_without_a_trace() {
    Map<String, Attribute> mine = Map.of("a", Attribute.of("b"));

    Map<String, Attribute> marked = PayloadPointer.mark(mine, 5);

    assertEquals(new Attribute("Number", "5", null), marked.get(PayloadPointer.SIZE));
    assertEquals(mine, PayloadPointer.unmark(marked));
    assertEquals(
        size(PayloadPointer.SIZE, "5"), PayloadPointer.mark(size("SQSLargePayloadSize", "7"), 5));
  }
}
