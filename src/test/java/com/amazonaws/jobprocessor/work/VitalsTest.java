package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VitalsTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final Vitals vitals = new Vitals(clock);
  private final WorkThreads threads = new WorkThreads(_ -> {}, vitals);

  @Test
  void a_step_hangs_when_it_takes_longer_than_it_may_with_slack() {
    try (Vitals.Step _ = threads.step("ReceiveMessage", Duration.ofSeconds(20));
        Vitals.Step _ = threads.step("lease keeper", Duration.ZERO)) {
      clock.advance(Duration.ofSeconds(60));
      assertEquals(List.of(), vitals.stuck());

      clock.advance(Duration.ofSeconds(1));
      assertEquals(List.of("lease keeper for 61 s"), vitals.stuck());

      clock.advance(Duration.ofSeconds(20));
      assertEquals(
          List.of("ReceiveMessage for 81 s", "lease keeper for 81 s"),
          vitals.stuck().stream().sorted().toList());
    }
  }

  @Test
  void a_step_that_has_ended_does_not_hang() {
    threads.step("ReceiveMessage", Duration.ZERO).close();

    clock.advance(Duration.ofHours(1));

    assertEquals(List.of(), vitals.stuck());
  }

  @Test
  void a_receive_and_a_send_that_do_not_come_back_hang() throws Exception {
    Rig rig = new Rig(System::nanoTime, folder, 1, Duration.ofSeconds(60), 0, null);
    Worker worker = rig.worker(job -> job);
    synchronized (rig.results) { // a call that hangs
      rig.backlog.put("job");
      worker.start();
      await().until(() -> rig.recorder.events.contains("ran"));
      await().until(() -> rig.underWay("SendMessageBatch"));
      synchronized (rig.backlog) {
        await().until(() -> rig.underWay("ReceiveMessage"));
        rig.vitalsClock.advance(Duration.ofSeconds(71));
        assertEquals(
            List.of("ReceiveMessage for 71 s", "SendMessageBatch for 71 s"),
            rig.vitals.stuck().stream().sorted().distinct().toList());
      }
    }
    worker.drain(Duration.ofSeconds(10));
    assertEquals(List.of(), rig.vitals.stuck());
  }
}
