package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a pack may be received before it is taken apart. */
class DissolvedPackTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private Rig received(int retries, int times) throws Exception {
    Rig rig = new Rig(clock, folder, 4, Duration.ofMinutes(10), retries, null).hurry();
    String lines = new JobLine("a", "a", 0).write() + "\n" + new JobLine("b", "b", 0).write();
    rig.backlog.put(new OutgoingMessage(lines, PackFormat.attributes(2)));
    for (int i = 1; i < times; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ZERO);
    }
    rig.receive(1);
    return rig;
  }

  /** So often as a job has attempts, but three times at least. */
  @ParameterizedTest
  @CsvSource({"0, 3", "1, 3", "2, 3", "3, 4", "5, 6"})
  void it_is_run_up_to_a_number_of_receives_and_dissolved_from_the_next_on(int retries, int most)
      throws Exception {
    Rig rig = received(retries, most);
    for (int i = 0; i < 2; i++) {
      SlotRun run = rig.take();
      rig.end(run, new Outcome.Succeeded(run.definition(), Duration.ZERO));
    }
    rig.awaitNoneInFlight();
    assertEquals(2, rig.results.contents().size());
    assertEquals(List.of(), rig.backlog.contents());

    Rig dissolving = received(retries, most + 1);
    dissolving.awaitNoneInFlight();
    assertEquals(
        List.of("{\"job_id\":\"a\",\"body\":\"a\"}", "{\"job_id\":\"b\",\"body\":\"b\"}"),
        dissolving.backlog.contents().stream().map(OutgoingMessage::body).sorted().toList());
  }

  /** Fifty rounds of sends come before the delete, and SQS may be slow. */
  @ParameterizedTest
  @CsvSource({"2, 5", "19, 5", "100, 10", "1000, 55"})
  void the_more_parts_there_are_the_longer_they_wait_for_its_delete(int jobs, int seconds)
      throws Exception {
    Rig rig = new Rig(clock, folder, 4, Duration.ofMinutes(10), 0, null).hurry();
    String lines = (new JobLine(null, "a", 0).write() + "\n").repeat(jobs);
    rig.backlog.put(new OutgoingMessage(lines, PackFormat.attributes(jobs)));
    for (int i = 0; i < 3; i++) {
      rig.backlog.receive(1, Duration.ofMillis(1), Duration.ZERO);
    }
    rig.receive(1);
    rig.awaitNoneInFlight();

    assertEquals(
        Collections.nCopies(jobs, seconds),
        rig.backlog.contents().stream().map(OutgoingMessage::delaySecs).toList());
  }
}
