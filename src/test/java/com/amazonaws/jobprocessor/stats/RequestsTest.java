package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Requested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
  private static final int CHUNK = 64 * 1024;

  /** SQS bills by the chunk: where messages fill some, fuller batches save nothing. */
  @ParameterizedTest
  @CsvSource({
    "100, 1, 60, 90",
    "100, 1, 65536, 0",
    "100, 1, 1048576, 0",
    "100, 1, 32768, 50",
    "10, 10, 65536, 0",
    "10, 10, 60, 0",
    "3, 4, 100, 1",
    "10, 0, 0, 0"
  })
  void what_full_batches_would_have_saved_goes_by_messages_and_by_bytes(
      int requests, int messages, int bytes, long spared) {
    Requests counted = new Requests();
    for (int i = 0; i < requests; i++) {
      counted.count(new Requested(Request.SEND, messages, (long) messages * bytes));
    }
    counted.count(new Requested(Request.SEND, 5, 3 * CHUNK, false));

    assertEquals(spared, counted.of(Request.SEND).spared());
  }
}
