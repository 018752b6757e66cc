package com.amazonaws.jobprocessor.boss.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeersTest {
  private static Line line(String name, long good, long bad, double median) {
    return new Line(name, good, bad, 1, 1, 1, median, Instant.EPOCH, Instant.EPOCH);
  }

  private static Set<String> marked(Line... lines) {
    return Peers.marks(List.of(lines)).keySet();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 5, 5, 1.0",
    "5, 10, 5, 5, 0.003968253968253968", // 1 in choose(10, 5)
    "1, 4, 1, 2, 0.5",
    "3, 20, 5, 6, 0.13132094943240455", // (10 * 455 + 5 * 105 + 15) / choose(20, 6)
    "6, 10, 5, 5, 0.0"
  })
  void a_tail_is_exact(long marked, long all, long allMarked, long sample, double wanted) {
    assertEquals(wanted, Hypergeometric.atLeast(marked, all, allMarked, sample), 1e-12);
  }

  @Test
  void a_tail_of_millions_is_a_probability() {
    double tail = Hypergeometric.atLeast(10_200, 1_000_000, 100_000, 100_000);
    // Normal approximation: 10,200 is 2.22 deviations above 10,000.
    assertEquals(0.0133, tail, 0.001);
  }

  @Test
  void who_fails_more_than_chance_explains_is_marked() {
    assertEquals(
        Set.of("bad"),
        marked(line("a", 990, 10, 1), line("b", 985, 15, 1), line("bad", 900, 100, 1)));
    assertEquals(Set.of("bad"), marked(line("a", 1000, 0, 1), line("bad", 90, 10, 1)));
    // The one that does what the others do, and the one that has done too little to tell.
    assertEquals(Set.of(), marked(line("a", 990, 10, 1), line("b", 980, 20, 1)));
    assertEquals(Set.of(), marked(line("a", 990, 10, 1), line("few", 1, 4, 1)));
    assertEquals(Set.of(), marked(line("alone", 10, 990, 1)));
    assertEquals(Set.of(), marked());
  }

  @Test
  void a_hundred_like_workers_are_hardly_ever_marked() {
    Random random = new Random(1);
    int alarms = 0;
    for (int round = 0; round < 100; round++) {
      List<Line> all = new ArrayList<>();
      for (int worker = 0; worker < 100; worker++) {
        long bad = 0;
        for (int task = 0; task < 200; task++) {
          bad += random.nextInt(20) == 0 ? 1 : 0;
        }
        all.add(line("w" + worker, 200 - bad, bad, 1 + 0.02 * random.nextGaussian()));
      }
      alarms += Peers.marks(all).isEmpty() ? 0 : 1;
    }
    assertTrue(alarms <= 4, alarms + " of 100 fleets");
  }

  @Test
  void who_is_much_slower_or_quicker_is_marked_however_even_the_others_are() {
    Line[] even = {line("a", 100, 0, 2), line("b", 100, 0, 2), line("c", 100, 0, 2.1)};
    assertEquals(Set.of(), marked(even));
    assertEquals(Set.of("slow"), marked(even[0], even[1], even[2], line("slow", 100, 0, 3.5)));
    assertEquals(Set.of("quick"), marked(even[0], even[1], even[2], line("quick", 100, 0, 0.5)));
    // In a fleet of mixed boxes a factor of two is nothing odd.
    assertEquals(
        Set.of(),
        marked(line("a", 99, 0, 1), line("b", 99, 0, 2), line("c", 99, 0, 3), line("d", 99, 0, 4)));
    // Of two nobody knows which is the odd one.
    assertEquals(Set.of(), marked(line("a", 100, 0, 1), line("b", 100, 0, 9)));
    assertEquals(
        List.of("slow: 3.50 s a task, the others 2.05 s"),
        Peers.marks(List.of(even[0], even[1], even[2], line("slow", 100, 0, 3.5))).get("slow"));
  }
}
