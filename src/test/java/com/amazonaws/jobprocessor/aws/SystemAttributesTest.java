package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SystemAttributesTest {
  private static @Nullable Long sentAt(String value) {
    return SystemAttributes.sentAtMillis(Map.of(SystemAttributes.SENT_TIMESTAMP, value));
  }

  /** Arithmetic on the time of an emulator that counts microseconds once ended the worker. */
  @Test
  void a_time_of_sending_in_another_unit_than_sqs_has_is_none() {
    assertEquals(1_764_000_000_000L, sentAt("1764000000000"));
    assertNull(sentAt("1764000000"), "seconds");
    assertNull(sentAt("1764000000000000"), "microseconds");
    assertNull(sentAt("" + Long.MAX_VALUE));
    assertNull(sentAt("-1"));
    assertNull(SystemAttributes.sentAtMillis(Map.of()));
  }
}
