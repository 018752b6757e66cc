package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A claim is an attempt: none is made for a job that the worker's death may keep from beginning.
 */
class ClaimsAheadTest {
  private static final Duration LEASE = Duration.ofMinutes(1);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final SettableWallClock wallClock = new SettableWallClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", wallClock);

  private Rig rig(int slots) {
    return new Rig(clock, folder, slots, LEASE, 0, null, table, true).hurry();
  }

  private static OutgoingMessage pack(int jobs) {
    String lines =
        IntStream.range(0, jobs)
            .mapToObj(i -> new JobLine("j" + i, "body", 0).write())
            .collect(Collectors.joining("\n"));
    return new OutgoingMessage(lines, PackFormat.attributes(jobs));
  }

  private List<String> unclaimed(int jobs) {
    return IntStream.range(0, jobs)
        .mapToObj(i -> "j" + i)
        .filter(id -> table.stateOf(id).equals("none"))
        .toList();
  }

  @Test
  void jobs_of_a_pack_are_claimed_when_a_slot_is_at_hand() throws Exception {
    Rig rig = rig(2);
    rig.backlog.put(pack(8));
    rig.receive(1);
    SlotRun first = rig.take();
    SlotRun second = rig.take();
    assertEquals(6, unclaimed(8).size());

    clock.advance(Duration.ofSeconds(10)); // no short jobs, and long waits of their neighbours
    rig.end(first, new Outcome.Succeeded("done", Duration.ofSeconds(10)));
    SlotRun third = rig.take();
    assertEquals(5, unclaimed(8).size());
    assertTrue(second.job().isClaimed());
    assertTrue(third.job().isClaimed());
  }

  @Test
  void what_waits_for_its_turn_goes_back_unclaimed_when_the_worker_stops() throws Exception {
    Rig rig = rig(2);
    rig.backlog.put(pack(8));
    rig.receive(1);
    SlotRun first = rig.take();
    SlotRun second = rig.take();
    int writes = table.writes.size();

    rig.room.turns().close();
    rig.room.slots().empty();
    rig.end(first, Outcome.GivenBack.now("worker stops"));
    rig.end(second, Outcome.GivenBack.now("worker stops"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("release", "release"), table.writes.subList(writes, table.writes.size()));
    assertEquals("QUEUED 0 0", table.stateOf(first.job().id()));
  }

  @Test
  void a_job_whose_slot_is_at_hand_is_an_attempt_when_its_worker_dies() throws Exception {
    Rig rig = rig(2);
    Job job = rig.take("job").job();

    assertFalse(job.claim().request().ahead());
    assertEquals(new JobTable.Standing.Mine(2, 1), takeOver(job));
  }

  @Test
  void one_that_has_begun_beside_others_is_one_as_soon_as_the_table_knows() throws Exception {
    Rig rig = rig(2);
    rig.backlog.put(pack(3));
    rig.receive(1);
    SlotRun first = rig.take();
    SlotRun second = rig.take();
    assertEquals(new JobTable.Standing.Mine(1, 1), takeOver(first.job()), "it had not begun");

    second.job().claim().begin(clock.nanoTime());
    clock.advance(Duration.ofSeconds(1));
    rig.worker.leaseKeeper.tick();
    await().until(() -> table.writes.contains("renew"));

    assertEquals(new JobTable.Standing.Mine(2, 1), takeOver(second.job()));
  }

  /** As another worker does that takes ours for dead. */
  private JobTable.Standing takeOver(Job job) throws Exception {
    InMemoryJobTable other = table.of("i-2");
    ClaimRequest claim = job.claim().request().with("another token").with(false);
    return other.takeOver(claim, (JobTable.Standing.Held) other.claim(claim));
  }

  /** It may wait for another suspect, of which the worker is likely to die. */
  @Test
  void a_suspect_waits_for_its_slot_at_no_cost_of_an_attempt_and_takes_nobodys_turn()
      throws Exception {
    table
        .of("i-2")
        .claim(
            new ClaimRequest(
                "suspect", "m-0", ClaimRequest.Payload.of("job"), null, "token", LEASE, true));
    wallClock.advance(Duration.ofMinutes(3));
    Rig rig = rig(1);
    rig.backlog.put(new OutgoingMessage("job", Map.of("job_id", Attribute.of("suspect"))));
    rig.receive(1);
    SlotRun suspect = rig.take();

    assertTrue(suspect.isSuspect());
    assertEquals("RUNNING 1 1", table.stateOf("suspect"));
    assertEquals(new JobTable.Standing.Mine(1, 2), takeOver(suspect.job()));
    rig.backlog.put(new OutgoingMessage("job", Map.of("job_id", Attribute.of("other"))));
    rig.receive(1);
    await().until(() -> table.stateOf("other").equals("RUNNING 1 0"));
  }
}
