package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.settle.TableClaims;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Jobs whose records others have set to a state in which they are not to be run. */
class JobTableStatesTest {
  private static final Duration LEASE = Duration.ofMinutes(10);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private Rig rig(int slots, int retries) {
    return new Rig(clock, folder, slots, LEASE, retries, null, table, false);
  }

  private static void put(Rig rig, String id, String body) {
    rig.backlog.put(new OutgoingMessage(body, Map.of("job_id", Attribute.of(id))));
  }

  @Test
  void a_cancelled_job_is_not_run_nothing_is_sent_and_its_message_is_deleted() throws Exception {
    Rig rig = rig(1, 1);
    put(rig, "a", "job");
    table.setState("a", "CANCELLED");
    Worker worker =
        rig.worker(
            job -> {
              runs.add(job);
              return job;
            });
    worker.start();
    awaitAsTimePasses(clock, Duration.ofMillis(100), () -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ZERO);

    assertEquals(List.of(), runs);
    assertEquals(List.of(), rig.results.contents());
    assertEquals(List.of(), rig.deadLetters.contents());
    assertEquals(List.of("claim"), table.writes, "the record is left as it is");
    assertEquals(List.of(), rig.recorder.events);
  }

  @Test
  void a_job_that_is_cancelled_while_it_runs_is_interrupted_and_its_message_deleted()
      throws Exception {
    Rig rig = rig(1, 1).hurry();
    put(rig, "a", "job");
    rig.receive(1);
    CountDownLatch begun = new CountDownLatch(1);
    Thread slot =
        Thread.ofPlatform()
            .start(
                () ->
                    rig.run(
                        rig.take(),
                        job -> {
                          begun.countDown();
                          new CountDownLatch(1).await();
                          return job;
                        }));
    begun.await();
    table.setState("a", "CANCELLED");
    clock.advance(LEASE.dividedBy(2).plusSeconds(1)); // the claim is to be renewed
    await()
        .until(
            () -> {
              rig.worker.leaseKeeper.tick();
              return !slot.isAlive();
            });
    rig.awaitEvent("lost a");
    rig.awaitNoneInFlight();
    clock.advance(LEASE);
    rig.receive(1);
    rig.awaitNoneInFlight();

    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of(), rig.results.contents());
    assertEquals(List.of(), rig.deadLetters.contents());
  }

  @Test
  void a_job_in_a_state_that_nobody_knows_is_left_alone_ever_longer_and_told_once()
      throws Exception {
    Rig rig = rig(1, 0).hurry();
    put(rig, "a", "job");
    table.setState("a", "PAUSED");
    Logger logger = (Logger) LoggerFactory.getLogger(TableClaims.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      for (int seconds : List.of(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600)) {
        rig.receive(1);
        rig.awaitNoneInFlight();
        clock.advance(Duration.ofSeconds(seconds - 1));
        assertEquals(1, rig.backlog.invisible());
        clock.advance(Duration.ofSeconds(1));
        assertEquals(0, rig.backlog.invisible());
      }
    } finally {
      logger.detachAppender(log);
    }
    assertEquals(
        Collections.nCopies(13, "back its state in the job table is unknown"), rig.recorder.events);
    assertEquals(1, log.list.size(), log.list::toString);
    assertEquals(Level.WARN, log.list.getFirst().getLevel());
    assertTrue(log.list.getFirst().getKeyValuePairs().toString().contains("PAUSED"));
    assertEquals(Collections.nCopies(13, "claim"), table.writes);

    table.setState("a", "QUEUED");
    rig.receive(1);
    rig.end(rig.take(), new Outcome.Succeeded("done", Duration.ZERO));
    rig.awaitNoneInFlight();
    assertEquals("SUCCEEDED 1 0", table.stateOf("a"), "it cost no attempt");
  }
}
