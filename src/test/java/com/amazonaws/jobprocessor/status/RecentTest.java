package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentTest {
  private final SettableClock clock = new SettableClock();
  private int made;

  private Reply make(String accept) {
    made++;
    return Reply.line(200, accept + made);
  }

  @Test
  void an_answer_is_given_again_for_half_a_second() throws Exception {
    Recent recent = new Recent(this::make, clock);
    Reply first = recent.get("a");

    clock.advance(Duration.ofMillis(499));
    assertSame(first, recent.get("b"));

    clock.advance(Duration.ofMillis(1));
    assertNotSame(first, recent.get("a"));
    assertEquals(2, made);
  }

  @Test
  void each_kind_has_an_answer_of_its_own_and_who_asks_otherwise_makes_no_more_kinds()
      throws Exception {
    Recent recent = new Recent(this::make, accept -> accept.startsWith("open"), clock);
    Reply open = recent.get("open1");
    Reply plain = recent.get("x");

    for (int i = 0; i < 100; i++) {
      assertSame(open, recent.get("open" + i));
      assertSame(plain, recent.get("x" + i));
    }
    assertEquals(2, made);
  }

  @Test
  void the_half_second_begins_when_the_answer_is_made_since_that_may_take_a_second()
      throws Exception {
    Recent recent =
        new Recent(
            accept -> {
              clock.advance(Duration.ofSeconds(1));
              return make(accept);
            },
            clock);

    assertSame(recent.get(""), recent.get(""));
  }
}
