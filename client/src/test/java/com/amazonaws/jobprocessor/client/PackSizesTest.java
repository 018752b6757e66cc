package com.amazonaws.jobprocessor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.client.send.PackSize;
import com.amazonaws.jobprocessor.client.send.RunTimes;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PackSizesTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final AtomicLong now = new AtomicLong(-MINUTE);
  private final AtomicInteger looks = new AtomicInteger();
  private volatile String millis = "100";

  private RunTimes look() throws InterruptedException {
    looks.incrementAndGet();
    if (millis.equals("away")) {
      throw new ClientException("SQS is away");
    }
    Delivery result =
        new Delivery(
            "m",
            "handle",
            "body",
            Map.of(MessageFormat.DURATION_MILLIS, Attribute.of(millis)),
            1,
            null,
            null);
    return RunTimes.of(() -> millis.isEmpty() ? List.of() : List.of(result));
  }

  private static PackSize lasting(double millis) {
    return PackSize.lasting(millis, 0);
  }

  private static void awaitSize(PackSizes sizes, PackSize size) {
    await().atMost(LONG).until(sizes::get, size::equals);
  }

  @Test
  void results_are_looked_at_again_after_five_minutes_and_not_before() throws Exception {
    try (PackSizes sizes = PackSizes.learned(this::look, now::get)) {
      millis = "20";
      now.addAndGet(5 * MINUTE - 1);
      assertEquals(lasting(100), sizes.get());
      assertEquals(1, looks.get());

      now.incrementAndGet();
      awaitSize(sizes, lasting(20));
      sizes.get();
      assertEquals(2, looks.get());
    }
  }

  @Test
  void what_was_learned_holds_while_there_is_nothing_to_learn_from() throws Exception {
    try (PackSizes sizes = PackSizes.learned(this::look, now::get)) {
      for (String nothing : List.of("", "away", "")) {
        millis = nothing;
        int before = looks.get();
        now.addAndGet(5 * MINUTE);
        sizes.get();
        await().atMost(LONG).until(() -> looks.get() > before);
        assertEquals(lasting(100), sizes.get());
      }
      millis = "50";
      now.addAndGet(5 * MINUTE);
      awaitSize(sizes, lasting(50));
    }
  }

  @Test
  void without_results_it_is_cautious_until_there_are_some() throws Exception {
    millis = "";
    PackSizes sizes = PackSizes.learned(this::look, now::get);
    assertEquals(PackSize.cautious(0), sizes.get());
    // Another size than the cautious one, or nothing would be waited for.
    millis = "20";
    assertNotEquals(PackSize.cautious(0), lasting(20));
    now.addAndGet(5 * MINUTE);
    awaitSize(sizes, lasting(20));

    sizes.close();
    now.addAndGet(5 * MINUTE);
    assertEquals(lasting(20), sizes.get());
    assertEquals(2, looks.get());
  }

  @Test
  void a_first_look_that_fails_is_told() {
    millis = "away";
    assertThrows(ClientException.class, () -> PackSizes.learned(this::look, now::get));
  }
}
