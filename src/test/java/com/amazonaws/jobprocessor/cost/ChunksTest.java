package com.amazonaws.jobprocessor.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static final int CHUNK = 65_536;

  @Test
  void each_begun_64_kib_of_a_request_is_billed_and_an_empty_one_too() {
    assertEquals(1, Chunks.of(0));
    assertEquals(1, Chunks.of(1));
    assertEquals(1, Chunks.of(CHUNK));
    assertEquals(2, Chunks.of(CHUNK + 1));
    assertEquals(2, Chunks.of(2 * CHUNK));
    assertEquals(16, Chunks.of(16 * CHUNK));
  }

  private static void assertRequests(String expected, long bytes, String messages) {
    BigDecimal requests = Chunks.aMessage(BigDecimal.valueOf(bytes), new BigDecimal(messages));
    assertEquals(0, new BigDecimal(expected).compareTo(requests), requests::toString);
  }

  @Test
  void a_batch_is_billed_by_its_whole_payload_not_by_message() {
    assertRequests("0.1", 1_024, "10");
    assertRequests("0.1", 6_553, "10"); // 65,530 bytes
    assertRequests("0.2", 6_554, "10"); // 65,540 bytes
    assertRequests("1", CHUNK, "10");
    assertRequests("1.1", CHUNK + 1, "10"); // 655,370 bytes are eleven chunks
    assertRequests("1", CHUNK, "1");
    assertRequests("2", CHUNK + 1, "1");
    assertRequests("0.5", 20, "2");
  }

  @Test
  void a_fill_need_not_be_whole() {
    assertRequests("0.4", 1_000, "2.5");
    assertRequests("0.8", 40_000, "2.5"); // 100,000 bytes
  }
}
