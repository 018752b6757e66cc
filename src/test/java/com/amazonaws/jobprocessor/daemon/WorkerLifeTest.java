package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLifeTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<Boolean> told = new ArrayList<>();

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

  @Test
  void it_tells_when_a_drain_begins_and_when_another_worker_takes_jobs() throws Exception {
    WorkerLife life = new WorkerLife(told::add, clock);
    life.beginDrained("warm pool", this::worker);
    life.startAgain();
    assertEquals(List.of(false), told);
    assertFalse(life.isDraining());

    life.stop(Duration.ZERO);

    assertTrue(life.isDrained());
    assertEquals(List.of(false, true), told);
  }
}
