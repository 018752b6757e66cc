package com.amazonaws.jobprocessor.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short round; the whole is {@code bin/faults}. */
@Tag("long")
@Tag("alone")
class FaultsIT {
  private static final long SEED = 20_261_123;

  @TempDir Path folder;

  private void play(boolean table, String... names) throws IOException {
    Report report = new Report();
    try (Servers servers = Servers.start()) {
      Round round = new Round(servers, folder, report, Round.JOBS);
      for (String name : names) {
        round.play(named(name), SEED, table);
      }
    }
    assertTrue(report.isClean(), report::toString);
  }

  private static Ordeal named(String name) {
    return Ordeal.all().stream().filter(o -> o.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void without_the_table_nothing_is_lost() throws IOException {
    play(
        false,
        "kill -9 after the result",
        "SQS loses answers",
        "packs: kill -9 after packed results");
  }

  @Test
  void with_the_table_nothing_is_run_again_after_its_end() throws IOException {
    play(
        true,
        "kill -9 before the record",
        "kill -9 after the dead letter",
        "DynamoDB loses answers",
        "packs: kill -9 after the remainder");
  }

  @Test
  void each_broken_promise_is_told() {
    Register.Verdict bad =
        new Register.Verdict(9, 9, Set.of("a"), Set.of("b"), Set.of("c"), 0, Set.of("d"));

    assertEquals(
        "lost [a]; run again after the recorded end [b]; ends of unknown jobs [d]; different ends"
            + " [c]",
        Round.broken(bad, true));
    assertEquals(
        "",
        Round.broken(
            new Register.Verdict(9, 9, Set.of(), Set.of(), Set.of("c"), 5, Set.of()), false));
  }

  @Test
  void what_grows_in_a_soak_is_told() {
    Soak.Holding before = new Soak.Holding(10_000, 40, 60, 100);

    assertEquals("", Soak.grown(before, new Soak.Holding(12_000, 41, 61, 190), 1));
    assertEquals(
        "heap threads files log ", Soak.grown(before, new Soak.Holding(99_000, 80, 99, 900), 1));
  }

  @Test
  void names_are_told_apart() {
    List<String> names = Ordeal.all().stream().map(Ordeal::name).toList();

    assertEquals(names.size(), Set.copyOf(names).size());
  }
}
