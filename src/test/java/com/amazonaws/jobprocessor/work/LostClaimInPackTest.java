package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job of a pack that is taken away in the job table: what that means for its neighbours. */
class LostClaimInPackTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());

  private Rig rig() {
    return new Rig(clock, folder, 4, Duration.ofMinutes(10), 2, null, table, true).hurry();
  }

  private static void put(Rig rig, String... ids) {
    List<String> lines = Stream.of(ids).map(id -> new JobLine(id, id, 0).write()).toList();
    rig.backlog.put(
        new OutgoingMessage(String.join("\n", lines), PackFormat.attributes(ids.length)));
  }

  private static Outcome outcome(String id) {
    return switch (id) {
      case "fails" -> Outcome.Failed.forNow("x", "boom");
      case "taken" -> new Outcome.TakenOver();
      default -> new Outcome.Succeeded(id, Duration.ZERO);
    };
  }

  /** They were once lost with it: run again after a lease, their results sent again. */
  @Test
  void its_neighbours_are_settled_and_it_goes_back_beside_them() throws Exception {
    Rig rig = rig();
    put(rig, "works", "cancelled", "fails", "taken");
    rig.receive(1);
    for (int i = 0; i < 4; i++) {
      SlotRun run = rig.take();
      if (run.job().id().equals("cancelled")) {
        table.setState("cancelled", "CANCELLED");
      }
      rig.end(run, outcome(run.job().id()));
    }
    rig.awaitNoneInFlight();

    assertEquals(1, rig.results.contents().size());
    assertEquals(
        List.of("back its claim is lost", "back its claim is lost", "retry 1 x", "succeeded works"),
        rig.recorder.events.stream().sorted().toList());
    List<String> back =
        rig.backlog.contents().stream()
            .flatMap(message -> message.body().lines())
            .map(LostClaimInPackTest::idOf)
            .sorted()
            .toList();
    assertEquals(List.of("cancelled", "fails", "taken"), back);
  }

  private static String idOf(String line) {
    return String.valueOf(JobLine.idOf(line));
  }

  @Test
  void once_the_lease_is_over_they_are_lost_with_it() throws Exception {
    Rig rig = rig();
    put(rig, "works", "taken");
    rig.receive(1);
    List<SlotRun> runs = List.of(rig.take(), rig.take());
    clock.advance(Duration.ofMinutes(10));
    runs.forEach(run -> rig.end(run, outcome(run.job().id())));
    rig.awaitNoneInFlight();

    assertFalse(rig.recorder.events.toString().contains("back"), rig.recorder.events::toString);
    assertEquals(1, rig.backlog.contents().size());
  }
}
