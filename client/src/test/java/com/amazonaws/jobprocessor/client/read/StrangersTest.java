package com.amazonaws.jobprocessor.client.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrangersTest {
  private long now;
  private final Strangers strangers = new Strangers(() -> now);
  private int next;

  private List<Delivery> others(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> new Delivery("m-" + next++, "h", "body", Map.of(), 1))
        .toList();
  }

  private Set<Integer> seconds(int received, List<Delivery> others) {
    return strangers.hide(received, others).keySet();
  }

  @Test
  void beside_results_of_ours_others_are_shown_at_once() {
    assertEquals(Set.of(0), seconds(10, others(9)));
    assertEquals(Set.of(), seconds(10, others(0)));
  }

  @Test
  void without_any_of_ours_they_are_hidden_for_a_second() {
    assertEquals(Set.of(1), seconds(10, others(10)));
    assertEquals(Set.of(1), seconds(1, others(1)));
  }

  @Test
  void very_many_are_hidden_for_as_long_as_we_have_met_nothing_else() {
    now += Duration.ofSeconds(10).toNanos();
    assertEquals(Set.of(10), seconds(10, others(10)));
    now += Duration.ofMinutes(1).toNanos();
    assertEquals(Set.of(20), seconds(10, others(10)), "but not for ever");
    assertEquals(Set.of(1), seconds(3, others(3)), "the end was reached");
    assertEquals(Set.of(1), seconds(10, others(10)));
  }

  /** Else their readers wait for what we could see again in a second. */
  @Test
  void who_meets_very_many_in_a_second_hides_them_for_a_second() {
    for (int i = 0; i < 400; i++) {
      now += Duration.ofMillis(2).toNanos();
      assertEquals(Set.of(1), seconds(10, others(10)));
    }
  }

  @Test
  void one_that_waits_for_its_reader_for_long_is_met_ever_less_often() {
    List<Delivery> same = others(1);
    int longest = 0;
    for (int i = 0; i < 100; i++) {
      longest = seconds(1, same).iterator().next();
      assertTrue(longest <= 10);
    }
    assertEquals(10, longest);
  }
}
