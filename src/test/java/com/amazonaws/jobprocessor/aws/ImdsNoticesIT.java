package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.fleet.InstanceNotices.SpotAction;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImdsNoticesIT {
  private static final Instant TIME = Instant.parse("2026-11-26T10:11:12Z");

  private final FakeImds imds = FakeImds.start();
  private final InstanceMetadata metadata = new InstanceMetadata(imds.endpoint());
  private final ImdsNotices notices = new ImdsNotices(metadata);

  @AfterEach
  void close() {
    metadata.close();
    imds.close();
  }

  @Test
  void nothing_there_is_no_notice() throws Exception {
    assertNull(notices.spotAction());
    assertNull(notices.targetState());
    assertFalse(notices.rebalance());
  }

  @ParameterizedTest
  @ValueSource(strings = {"terminate", "stop", "hibernate"})
  void a_spot_instance_is_about_to_be_taken(String action) throws Exception {
    imds.spotAction(action, TIME);

    assertEquals(new SpotAction(action, TIME), notices.spotAction());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"action\":\"terminate\"}",
        "{\"action\":\"terminate\",\"time\":null}",
        "{\"action\":\"terminate\",\"time\":\"soon\"}",
        "{\"time\":7,\"action\":\"terminate\",\"more\":[1,{}]}"
      })
  void without_a_time_that_can_be_read_it_is_a_notice_as_well(String text) throws Exception {
    imds.set(FakeImds.SPOT_ACTION, text);

    assertEquals(new SpotAction("terminate", null), notices.spotAction());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html>", "", "{", "[]", "null", "{}", "{\"action\":\"dance\"}", "{\"action\":1}"})
  void what_is_no_notice_is_a_failure(String text) {
    imds.set(FakeImds.SPOT_ACTION, text);

    assertThrows(IOException.class, notices::spotAction);
  }

  @Test
  void the_group_and_the_recommendation_are_read_as_they_are() throws Exception {
    imds.targetState("Terminated\n").rebalance(TIME);

    assertEquals("Terminated", notices.targetState());
    assertTrue(notices.rebalance());

    imds.set(FakeImds.REBALANCE, "<html>");
    assertFalse(notices.rebalance());
  }
}
