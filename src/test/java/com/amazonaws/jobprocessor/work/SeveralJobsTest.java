package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message that carries three jobs. */
class SeveralJobsTest {
  private static final Duration LEASE = Duration.ofMinutes(10);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private Rig rig(int retries) {
    return rig(retries, null);
  }

  private Rig rig(int retries, @Nullable InMemoryJobTable table) {
    // With the clock at rest no linger would end.
    return new Rig(clock, folder, 4, LEASE, retries, null, table, true).hurry();
  }

  /** Puts a message of three jobs into the backlog, receives it, and takes it in hand. */
  private Message take(Rig rig) throws Exception {
    rig.backlog.put("a b c");
    return takeAgain(rig, 1);
  }

  private Message takeAgain(Rig rig, int attempt) throws Exception {
    long sentAt = clock.nanoTime();
    Delivery delivery = rig.backlog.receive(1, Duration.ofMillis(1), LEASE).getFirst();
    List<String> bodies = List.of(delivery.body().split(" "));
    Message message =
        new Message(
            delivery,
            new Lease(sentAt, LEASE),
            of ->
                IntStream.range(0, bodies.size())
                    .mapToObj(i -> new Job(of, of.id() + "/" + (i + 1), bodies.get(i), attempt))
                    .toList());
    rig.worker.handler.accept(List.of(message));
    return message;
  }

