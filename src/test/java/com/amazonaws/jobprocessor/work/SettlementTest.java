package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.MOMENT;
import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.settle.Visibility;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlementTest {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Outcome SUCCESS = new Outcome.Succeeded("result", Duration.ZERO);
  private static final Outcome FAILURE = Outcome.Failed.forNow("x", "boom");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Rig rig;

  @BeforeEach
  void build() {
    rig = new Rig(clock, folder, 4, Duration.ofSeconds(60), 1, null);
  }

  private static CallFailed failure(CallFailed.Kind kind) {
    return new CallFailed("Test", "played", kind, new IllegalStateException());
  }

  private void awaitNoneInFlight() {
    rig.hurry().awaitNoneInFlight();
  }

  @Test
  void a_message_is_deleted_only_after_the_result_was_accepted() throws Exception {
    rig.hurry();
    SlotRun run = rig.take("a");
    rig.results.answerNext(new Answer.Failed("Busy", ""));

    rig.end(run, SUCCESS);

    await().until(() -> rig.results.calls("send").size() == 1);
    assertEquals(0, rig.backlog.calls("delete").size());
    assertEquals(1, rig.backlog.contents().size());
    awaitAsTimePasses(clock, TICK, () -> rig.backlog.contents().isEmpty());
    assertEquals(2, rig.results.calls("send").size());
    assertEquals(1, rig.results.contents().size());
  }

  @Test
  void a_failure_is_retried_until_its_attempts_are_used_up_then_dead_lettered() throws Exception {
    rig.end(rig.take("a"), FAILURE);
    awaitNoneInFlight();
    assertEquals(0, rig.backlog.invisible());
    assertEquals(List.of("retry 1 x"), rig.recorder.events);

    rig.receive(1);
    rig.end(rig.take(), FAILURE);
    awaitNoneInFlight();

    assertEquals(List.of("retry 1 x", "dead 2 x"), rig.recorder.events);
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(1, rig.deadLetters.contents().size());
  }

  @Test
  void a_permanent_failure_is_dead_lettered_at_once() throws Exception {
    rig.end(rig.take("a"), Outcome.Failed.forGood("x", "boom"));
    awaitNoneInFlight();

    assertEquals(List.of("dead 1 x"), rig.recorder.events);
  }

  @Test
  void a_result_that_sqs_refuses_is_a_failed_attempt() throws Exception {
    SlotRun run = rig.take("a");
    rig.results.answerNext(new Answer.Refused("InvalidMessageContents", "no"));

    rig.end(run, SUCCESS);
    awaitNoneInFlight();

    assertEquals(List.of("retry 1 ResultRefused"), rig.recorder.events);
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void a_dead_letter_that_is_refused_is_sent_bare() throws Exception {
    SlotRun run = rig.take("a");
    rig.deadLetters.answerNext(new Answer.Refused("InvalidParameterValue", "too large"));

    rig.end(run, Outcome.Failed.forGood("x", "boom"));

    await().until(() -> rig.deadLetters.contents().size() == 1);
    assertEquals(Map.of(), rig.deadLetters.contents().getFirst().attributes());
    assertEquals(2, rig.deadLetters.calls("send").size());
  }

  @Test
  void once_the_lease_is_over_no_call_is_made_with_its_handle() throws Exception {
    SlotRun success = rig.take("a");
    SlotRun failure = rig.take("b");
    SlotRun back = rig.take("c");
    clock.advance(Duration.ofSeconds(60));

    rig.end(success, SUCCESS);
    rig.end(failure, FAILURE);
    rig.end(back, Outcome.GivenBack.now("test"));
    awaitNoneInFlight();

    assertEquals(
        List.of("lost todo-1", "lost todo-2", "lost todo-3"),
        rig.recorder.events.stream().sorted().toList());
    assertEquals(0, rig.results.calls("send").size());
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    assertEquals(0, rig.backlog.calls("delete").size());
  }

  @Test
  void a_give_back_of_unknown_fate_is_not_sent_again() throws Exception {
    SlotRun run = rig.take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.UNKNOWN));

    rig.end(run, Outcome.GivenBack.now("test"));

    awaitAsTimePasses(clock, TICK, () -> rig.room.inFlight().all().isEmpty());
    assertEquals(1, rig.backlog.calls("changeVisibility").size());
    assertEquals(List.of("lost todo-1"), rig.recorder.events);
  }

  @Test
  void a_give_back_that_sqs_has_rejected_is_sent_again() throws Exception {
    SlotRun run = rig.take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.REJECTED));

    rig.end(run, Outcome.GivenBack.now("test"));

    awaitAsTimePasses(clock, TICK, () -> rig.room.inFlight().all().isEmpty());
    assertEquals(2, rig.backlog.calls("changeVisibility").size());
    assertEquals(List.of("back test"), rig.recorder.events);
  }

  @Test
  void no_renewal_comes_after_a_give_back() throws Exception {
    SlotRun run = rig.take("a");
    Message message = rig.message();
    clock.advance(Duration.ofSeconds(31)); // a renewal is due
    assertTrue(message.tryBeginVisibilityChange(), "as if one were under way");

    rig.end(run, Outcome.GivenBack.now("test"));
    await().until(message::isReleased);
    rig.worker.leaseKeeper.tick();
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    message.endVisibilityChange();
    awaitNoneInFlight();

    assertEquals(1, rig.backlog.calls("changeVisibility").size());
    assertEquals(0, rig.backlog.invisible());
  }

  @Test
  void no_renewal_is_begun_when_a_give_back_was_accepted() throws Exception {
    SlotRun run = rig.take("a");
    Message given = rig.message();
    rig.end(run, new Outcome.GivenBack("test", Duration.ofSeconds(10)));
    awaitNoneInFlight();
    rig.take("b");
    Visibility visibility = new Visibility(rig.backlog, rig.runtime);

    visibility.renewLater(given); // by a keeper that saw it in flight
    assertTrue(visibility.renew(rig.message()));

    assertEquals(
        List.of(List.of("todo-1#1"), List.of("todo-2#1")),
        rig.backlog.calls("changeVisibility").stream().map(InMemoryQueue.Call::handles).toList());
    assertFalse(given.tryBeginVisibilityChange());
  }

  @Test
  void a_batch_refused_as_a_whole_is_sent_entry_by_entry() throws Exception {
    List<SlotRun> runs = List.of(rig.take("a"), rig.take("b"), rig.take("c"));
    // Holds the first send up, so that the others become a batch.
    rig.results.failNext(failure(CallFailed.Kind.UNKNOWN));
    rig.end(runs.getFirst(), SUCCESS);
    awaitAsTimePasses(clock, MOMENT, () -> rig.results.calls("send").size() == 1);
    rig.results.failNext(failure(CallFailed.Kind.REFUSED));
    rig.end(runs.get(1), SUCCESS);
    rig.end(runs.get(2), SUCCESS);
    await().until(() -> rig.worker.settlement.waiting() == 3);

    awaitAsTimePasses(clock, TICK, () -> rig.results.contents().size() == 3);

    assertEquals(List.of(1, 3, 1, 1, 1), sends());
  }

  @Test
  void a_delete_names_the_newest_delivery() throws Exception {
    SlotRun run = rig.hurry().take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.UNKNOWN));
    rig.end(run, SUCCESS);
    await().until(() -> rig.backlog.calls("delete").size() == 1);
    deliverAgain();
    awaitAsTimePasses(clock, TICK, () -> rig.room.inFlight().all().isEmpty());

    assertEquals(List.of(List.of("todo-1#1"), List.of("todo-1#2")), deletes());
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of("succeeded todo-1"), rig.recorder.events);
  }

  /** SQS delivers the message in flight once more, to the same worker. */
  private void deliverAgain() throws Exception {
    rig.backlog.changeVisibility(List.of(new Backlog.VisibilityChange("todo-1#1", 0)));
    rig.receive(1);
  }

  @Test
  void a_delete_names_no_handle_whose_lease_is_over() throws Exception {
    SlotRun run = rig.hurry().take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.UNKNOWN));
    rig.end(run, SUCCESS);
    await().until(() -> rig.backlog.calls("delete").size() == 1);

    clock.advance(Duration.ofSeconds(60));
    awaitAsTimePasses(clock, TICK, () -> rig.room.inFlight().all().isEmpty());

    assertEquals(List.of(List.of("todo-1#1")), deletes());
    assertEquals(List.of("succeeded todo-1", "lost todo-1"), rig.recorder.events);
  }

  private List<List<String>> deletes() {
    return rig.backlog.calls("delete").stream().map(InMemoryQueue.Call::handles).toList();
  }

  @Test
  void a_send_that_hangs_holds_up_others_no_longer_than_a_good_one_takes() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    List<SlotRun> runs = List.of(rig.take("a"), rig.take("b"), rig.take("c"));
    rig.results.hangNext(letGo);
    rig.end(runs.getFirst(), SUCCESS);
    awaitAsTimePasses(clock, MOMENT, () -> rig.results.calls("send").size() == 1);

    rig.end(runs.get(1), SUCCESS);
    rig.end(runs.get(2), SUCCESS);
    await().until(() -> rig.worker.settlement.waiting() == 3);
    assertEquals(List.of(1), sends());
    clock.advance(Duration.ofMillis(250));

    await().until(() -> rig.results.contents().size() == 2);
    assertEquals(List.of(1, 2), sends());
    letGo.countDown();
    awaitNoneInFlight();
    assertEquals(3, rig.results.contents().size());
  }

  @Test
  void what_is_less_than_a_batch_goes_when_a_call_returns_and_a_full_one_at_once()
      throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    SlotRun first = rig.take("a");
    rig.results.hangNext(letGo);
    rig.end(first, SUCCESS);
    await().until(() -> rig.results.calls("send").size() == 1);

    for (int i = 0; i < 13; i++) {
      rig.end(rig.take("b" + i), SUCCESS);
    }

    await().until(() -> rig.results.contents().size() == 10);
    await().until(() -> rig.worker.settlement.waiting() == 4);
    letGo.countDown();
    awaitAsTimePasses(clock, MOMENT, () -> rig.results.contents().size() == 14);
    awaitNoneInFlight();
    assertEquals(List.of(1, 10, 3), sends());
  }

  private List<Integer> sends() {
    return rig.results.calls("send").stream().map(InMemoryQueue.Call::entries).toList();
  }
}
