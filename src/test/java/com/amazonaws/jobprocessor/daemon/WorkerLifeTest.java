package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.DrainDeadline;
import com.amazonaws.jobprocessor.work.WorkSettings;
import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLifeTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<Boolean> told = new ArrayList<>();
  private final List<StartRefused> refused = new ArrayList<>();
  private final WorkerLife life = new WorkerLife(told::add, refused::add, clock);
  private boolean tableIsThere = true;

  private Worker worker() {
    InMemoryQueue queue = new InMemoryQueue("todo", clock);
    return new Worker(
        new WorkSettings(
            1,
            new WorkSettings.Polling(60, Duration.ZERO, Duration.ofSeconds(60)),
            new WorkSettings.Attempts(new RetryPolicy(1, Duration.ZERO), null),
            new WorkSettings.Host("i-1", folder, 1L << 30)),
        new Worker.Ports(queue, queue, queue, queue, JobTable.NONE, Payloads.NONE),
        new Worker.Executor(job -> job, "com.example.Executor", getClass().getClassLoader()),
        new WorkerRuntime(clock, new WorkThreads(_ -> {}), new Outage(clock), _ -> {}),
        new Worker.Hooks(text -> text, Traces.NONE, _ -> {}, new StuckWatch(clock)));
  }

  private Worker workerWithATable() throws StartRefused {
    if (!tableIsThere) {
      throw StartRefused.badSettings("job_table_name: there is no table");
    }
    return worker();
  }

  @Test
  void it_tells_when_a_drain_begins_and_when_another_worker_takes_jobs() throws Exception {
    life.beginDrained("warm pool", this::worker);
    assertTrue(life.startAgain(() -> true));
    assertEquals(List.of(false), told);
    assertFalse(life.isDraining());

    life.stop(Duration.ZERO);

    assertTrue(life.isDrained());
    assertEquals(List.of(false, true), told);
  }

  @Test
  void a_worker_that_is_not_to_begin_any_more_when_it_is_made_does_not_begin() throws Exception {
    AtomicBoolean taken = new AtomicBoolean();
    life.beginDrained(
        "warm pool",
        () -> {
          if (life.isDrained()) {
            assertEquals("starting again", life.whyDrained());
            taken.set(true);
            life.drain("scale-in", DrainDeadline.patient(0));
          }
          return worker();
        });

    assertFalse(life.startAgain(() -> !taken.get()));

    assertEquals("scale-in", life.whyDrained());
    assertNull(life.worker());
    assertEquals(List.of(), told);
  }

  @Test
  void a_start_that_is_refused_is_refused_in_a_warm_pool_too() {
    tableIsThere = false;

    assertThrows(StartRefused.class, () -> life.beginDrained("warm pool", this::workerWithATable));
  }

  /** An error of ours once ended the process with 1, and a stack trace. */
  @Test
  void a_worker_that_cannot_be_made_again_is_refused_as_a_start_is() throws Exception {
    life.begin(this::workerWithATable);
    life.drain("warm pool", DrainDeadline.patient(0));
    tableIsThere = false;

    assertFalse(life.startAgain(() -> true));

    assertEquals(List.of(78), refused.stream().map(StartRefused::status).toList());
    assertTrue(life.isDrained());
  }

  @Test
  void after_a_stop_no_worker_begins() throws Exception {
    life.beginDrained("warm pool", this::worker);
    life.stop(Duration.ZERO);

    assertFalse(life.startAgain(() -> true));

    assertNull(life.worker());
  }
}
