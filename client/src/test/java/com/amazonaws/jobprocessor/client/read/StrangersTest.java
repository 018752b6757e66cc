package com.amazonaws.jobprocessor.client.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StrangersTest {
  private long now;
  private boolean hidden = true;
  private final Strangers strangers = new Strangers(() -> now, () -> hidden);
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
    assertEquals(Set.of(0), seconds(9, others(8)));
    assertEquals(Set.of(), seconds(9, others(0)));
  }

  /** A call for ten costs what one for a few does. */
  @Test
  void while_there_is_more_they_are_shown_in_tens() {
    List<Delivery> six = others(6);
    assertEquals(Map.of(), strangers.hide(10, six));
    assertEquals(Duration.ZERO, strangers.patience(Duration.ofSeconds(2)));
    List<Delivery> seven = others(7);
    assertEquals(Map.of(0, both(six, seven.subList(0, 4))), strangers.hide(10, seven));
    assertEquals(Duration.ZERO, strangers.patience(Duration.ofSeconds(2)));
    assertEquals(Map.of(0, seven.subList(4, 7)), strangers.hide(0, List.of()));
    assertEquals(Duration.ofSeconds(2), strangers.patience(Duration.ofSeconds(2)));
  }

  @Test
  void those_that_we_meet_again_before_one_of_ours_are_hidden_for_a_second() {
    List<Delivery> many = others(10);
    List<Delivery> one = others(1);
    assertEquals(Set.of(0), seconds(10, many));
    assertEquals(Set.of(0), seconds(1, one));
    assertEquals(Set.of(1), seconds(10, many));
    assertEquals(Set.of(1), seconds(1, one));
    assertEquals(Set.of(0), seconds(2, one), "beside one of ours");
    assertEquals(Set.of(0), seconds(10, many), "one of ours has come");
    assertEquals(Set.of(1), seconds(10, many));
    hidden = false;
    assertEquals(Set.of(0), seconds(10, many), "by chance");
  }

  @Test
  void they_are_hidden_for_as_long_as_we_have_met_nothing_else() {
    List<Delivery> same = others(10);
    assertEquals(Set.of(0), seconds(10, same));
    now += Duration.ofSeconds(7).toNanos();
    assertEquals(Set.of(7), seconds(10, same));
    now += Duration.ofMinutes(1).toNanos();
    assertEquals(Set.of(20), seconds(10, same), "but not for ever");
    seconds(3, others(3)); // the end of the queue
    assertEquals(Set.of(1), seconds(10, same));
  }

  /** Else their readers wait for what we could see again in a second. */
  @Test
  void who_meets_very_many_in_a_second_hides_them_for_a_second() {
    List<Delivery> same = others(4_000);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < same.size(); i += 10) {
        now += Duration.ofMillis(1).toNanos() / 4;
        assertEquals(Set.of(Math.min(round, 1)), seconds(10, same.subList(i, i + 10)));
      }
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

  /** One of two, whose receive the server has had since a moment. */
  private static final class Reader {
    private final String name;
    private final Strangers strangers;
    private long waitsSince;

    Reader(String name, long waitsSince, LongSupplier clock) {
      this.name = name;
      this.waitsSince = waitsSince;
      this.strangers = new Strangers(clock, new Random(waitsSince)::nextBoolean);
    }

    /** Returns what is left, by the moment at which it is visible. */
    Map<Long, List<Delivery>> take(List<Delivery> received, long now) {
      waitsSince = now;
      List<Delivery> others =
          received.stream().filter(m -> !m.messageId().startsWith(name)).toList();
      Map<Long, List<Delivery>> left = new TreeMap<>();
      strangers
          .hide(received.size(), others)
          .forEach((secs, some) -> left.put(now + Duration.ofSeconds(secs).toNanos(), some));
      return left;
    }
  }

  /** Each would be the first to receive what it has hidden, since it waits for longer. */
  @Test
  void two_readers_that_hide_what_the_other_waits_for_both_get_theirs() {
    for (long seed = 1; seed <= 100; seed++) {
      now = 0;
      Reader a = new Reader("a", -2 * seed, () -> now);
      Reader b = new Reader("b", -seed, () -> now);
      TreeMap<Long, List<Delivery>> queue = new TreeMap<>();
      a.strangers.hide(10, batch("b"));
      b.strangers.hide(10, batch("a"));
      queue.put(0L, batch("b"));
      queue.put(Duration.ofMillis(500).toNanos(), batch("a"));
      while (!queue.isEmpty()) {
        Map.Entry<Long, List<Delivery>> first = queue.pollFirstEntry();
        now = Math.max(now + 1, first.getKey());
        assertTrue(now < Duration.ofSeconds(60).toNanos(), "seed " + seed);
        Reader longest = a.waitsSince < b.waitsSince ? a : b;
        longest
            .take(first.getValue(), now)
            .forEach((at, left) -> queue.merge(at, left, StrangersTest::both));
      }
    }
  }

  private static List<Delivery> batch(String name) {
    return IntStream.range(0, 10)
        .mapToObj(i -> new Delivery(name + i, "h", "body", Map.of(), 1))
        .toList();
  }

  private static List<Delivery> both(List<Delivery> some, List<Delivery> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
