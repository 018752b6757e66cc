package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.amazonaws.jobprocessor.client.HandedOver.Standing;
import org.junit.jupiter.api.Test;

class HandedOverTest {
  private final HandedOver handed = new HandedOver(2);

  @Test
  void an_end_is_new_until_the_callback_has_returned() {
    assertEquals(Standing.NEW, handed.begin("a"));
    assertEquals(Standing.IN_HAND, handed.begin("a"));
    handed.ended("a", false);
    assertEquals(Standing.NEW, handed.begin("a"), "the callback threw");
    handed.ended("a", true);
    assertEquals(Standing.DONE, handed.begin("a"));
  }

  @Test
  void the_oldest_are_forgotten() {
    for (String key : new String[] {"a", "b", "c"}) {
      handed.begin(key);
      handed.ended(key, true);
    }
    assertEquals(Standing.NEW, handed.begin("a"));
    assertEquals(Standing.DONE, handed.begin("b"));
    assertEquals(Standing.DONE, handed.begin("c"));
  }

  @Test
  void an_end_is_known_by_its_job_and_its_body() {
    assertEquals(HandedOver.key("a", "b"), HandedOver.key("a", "b"));
    assertNotEquals(HandedOver.key("a", "b"), HandedOver.key("a", "c"));
    assertNotEquals(HandedOver.key("ab", "c"), HandedOver.key("a", "bc"));
  }
}
