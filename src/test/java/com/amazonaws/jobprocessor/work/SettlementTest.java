package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlementTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Rig rig;

  @BeforeEach
  void build() {
    rig = new Rig(clock, folder, 4, Duration.ofSeconds(60), 1, null);
  }

  private Job take(String body) throws Exception {
    rig.backlog.put(body);
    rig.receive(1);
    InHand.Next next = rig.take();
    rig.inHand.returned(next);
    return next.job();
  }

  private static final Outcome SUCCESS = new Outcome.Succeeded("result", Duration.ZERO);
  private static final Outcome FAILURE = Outcome.Failed.forNow("x", "boom");

  private static CallFailed failure(CallFailed.Kind kind) {
    return new CallFailed("Test", "played", kind, new IllegalStateException());
  }

  /** With the clock at rest a linger never ends by itself. */
  private void awaitEmptyHands() {
    rig.settlement.hurry();
    await().until(() -> rig.inHand.all().isEmpty());
  }

  @Test
  void a_job_is_deleted_only_after_its_result_was_accepted() throws Exception {
    Job job = take("a");
    rig.results.answerNext(new Answer.Failed("Busy", ""));
    rig.settlement.hurry();

    rig.settlement.settle(job, SUCCESS);

    await().until(() -> rig.results.calls("send").size() == 1);
    assertEquals(0, rig.backlog.calls("delete").size());
    assertEquals(1, rig.backlog.contents().size());
    clock.advance(Duration.ofSeconds(1));
    rig.settlement.settle(take("b"), SUCCESS); // wakes the sender, which the clock at rest cannot
    awaitEmptyHands();
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(2, rig.results.contents().size());
  }

  @Test
  void a_failure_is_retried_until_its_attempts_are_used_up_then_dead_lettered() throws Exception {
    rig.settlement.settle(take("a"), FAILURE);
    awaitEmptyHands();
    assertEquals(0, rig.backlog.invisible());
    assertEquals(List.of("retry 1 x"), rig.recorder.events);

    rig.receive(1);
    InHand.Next next = rig.take();
    rig.inHand.returned(next);
    rig.settlement.settle(next.job(), FAILURE);
    awaitEmptyHands();

    assertEquals(List.of("retry 1 x", "dead 2 x"), rig.recorder.events);
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(1, rig.deadLetters.contents().size());
  }

  @Test
  void a_permanent_failure_is_dead_lettered_at_once() throws Exception {
    rig.settlement.settle(take("a"), Outcome.Failed.forGood("x", "boom"));
    awaitEmptyHands();

    assertEquals(List.of("dead 1 x"), rig.recorder.events);
  }

  @Test
  void a_result_that_sqs_refuses_is_a_failed_attempt() throws Exception {
    Job job = take("a");
    rig.results.answerNext(new Answer.Refused("InvalidMessageContents", "no"));

    rig.settlement.settle(job, SUCCESS);
    awaitEmptyHands();

    assertEquals(List.of("retry 1 ResultRefused"), rig.recorder.events);
    assertEquals(1, rig.backlog.contents().size());
  }

  @Test
  void a_dead_letter_that_is_refused_is_sent_bare() throws Exception {
    Job job = take("a");
    rig.deadLetters.answerNext(new Answer.Refused("InvalidParameterValue", "too large"));

    rig.settlement.settle(job, Outcome.Failed.forGood("x", "boom"));

    await().until(() -> rig.deadLetters.contents().size() == 1);
    assertEquals(0, rig.deadLetters.contents().getFirst().attributes().size());
    assertEquals(2, rig.deadLetters.calls("send").size());
  }

  private void awaitWithWakeUps(java.util.concurrent.Callable<Boolean> condition) {
    await()
        .until(
            () -> {
              clock.advance(Duration.ofMillis(100));
              return condition.call();
            });
  }

  @Test
  void once_the_lease_is_over_no_call_is_made_with_its_handle() throws Exception {
    Job success = take("a");
    Job failure = take("b");
    Job back = take("c");
    clock.advance(Duration.ofSeconds(60));

    rig.settlement.settle(success, SUCCESS);
    rig.settlement.settle(failure, FAILURE);
    rig.settlement.settle(back, Outcome.GivenBack.now("test"));
    awaitEmptyHands();

    assertEquals(3, rig.recorder.events.stream().filter(e -> e.startsWith("lost")).count());
    assertEquals(0, rig.results.calls("send").size());
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    assertEquals(0, rig.backlog.calls("delete").size());
  }

  @Test
  void a_give_back_of_unknown_fate_is_not_sent_again() throws Exception {
    Job job = take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.UNKNOWN));

    rig.settlement.settle(job, Outcome.GivenBack.now("test"));

    awaitWithWakeUps(() -> rig.inHand.all().isEmpty());
    assertEquals(1, rig.backlog.calls("changeVisibility").size());
  }

  @Test
  void a_give_back_that_sqs_has_rejected_is_sent_again() throws Exception {
    Job job = take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.REJECTED));

    rig.settlement.settle(job, Outcome.GivenBack.now("test"));

    awaitWithWakeUps(() -> rig.inHand.all().isEmpty());
    assertEquals(2, rig.backlog.calls("changeVisibility").size());
    assertEquals(List.of("back test"), rig.recorder.events);
  }

  @Test
  void no_renewal_comes_after_a_give_back() throws Exception {
    Job job = take("a");
    assertTrue(job.beginVisibilityChange(), "as if a renewal were under way");

    rig.settlement.settle(job, Outcome.GivenBack.now("test"));
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    job.endVisibilityChange();
    rig.settlement.renew(job);
    awaitEmptyHands();

    assertEquals(1, rig.backlog.calls("changeVisibility").size());
    assertEquals(0, rig.backlog.invisible());
  }

  @Test
  void no_renewal_is_begun_when_a_give_back_was_accepted() throws Exception {
    Job job = take("a");
    rig.settlement.settle(job, new Outcome.GivenBack("test", Duration.ofSeconds(10)));
    awaitEmptyHands();

    rig.settlement.renew(job); // by a keeper that saw it in hand
    await().pollDelay(Duration.ofMillis(200)).until(() -> rig.settlement.waiting() == 0);

    assertEquals(1, rig.backlog.calls("changeVisibility").size());
  }

  @Test
  void a_batch_refused_as_a_whole_is_sent_entry_by_entry() throws Exception {
    rig.results.failNext(
        failure(
            CallFailed.Kind.UNKNOWN)); // holds the first send up, so that the others become a batch
    List<Job> jobs = List.of(take("a"), take("b"), take("c"));
    rig.settlement.settle(jobs.getFirst(), SUCCESS);
    await().until(() -> rig.results.calls("send").size() == 1);
    rig.results.failNext(failure(CallFailed.Kind.REFUSED));
    rig.settlement.settle(jobs.get(1), SUCCESS);
    rig.settlement.settle(jobs.get(2), SUCCESS);

    awaitWithWakeUps(() -> rig.results.contents().size() == 3);

    assertEquals(List.of(1, 3, 1, 1, 1), sends());
  }

  @Test
  void a_delete_names_the_newest_delivery_and_no_handle_whose_lease_is_over() throws Exception {
    rig.settlement.hurry();
    Job job = take("a");
    rig.backlog.failNext(failure(CallFailed.Kind.UNKNOWN));
    rig.settlement.settle(job, SUCCESS);
    await().until(() -> rig.backlog.calls("delete").size() == 1);
    clock.advance(Duration.ofSeconds(61));
    rig.receive(1); // SQS delivers it again, to the same worker
    awaitEmptyHands();

    assertEquals(
        List.of(List.of("todo-1#1"), List.of("todo-1#2")),
        rig.backlog.calls("delete").stream().map(InMemoryQueue.Call::handles).toList());
    assertEquals(List.of(), rig.backlog.contents());
  }

  @Test
  void a_send_that_hangs_holds_up_others_no_longer_than_a_good_one_takes() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    rig.results.hangNext(letGo);
    rig.settlement.settle(take("a"), SUCCESS);
    await().until(() -> rig.results.calls("send").size() == 1);

    rig.settlement.settle(take("b"), SUCCESS);
    rig.settlement.settle(take("c"), SUCCESS);
    clock.advance(Duration.ofMillis(250));

    await().until(() -> rig.results.contents().size() == 2);
    assertEquals(List.of(1, 2), sends());
    letGo.countDown();
    awaitEmptyHands();
    assertEquals(3, rig.results.contents().size());
  }

  @Test
  void what_is_less_than_a_batch_goes_when_a_call_returns_and_a_full_one_at_once()
      throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    rig.results.hangNext(letGo);
    rig.settlement.settle(take("a"), SUCCESS);
    await().until(() -> rig.results.calls("send").size() == 1);

    for (int i = 0; i < 13; i++) {
      rig.settlement.settle(take("b" + i), SUCCESS);
    }

    await().until(() -> rig.results.contents().size() == 10);
    letGo.countDown();
    awaitEmptyHands();
    assertEquals(List.of(1, 10, 3), sends());
  }

  private List<Integer> sends() {
    return rig.results.calls("send").stream().map(InMemoryQueue.Call::entries).toList();
  }
}