  /** The slots have so many jobs, in their order. */
  private static List<SlotRun> runs(Rig rig, int count) {
    List<SlotRun> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(rig.take());
    }
    return runs.stream()
        .sorted((one, other) -> one.definition().compareTo(other.definition()))
        .toList();
  }

  private static Outcome success(String result) {
    return new Outcome.Succeeded(result, Duration.ZERO);
  }

  private static Outcome retryAfter(int seconds) {
    return new Outcome.Failed("x", "boom", false, Duration.ofSeconds(seconds), null);
  }

  private static List<String> bodies(List<OutgoingMessage> messages) {
    return messages.stream().map(OutgoingMessage::body).toList();
  }

  private static String text(OutgoingMessage message, String attribute) {
    Attribute value = message.attributes().get(attribute);
    return value == null ? "" : String.valueOf(value.text());
  }

  @Test
  void its_jobs_run_side_by_side_and_each_is_settled_as_soon_as_it_has_ended() throws Exception {
    Rig rig = rig(0);
    Message message = take(rig);
    List<SlotRun> runs = runs(rig, 3);
    assertEquals(3, rig.room.slots().running().size());
    assertEquals(
        List.of(message, message, message), runs.stream().map(r -> r.job().message()).toList());
    assertEquals(1, rig.room.inFlight().size());

    rig.end(runs.get(1), success("B"));
    rig.awaitEvent("succeeded todo-1/2");
    assertEquals(List.of("B"), bodies(rig.results.contents()));
    rig.end(runs.get(2), Outcome.Failed.forGood("x", "boom"));
    rig.awaitEvent("dead 1 x");
    assertEquals(List.of("c"), bodies(rig.deadLetters.contents()));
    assertEquals(0, rig.backlog.calls("delete").size(), "one still runs");
    rig.end(runs.get(0), success("A"));
    rig.awaitNoneInFlight();

    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(1, rig.backlog.calls("delete").size());
    assertEquals(List.of("B", "A"), bodies(rig.results.contents()));
    assertEquals("todo-1/1", text(rig.results.contents().getLast(), "job_id"));
    assertEquals("todo-1", text(rig.results.contents().getLast(), "job_message_id"));
    assertEquals("todo-1/3", text(rig.deadLetters.contents().getFirst(), "job_id"));
    assertEquals(
        List.of("succeeded todo-1/2", "dead 1 x", "succeeded todo-1/1"), rig.recorder.events);
  }

  @Test
  void it_goes_back_with_the_longest_delay_if_one_is_to_be_tried_again() throws Exception {
    Rig rig = rig(1);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), retryAfter(100));
    rig.end(runs.get(1), retryAfter(300));
    assertEquals(List.of(), rig.recorder.events, "nothing is sure before it has gone back");
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("succeeded todo-1/3", "retry 1 x", "retry 1 x"), rig.recorder.events);
    assertEquals(
        List.of("todo-1/1", "todo-1/2"),
        rig.told(WorkEvent.Retried.class).stream().map(e -> e.failure().jobId()).toList());
    assertEquals(0, rig.backlog.calls("delete").size());
    clock.advance(Duration.ofSeconds(299));
    assertEquals(1, rig.backlog.invisible());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, rig.backlog.invisible());
  }

  /** It was once: the end of the first was taken for the end of all. */
  @Test
  void when_it_comes_again_what_has_ended_is_not_run_and_the_rest_is() throws Exception {
    Rig rig = rig(1);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), success("A"));
    rig.end(runs.get(1), retryAfter(0));
    rig.end(runs.get(2), Outcome.GivenBack.now("test"));
    rig.awaitNoneInFlight();

    takeAgain(rig, 2);
    List<SlotRun> again = runs(rig, 2);
    assertEquals(List.of("b", "c"), again.stream().map(SlotRun::definition).toList());
    again.forEach(run -> rig.end(run, success(run.definition())));
    rig.awaitNoneInFlight();

    assertEquals(List.of("A", "b", "c"), bodies(rig.results.contents()).stream().sorted().toList());
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void an_end_of_one_before_the_others_have_begun_does_not_end_them() throws Exception {
    Rig rig = rig(0);
    take(rig);
    rig.end(rig.take(), success("first"));
    await().until(() -> rig.results.contents().size() == 1);
    for (int i = 2; i <= 3; i++) {
      rig.end(rig.take(), success("later"));
    }
    rig.awaitNoneInFlight();

    assertEquals(List.of("first", "later", "later"), bodies(rig.results.contents()));
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void those_that_find_no_slot_go_back_when_the_others_have_ended() throws Exception {
    Rig rig = rig(0);
    take(rig);
    rig.end(rig.take(), success("one"));
    awaitAsTimePasses(
        clock,
        Duration.ofMillis(100),
        () -> {
          rig.worker.leaseKeeper.tick();
          return rig.room.inFlight().size() == 0;
        });

    assertEquals(
        List.of("succeeded", "back no slot became free", "back no slot became free"),
        rig.recorder.events.stream().map(e -> e.replaceFirst("(succeeded) .*", "$1")).toList());
    assertEquals(0, rig.backlog.invisible());
    assertEquals(1, rig.backlog.contents().size());
    assertEquals(1, rig.results.contents().size());
  }

  @Test
  void once_its_lease_is_over_the_rest_is_lost_and_what_has_ended_is_not() throws Exception {
    Rig rig = rig(1);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), success("A"));
    rig.awaitEvent("succeeded todo-1/1");
    clock.advance(LEASE);
    rig.end(runs.get(1), success("B"));
    rig.end(runs.get(2), retryAfter(0));
    rig.awaitNoneInFlight();

    assertEquals(
        List.of("succeeded todo-1/1", "lost todo-1/2", "lost todo-1/3"), rig.recorder.events);
    assertEquals(List.of("A"), bodies(rig.results.contents()));
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    assertEquals(0, rig.backlog.calls("delete").size());
  }

  @Test
  void one_dead_letter_that_is_refused_is_sent_again_and_no_job_is_run_again() throws Exception {
    Rig rig = rig(0);
    rig.deadLetters.refuse(_ -> true);
    take(rig);
    List<SlotRun> runs = runs(rig, 3);
    rig.end(runs.get(0), success("A"));
    rig.end(runs.get(1), Outcome.Failed.forGood("x", "boom"));
    rig.end(runs.get(2), success("C"));
    rig.awaitNoneInFlight();
    assertEquals(1, rig.told(WorkEvent.DeadLetterRefused.class).size());
    clock.advance(Duration.ofSeconds(30));
    rig.deadLetters.refuse(_ -> false);

    takeAgain(rig, 1);
    rig.awaitNoneInFlight();

    assertEquals(List.of("b"), bodies(rig.deadLetters.contents()));
    assertEquals("boom", text(rig.deadLetters.contents().getFirst(), "error_message"));
    assertEquals(2, rig.results.contents().size());
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void with_a_table_each_of_its_jobs_has_a_record_of_its_own() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    Rig rig = rig(1, table);
    table.setState("todo-1/3", "CANCELLED");
    take(rig);
    List<SlotRun> runs = runs(rig, 2);
    assertEquals(List.of("a", "b"), runs.stream().map(SlotRun::definition).toList());
    rig.end(runs.get(0), success("A"));
    rig.end(runs.get(1), retryAfter(0));
    rig.awaitNoneInFlight();
    assertEquals(
        List.of("SUCCEEDED 1 0", "FAILED 1 0"),
        Stream.of("todo-1/1", "todo-1/2").map(table::stateOf).toList());

    takeAgain(rig, 1);
    SlotRun again = rig.take();
    assertEquals("b", again.definition());
    assertEquals(2, again.job().attempt());
    rig.end(again, success("B"));
    rig.awaitNoneInFlight();

    assertEquals(List.of("A", "B"), bodies(rig.results.contents()));
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of(), rig.deadLetters.contents());
  }

  /** Its neighbours' give-backs are no attempts of a job, nor are they receives. */
  @Test
  void what_is_remembered_of_one_is_not_taken_for_another() throws Exception {
    Rig rig = rig(1);
    Message message = take(rig);
    for (SlotRun run : runs(rig, 3)) {
      rig.end(run, Outcome.GivenBack.now("test"));
    }
    rig.awaitNoneInFlight();

    assertEquals(
        List.of("todo-1/1", "todo-1/2", "todo-1/3"),
        message.jobs().stream().map(Job::key).toList());
    assertEquals(1, rig.room.recent().nextAttempt(new Delivery("todo-1", "h", "b", Map.of(), 1)));
    assertEquals(2, rig.room.recent().nextAttempt(new Delivery("todo-1", "h", "b", Map.of(), 2)));
  }

  @Test
  void an_executor_that_is_unavailable_sends_it_back_with_what_has_not_ended() throws Exception {
    Rig rig = rig(0);
    take(rig);
    List<SlotRun> runs = runs(rig, 2);
    rig.end(runs.get(0), success("one"));
    rig.run(
        runs.get(1),
        _ -> {
          throw new ExecutorUnavailable("no license");
        });
    rig.awaitNoneInFlight();

    assertEquals(1, rig.results.contents().size());
    assertEquals(2, rig.told(WorkEvent.GivenBack.class).size());
    assertEquals(0, rig.backlog.invisible());
    assertEquals(1, rig.backlog.contents().size());
  }
}
