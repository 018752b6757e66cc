package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On which threads a job's way goes: from the listener to that of a receive, to the message's own,
 * to a slot's, and back. There are no others.
 */
class HandOversTest {
  private static final Set<String> STEPS = Set.of("receive", "claim", "record", "send", "delete");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<Step> steps = new CopyOnWriteArrayList<>();

  private record Step(String what, Thread thread) {}

  /** The port, each of whose calls is a step. */
  private <T> T watched(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, called, arguments) -> {
              Object answer = called.invoke(real, arguments);
              if (STEPS.contains(called.getName()) && !List.of().equals(answer)) {
                steps.add(new Step(called.getName(), Thread.currentThread()));
              }
              return answer;
            }));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_job_is_handed_over_four_times(boolean table) throws Exception {
    @Nullable InMemoryJobTable jobs =
        table ? new InMemoryJobTable("i-1", new SettableWallClock()) : null;
    Rig rig = new Rig(clock, folder, 2, Duration.ofHours(1), 0, null, jobs, true);
    Worker worker =
        rig.worker(
            job -> {
              steps.add(new Step("run", Thread.currentThread()));
              return job;
            },
            new Worker.Ports(
                watched(Backlog.class, rig.backlog),
                rig.ports.remainders(),
                watched(OutputQueue.class, rig.results),
                watched(OutputQueue.class, rig.deadLetters),
                table ? watched(JobTable.class, rig.ports.jobTable()) : JobTable.NONE,
                rig.ports.payloads()));
    rig.backlog.put("job");
    worker.start();
    awaitAsTimePasses(
        clock, Duration.ofMillis(20), () -> steps.stream().anyMatch(s -> s.what.equals("delete")));
    worker.drain(Duration.ZERO);

    assertEquals(
        table
            ? List.of("receive", "claim", "run", "record", "send", "delete")
            : List.of("receive", "run", "send", "delete"),
        steps.stream().map(Step::what).toList());
    assertEquals(
        table
            ? List.of("receive", "message", "slot-1", "message", "message", "message")
            : List.of("receive", "slot-1", "message", "message"),
        steps.stream().map(step -> step.thread.getName()).toList());
    assertEquals(
        1,
        steps.stream()
            .filter(step -> step.thread.getName().equals("message"))
            .map(Step::thread)
            .distinct()
            .count(),
        "the message has one thread");
  }
}
