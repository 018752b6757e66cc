package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A dead-letter queue that takes less than the backlog, as one from before 2025 does. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class RefusedDeadLetterTest {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final String LARGE = "bad " + "x".repeat(300_000);
  private static final String SAYS = "shorter than 262144 bytes";

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
  private final List<Worker> workers = new ArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();

  private Rig rig(int slots, int retries, boolean withTable, boolean bucket) {
    Rig rig = new Rig(clock, folder, slots, LEASE, retries, null, withTable ? table : null, bucket);
    rig.deadLetters.refuse(message -> message.body().length() > 262_144);
    return rig;
  }

  private void start(Rig rig) {
    JobExecutor executor =
        job -> {
          runs.add(job);
          if (job.startsWith("bad")) {
            throw new PermanentJobFailure("always");
          }
          return job;
        };
    Worker worker = rig.worker(executor);
    workers.add(worker);
    worker.start();
  }

  @AfterEach
  void drainAll() {
    for (Worker worker : workers) {
      Thread drain = Thread.ofVirtual().start(() -> drain(worker));
      awaitMovingClock(() -> !drain.isAlive());
    }
  }

  private static void drain(Worker worker) {
    try {
      worker.drain(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** With the clock at rest nothing lingers, nor is anything sent again. */
  private void awaitMovingClock(Callable<Boolean> condition) {
    awaitAsTimePasses(clock, Duration.ofSeconds(1), condition);
  }

  private static long refusals(Rig rig, String jobId, String message) {
    return rig.told(WorkEvent.DeadLetterRefused.class).stream()
        .filter(
            refused -> refused.failure().jobId().equals(jobId) && refused.message().equals(message))
        .count();
  }

  private static String text(OutgoingMessage message, String attribute) {
    Attribute value = message.attributes().get(attribute);
    return value == null ? "" : String.valueOf(value.text());
  }

  @Test
  void jobs_whose_dead_letters_are_refused_go_back_and_hold_up_no_other() {
    Rig rig = rig(1, 0, false, false);
    for (int i = 0; i < 30; i++) {
      rig.backlog.put(LARGE);
    }
    for (int i = 0; i < 5; i++) {
      rig.backlog.put("good " + i);
    }
    start(rig);

    awaitMovingClock(() -> rig.results.contents().size() == 5);

    awaitMovingClock(() -> rig.backlog.contents().size() == 30);
    assertTrue(refusals(rig, "todo-1", SAYS) > 0, rig.recorder.events::toString);
  }

  @Test
  void each_time_it_goes_back_for_longer_until_the_queue_takes_it() throws Exception {
    Rig rig = rig(1, 1, false, false).hurry();
    rig.backlog.put(LARGE);
    rig.receive(1);
    rig.end(rig.take(), Outcome.Failed.forGood("x", "boom"));
    for (int seconds : List.of(30, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600)) {
      rig.awaitNoneInFlight();
      assertEquals(
          new WorkEvent.DeadLetterRefused(
              new WorkEvent.FailedAttempt("todo-1", 1, "x", "boom", null),
              "dead",
              "InvalidParameterValue",
              SAYS,
              Duration.ofSeconds(seconds)),
          rig.told(WorkEvent.DeadLetterRefused.class).getLast());
      clock.advance(Duration.ofSeconds(seconds - 1));
      assertEquals(1, rig.backlog.invisible());
      clock.advance(Duration.ofSeconds(1));
      assertEquals(0, rig.backlog.invisible());
      rig.receive(1); // it is not run again
    }
    rig.awaitNoneInFlight();
    assertEquals(11, rig.recorder.events.size(), "nothing beside: " + rig.recorder.events);
    clock.advance(Duration.ofHours(1));
    rig.deadLetters.refuse(_ -> false);
    rig.receive(1);

    rig.awaitEvent("dead 1 x");
    rig.awaitNoneInFlight();
    assertEquals(1, rig.deadLetters.contents().size());
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void without_a_table_its_letter_is_sent_again_without_a_run() {
    Rig rig = rig(1, 0, false, false);
    String id = rig.backlog.put(LARGE);
    start(rig);
    awaitMovingClock(() -> refusals(rig, id, SAYS) >= 3);

    rig.deadLetters.refuse(_ -> false);
    awaitMovingClock(() -> rig.backlog.contents().isEmpty());

    assertEquals(1, runs.size());
    OutgoingMessage letter = rig.deadLetters.contents().getFirst();
    assertEquals(PermanentJobFailure.class.getName(), text(letter, "error_type"));
    assertEquals("always", text(letter, "error_message"));
    assertEquals("1", text(letter, "attempts"));
  }

  @Test
  void with_a_table_it_is_recorded_as_dead_and_sent_again_without_a_run() {
    Rig rig = rig(1, 0, true, false);
    String id = rig.backlog.put(LARGE);
    start(rig);
    awaitMovingClock(() -> refusals(rig, id, SAYS) >= 1);
    assertEquals("DEAD 1 0", table.stateOf(id));
    awaitMovingClock(() -> refusals(rig, id, SAYS) >= 2);

    rig.deadLetters.refuse(_ -> false);
    awaitMovingClock(() -> rig.backlog.contents().isEmpty());

    assertEquals(1, runs.size());
    assertEquals(
        PermanentJobFailure.class.getName(),
        text(rig.deadLetters.contents().getFirst(), "error_type"));
    assertEquals("DEAD 1 0", table.stateOf(id));
  }

  @Test
  void with_a_bucket_it_is_sent_as_a_pointer_with_all_that_is_known_of_the_failure()
      throws Exception {
    Rig rig = rig(1, 0, false, true);
    rig.backlog.put(new OutgoingMessage(LARGE, Map.of("colour", Attribute.of("red"))));
    start(rig);
    // Not so fast that the message goes back before a slot of a busy machine has taken it.
    awaitAsTimePasses(clock, Duration.ofMillis(2), () -> rig.backlog.contents().isEmpty());

    OutgoingMessage letter = rig.deadLetters.contents().getFirst();
    assertEquals(LARGE, rig.payloads.fetch(letter.body()));
    assertEquals("red", text(letter, "colour"));
    assertEquals("always", text(letter, "error_message"));
    assertEquals(LARGE.length(), PayloadPointer.sizeOf(letter.attributes()).orElse(0));
    assertEquals(1, rig.payloads.size());
    assertEquals(List.of("dead 1 " + PermanentJobFailure.class.getName()), rig.recorder.events);
  }

  @Test
  void what_the_queue_refuses_even_as_a_pointer_leaves_no_object_behind() {
    Rig rig = rig(1, 0, false, true);
    rig.deadLetters.refuse(_ -> true);
    rig.backlog.put("bad");
    start(rig);

    awaitMovingClock(() -> refusals(rig, "todo-1", SAYS) >= 1);

    await().until(() -> rig.payloads.size() == 0);
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void ten_attributes_of_its_own_leave_no_room_for_a_pointers_mark() {
    Rig rig = rig(1, 0, false, true);
    Map<String, Attribute> ten = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      ten.put("a" + i, Attribute.of("x"));
    }
    rig.backlog.put(new OutgoingMessage(LARGE, ten));
    start(rig);

    awaitMovingClock(() -> refusals(rig, "todo-1", SAYS) >= 1);

    assertEquals(0, rig.payloads.size());
  }

  /** The job's own object stays its own; the one made for a letter that was refused goes. */
  @Test
  void a_pointer_that_is_refused_keeps_the_jobs_object_and_no_other() throws Exception {
    Rig rig = rig(1, 0, true, true);
    rig.deadLetters.refuse(_ -> true);
    String pointer = rig.payloads.store("bad");
    String id = rig.backlog.put(new OutgoingMessage(pointer, PayloadPointer.mark(Map.of(), 3)));
    start(rig);
    awaitMovingClock(() -> refusals(rig, id, SAYS) >= 1);
    awaitMovingClock(() -> refusals(rig, id, SAYS) >= 2);

    await().until(() -> rig.payloads.pointers().equals(List.of(pointer)));
    assertEquals("bad", rig.payloads.fetch(pointer));
  }

  @Test
  void in_a_group_those_behind_wait_for_it_in_the_queue_and_other_groups_go_on() {
    Rig rig = rig(2, 0, false, false);
    rig.backlog.put(new OutgoingMessage(LARGE, Map.of(), "g0", "x"));
    rig.backlog.put(new OutgoingMessage("second", Map.of(), "g0", "x"));
    for (int i = 0; i < 5; i++) {
      rig.backlog.put(new OutgoingMessage("good " + i, Map.of(), "g1", "x"));
    }
    start(rig);
    awaitMovingClock(() -> rig.results.contents().size() == 5);
    awaitMovingClock(() -> refusals(rig, "todo-1", SAYS) >= 1);
    assertFalse(runs.contains("second"));

    rig.deadLetters.refuse(_ -> false);
    awaitMovingClock(() -> rig.backlog.contents().isEmpty());

    assertEquals(1, rig.deadLetters.contents().size());
    assertEquals("second", rig.results.contents().getLast().body());
  }

  /** A policy that denies it, as for a call with all rights missing. */
  @Test
  void jobs_whose_dead_letters_are_denied_for_long_go_back_and_hold_up_no_other() {
    Rig rig = rig(1, 0, false, false);
    CallFailed[] denied = new CallFailed[10_000];
    Arrays.setAll(
        denied,
        _ ->
            new CallFailed(
                "AccessDenied", "no", CallFailed.Kind.REJECTED, new IllegalStateException()));
    rig.deadLetters.failNext(denied);
    for (int i = 0; i < 30; i++) {
      rig.backlog.put("bad");
    }
    rig.backlog.put("good");
    start(rig);

    awaitMovingClock(() -> rig.results.contents().size() == 1);

    awaitMovingClock(() -> refusals(rig, "todo-1", "no") > 0);
    assertEquals("AccessDenied", rig.told(WorkEvent.DeadLetterRefused.class).getFirst().code());
  }
}
