package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.port.Service;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeteredPayloadsTest {
  private final List<String> calls = new ArrayList<>();
  private final ObjectCounts counts = new ObjectCounts();

  /** Answers with what it was asked; what cannot be had is missing. */
  private final Payloads metered =
      new MeteredPayloads(
          new Payloads() {
            @Override
            public String fetch(String pointer, int maxBytes) throws Unreadable {
              calls.add("fetch " + pointer);
              if (pointer.equals("nothing")) {
                throw new Unreadable(Unreadable.MISSING, pointer);
              }
              return "payload of " + pointer;
            }

            @Override
            public String store(String payload) throws CallFailed {
              if (payload.equals("unsent") || payload.equals("lost")) {
                throw new CallFailed(
                    Service.S3,
                    "Away",
                    "",
                    CallFailed.Kind.UNKNOWN,
                    payload.equals("lost"),
                    new java.io.IOException());
              }
              calls.add("store " + payload);
              return "pointer to " + payload;
            }

            @Override
            public void delete(String pointer) {
              calls.add("delete " + pointer);
            }

            @Override
            public String copy(String pointer) {
              calls.add("copy " + pointer);
              return "copy of " + pointer;
            }
          },
          counts);

  @Test
  void each_call_is_passed_on_and_counted_as_s3_bills_it() throws Exception {
    assertEquals("pointer to a", metered.store("a"));
    assertEquals("copy of b", metered.copy("b"));
    assertEquals("payload of c", metered.fetch("c"));
    metered.delete("d");

    assertEquals(List.of("store a", "copy b", "fetch c", "delete d"), calls);
    assertEquals(2, counts.puts(), "a copy is a PUT");
    assertEquals(1, counts.gets());
    assertEquals(1, counts.deletes());
  }

  @Test
  void a_call_that_fails_was_made_all_the_same() throws CallFailed, InterruptedException {
    assertThrows(Payloads.Unreadable.class, () -> metered.fetch("nothing"));
    assertEquals(1, counts.gets());
  }

  @Test
  void a_call_that_has_not_left_the_machine_is_not_billed() {
    assertThrows(CallFailed.class, () -> metered.store("unsent"));
    assertEquals(0, counts.puts());
    assertThrows(CallFailed.class, () -> metered.store("lost"));
    assertEquals(1, counts.puts());
  }
}
