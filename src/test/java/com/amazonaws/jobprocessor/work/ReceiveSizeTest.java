package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many jobs a receive asks for when the poll rate allows few. */
@Timeout(60)
class ReceiveSizeTest {
  private static final int SLOTS = 10;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final Semaphore mayEnd = new Semaphore(0);

  private Worker worker(Rig rig, int pollRatePerMin) {
    WorkSettings settings =
        new WorkSettings(
            SLOTS,
            new WorkSettings.Polling(pollRatePerMin, Duration.ofSeconds(1), Duration.ofSeconds(60)),
            rig.settings.attempts(),
            rig.settings.host());
    return new Worker(
        settings,
        rig.ports,
        new Worker.Executor(
            job -> {
              begun.add(job);
              mayEnd.acquire();
              return job;
            },
            "com.example.Executor",
            getClass().getClassLoader()),
        rig.runtime,
        new Worker.Hooks(text -> text, Traces.NONE, _ -> {}, rig.watch));
  }

  private static List<Integer> asked(Rig rig) {
    return rig.backlog.calls("receive").stream().map(InMemoryQueue.Call::entries).toList();
  }

  /** It asked for 10, 1, 9, 1, 9, …: one place for the slot that ended first, a second ago. */
  @Test
  void a_receive_that_had_to_wait_for_its_turn_asks_for_all_slots_that_are_free_by_then()
      throws Exception {
    Rig rig = new Rig(clock, folder, SLOTS, Duration.ofSeconds(60), 0, null);
    for (int i = 0; i < 2 * SLOTS; i++) {
      rig.backlog.put("job " + i);
    }
    Worker worker = worker(rig, 100);
    worker.start();
    // Slots are started as jobs need them.
    awaitAsTimePasses(clock, Duration.ofMillis(1), () -> begun.size() == SLOTS);
    assertEquals(List.of(10), asked(rig));

    mayEnd.release(1);
    awaitAsTimePasses(clock, Duration.ofNanos(100_000), () -> rig.results.contents().size() == 1);
    mayEnd.release(SLOTS - 1);
    await().until(() -> worker.load().running() == 0);
    assertEquals(List.of(10), asked(rig));
    clock.advance(Duration.ofMillis(600));

    await().until(() -> asked(rig).size() == 2);
    assertEquals(List.of(10, 10), asked(rig));
    await().until(() -> begun.size() == 2 * SLOTS);
    mayEnd.release(SLOTS);
    worker.drain(Duration.ofSeconds(10));
    assertEquals(2 * SLOTS, rig.results.contents().size());
    assertEquals(List.of(), rig.fatal);
  }
}
