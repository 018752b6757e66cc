package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerRuntimeTest {
  private static final WorkEvent.Requested SEND =
      new WorkEvent.Requested(WorkEvent.Request.SEND, 10, 1_000);

  private final SettableClock clock = new SettableClock();
  private final List<WorkEvent> told = new ArrayList<>();
  private final WorkerRuntime runtime =
      new WorkerRuntime(clock, new WorkThreads(_ -> {}), new Outage(clock), told::add);

  private void fail(boolean sent) {
    CallFailed failure =
        new CallFailed(
            Service.SQS, "Away", "", CallFailed.Kind.UNKNOWN, sent, new IOException("away"));
    assertThrows(
        CallFailed.class,
        () ->
            runtime.request(
                SEND,
                () -> {
                  throw failure;
                }));
  }

  @Test
  void a_call_that_was_answered_or_may_have_been_is_told() throws Exception {
    assertEquals("answer", runtime.request(SEND, () -> "answer"));
    fail(true);

    assertEquals(List.of(SEND, SEND.unanswered()), told);
    assertFalse(SEND.unanswered().answered());
  }

  @Test
  void a_call_that_never_left_this_machine_is_not() {
    fail(false);

    assertEquals(List.of(), told);
  }
}
