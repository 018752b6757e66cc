package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class OutageTest {
  private final Outage outage = new Outage(new SettableClock());

  private static CallFailed failure(String code) {
    return new CallFailed(code, "", CallFailed.Kind.REJECTED, new IllegalStateException());
  }

  @Test
  void the_call_that_fails_for_longest_is_named_with_its_latest_reason_until_it_works() {
    assertNull(outage.first());
    outage.failed("ReceiveMessage", "todo", failure("Away"));
    outage.failed("SendMessageBatch", "done", failure("AccessDenied"));
    outage.failed("ReceiveMessage", "todo", failure("Throttled"));
    assertEquals(new Outage.Failing("ReceiveMessage", "todo", "Throttled"), outage.first());

    outage.over("ReceiveMessage", "todo");
    assertEquals(new Outage.Failing("SendMessageBatch", "done", "AccessDenied"), outage.first());

    outage.over("SendMessageBatch", "done");
    assertNull(outage.first());
  }
}
