package com.amazonaws.jobprocessor.fleet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoxEndTest {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(90);

  private final SettableClock clock = new SettableClock();
  private final FakeWorker worker = new FakeWorker();
  private final InMemoryOwnBox box = new InMemoryOwnBox();
  private final FakeNotices notices = new FakeNotices();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final ToldRights rights = new ToldRights();
  private final WorkThreads threads = new WorkThreads(fatal::add);

  @AfterEach
  void nothingIsFatal() {
    worker.letDrainsEnd();
    assertEquals(List.of(), fatal);
  }

  private BoxEnd end(boolean onRebalance) {
    return new BoxEnd(
        new BoxEnd.Plan(DRAIN_TIMEOUT, onRebalance),
        worker,
        new BoxEnd.Means(box, notices, new Said(rights)),
        clock,
        threads);
  }

  private long in(int seconds) {
    return clock.nanoTime() + Duration.ofSeconds(seconds).toNanos();
  }

  private void awaitDeadline(long at) {
    await().until(() -> worker.deadline() != null && worker.deadline() == at);
  }

  @Test
  void before_an_interruption_all_is_given_back_half_a_minute_early() {
    end(false).accept(new Notice.Interruption("terminate", in(115)));

    awaitDeadline(in(85));
    assertEquals(List.of("drain: spot interruption (terminate)"), worker.calls());
  }

  @Test
  void the_drain_timeout_bounds_every_drain() {
    end(false).accept(new Notice.Interruption("stop", in(3_600)));

    awaitDeadline(in(90));
  }

  @Test
  void a_second_notice_brings_the_deadline_forward_and_none_puts_it_off() {
    BoxEnd end = end(false);
    end.accept(new Notice.Interruption("terminate", in(115)));
    awaitDeadline(in(85));

    end.accept(new Notice.Interruption("terminate", in(50)));
    awaitDeadline(in(20));
    end.accept(new Notice.Interruption("terminate", in(200)));

    await().until(() -> worker.calls().size() == 3);
    assertEquals(in(20), worker.deadline());
  }

  @Test
  void a_time_that_is_past_gives_everything_back_now() {
    end(false).accept(new Notice.Interruption("terminate", in(-5)));

    awaitDeadline(in(-35));
  }

  @Test
  void auto_scaling_has_its_hook_completed_after_the_drain() {
    box.inGroup().lifecycleState("Terminating:Wait").hook("bye", 60, 6_000);
    end(false).accept(new Notice.ScaleIn());
    awaitDeadline(in(90));
    await().until(() -> box.count("heartbeat") == 1);
    assertEquals(0, box.count("complete"));

    worker.letDrainsEnd();

    await().until(() -> box.count("complete") == 1);
  }

  @Test
  void a_box_that_comes_back_from_a_warm_pool_takes_jobs_again_each_time() {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    for (int i = 1; i <= 2; i++) {
      int times = i;
      end.accept(new Notice.WarmPool("Warmed:Hibernated"));
      await().until(worker::isDrained);
      end.accept(new Notice.InService());
      await().until(() -> Collections.frequency(worker.calls(), "start again") == times);
    }

    String drain = "drain: in the Auto Scaling group's warm pool (Warmed:Hibernated)";
    assertEquals(List.of(drain, "start again", drain, "start again"), worker.calls());
  }

  @Test
  void a_box_that_leaves_the_warm_pool_during_its_drain_takes_jobs_after_it() {
    BoxEnd end = end(false);
    end.accept(new Notice.WarmPool("Warmed:Stopped"));
    awaitDeadline(in(90));
    end.accept(new Notice.InService());
    assertFalse(worker.calls().contains("start again"));

    worker.letDrainsEnd();

    await().until(() -> worker.calls().contains("start again"));
  }

  @Test
  void a_box_that_began_in_a_warm_pool_takes_jobs_when_it_is_in_service_and_not_before() {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    end.beginsInWarmPool();
    end.accept(new Notice.Interruption("hibernate", in(0)));
    awaitEndOf("box-end");
    end.accept(new Notice.Survived());
    awaitEndOf("box-stays");
    assertEquals(0, startsAgain());

    end.accept(new Notice.InService());

    await().until(() -> startsAgain() == 1);
  }

  @Test
  void a_box_that_somebody_else_takes_does_not_come_back() {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    end.accept(new Notice.Interruption("hibernate", in(0)));
    end.accept(new Notice.WarmPool("Warmed:Hibernated"));
    await().until(worker::isDrained);
    end.accept(new Notice.InService());
    end.accept(new Notice.ScaleIn());
    end.accept(new Notice.Survived());

    await().until(() -> worker.calls().size() == 3);
    assertFalse(worker.calls().contains("start again"), () -> worker.calls().toString());
    assertFalse(end.endAsked(said::add));
  }

  @Test
  void after_an_interruption_that_was_survived_jobs_are_taken_again_and_the_next_is_heard_of() {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    end.accept(new Notice.Interruption("hibernate", in(0)));
    await().until(worker::isDrained);

    end.accept(new Notice.Survived());

    await().until(() -> worker.calls().contains("start again"));
    end.accept(new Notice.Interruption("terminate", in(115)));
    awaitDeadline(in(85));
  }

  /** The new worker was begun whatever had come while its job table was looked for. */
  @Test
  void a_box_that_is_taken_while_its_new_worker_is_made_takes_no_jobs_again() {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    end.accept(new Notice.WarmPool("Warmed:Stopped"));
    await().until(worker::isDrained);
    worker.whileMade(
        () -> {
          end.accept(new Notice.ScaleIn());
          await().until(() -> worker.calls().size() == 2);
        });

    end.accept(new Notice.InService());
    awaitEndOf("box-stays");
    awaitEndOf("box-end");

    assertEquals(
        List.of(
            "drain: in the Auto Scaling group's warm pool (Warmed:Stopped)",
            "drain: Auto Scaling terminates this instance",
            "start given up"),
        worker.calls());
    assertTrue(worker.isDrained());
  }

  @Test
  void the_hook_of_a_box_that_goes_back_to_the_pool_is_completed() {
    box.inGroup().lifecycleState("Terminating:Wait").hook("bye", 60, 6_000);
    worker.letDrainsEnd();

    end(false).accept(new Notice.WarmPool("Warmed:Stopped"));

    await().until(() -> box.count("complete") == 1);
  }

  @Test
  void a_box_that_is_launched_into_the_pool_has_no_hook_at_its_end_yet() {
    box.inGroup().lifecycleState("Warmed:Pending:Wait").hook("bye", 60, 6_000);
    worker.letDrainsEnd();

    end(false).accept(new Notice.WarmPool("Warmed:Stopped"));

    await().until(() -> box.count("membership") == 1 && worker.isDrained());
    assertEquals(0, box.count("hooks"));
    assertEquals(0, box.count("heartbeat") + box.count("complete"));
  }

  @Test
  void a_recommendation_is_ignored_by_default() {
    end(false).accept(new Notice.Rebalance());

    assertEquals(List.of(), worker.calls());
    assertEquals(List.of(), box.calls());
  }

  @Test
  void a_recommendation_drains_and_then_the_box_ends_itself() {
    worker.letDrainsEnd();
    end(true).accept(new Notice.Rebalance());

    await().until(() -> box.count("end") == 1);
    assertEquals(List.of("drain: rebalance recommendation"), worker.calls());
  }

  /** It once stayed for good. */
  @Test
  void a_group_at_its_minimum_keeps_a_box_that_is_recommended_to_go_until_it_has_more() {
    worker.letDrainsEnd();
    box.inGroup().atMinimum(true);
    end(true).accept(new Notice.Rebalance());
    await().until(() -> clock.waiters() == 1);
    clock.advance(Duration.ofMinutes(5));
    await().until(() -> box.count("isAtMinimum") == 2 && clock.waiters() == 1);
    assertEquals(List.of(), worker.calls());

    box.atMinimum(false);
    clock.advance(Duration.ofMinutes(5));

    awaitEndOf("rebalance");
    assertEquals(1, box.count("endInGroup"));
    assertEquals(List.of("drain: rebalance recommendation"), worker.calls());
  }

  @Test
  void a_box_that_another_has_brought_to_the_minimum_during_its_drain_waits_as_well() {
    worker.letDrainsEnd();
    box.inGroup().during("endInGroup", () -> box.atMinimum(true));
    end(true).accept(new Notice.Rebalance());
    await().until(() -> clock.waiters() == 1);
    assertEquals(1, startsAgain());

    box.atMinimum(false);
    clock.advance(Duration.ofMinutes(5));

    awaitEndOf("rebalance");
    assertEquals(2, box.count("endInGroup"));
    assertEquals(1, startsAgain());
  }

  @Test
  void a_box_that_cannot_end_itself_after_its_drain_takes_jobs_again() {
    worker.letDrainsEnd();
    box.fail("end", -1, "UnauthorizedOperation");
    end(true).accept(new Notice.Rebalance());

    await().until(() -> worker.calls().contains("start again"));
    assertEquals(1, box.count("end"));
  }

  @Test
  void a_box_that_is_being_taken_does_not_end_itself_as_well() throws Exception {
    BoxEnd end = end(true);
    end.accept(new Notice.Interruption("terminate", in(115)));
    awaitDeadline(in(85));

    end.accept(new Notice.Rebalance());
    assertNull(end.endIdle());

    assertEquals(List.of(), box.calls());
  }

  @Test
  void an_idle_box_ends_itself_and_is_drained() throws Exception {
    worker.letDrainsEnd();

    assertNull(end(false).endIdle());

    assertEquals(1, box.count("end"));
    assertEquals(List.of("drain: idle"), worker.calls());
  }

  @Test
  void a_box_that_is_asked_to_end_drains_and_ends_itself_once() {
    BoxEnd end = end(false);

    assertTrue(end.endAsked(said::add));
    assertFalse(end.endAsked(said::add));
    awaitDeadline(in(90));
    assertEquals(0, box.count("end"));
    worker.letDrainsEnd();

    await().until(() -> box.count("end") == 1);
    assertEquals(List.of("drain: asked for on the page"), worker.calls());
    assertEquals(Arrays.asList((String) null), said);
    assertFalse(end.endAsked(said::add));
  }

  @Test
  void a_box_that_its_group_would_replace_stays_at_work_and_says_why() {
    box.inGroup().atMinimum(true);

    assertTrue(end(false).endAsked(said::add));

    await().until(() -> said.size() == 2);
    assertEquals("its Auto Scaling group is at its minimum size", said.getLast());
    assertEquals(List.of(), worker.calls());
  }

  @Test
  void a_box_that_may_not_end_itself_takes_jobs_again_and_can_be_asked_again() {
    worker.letDrainsEnd();
    box.fail("end", 1, "UnauthorizedOperation");
    BoxEnd end = end(false);

    assertTrue(end.endAsked(said::add));
    await().until(() -> said.size() == 2);
    assertTrue(worker.calls().contains("start again"));
    assertTrue(said.getLast().contains("ec2:TerminateInstances"), said::toString);
    String missing =
        "missing ec2:TerminateInstances: this instance cannot end itself; it stays and takes jobs";
    assertEquals(List.of(missing), rights.told);

    await().until(() -> end.endAsked(said::add));
    await().until(() -> box.count("end") == 2);
    await().until(() -> rights.told.equals(List.of(missing, "granted ec2:TerminateInstances")));
  }

  private static void awaitEndOf(String thread) {
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(one -> one.getName().equals(thread)));
  }

  private long startsAgain() {
    return worker.calls().stream().filter("start again"::equals).count();
  }

  @Test
  void a_notice_that_comes_while_the_end_is_refused_holds() {
    worker.letDrainsEnd();
    BoxEnd end = end(true);
    box.fail("end", -1, "UnauthorizedOperation");
    box.during("end", () -> end.accept(new Notice.Interruption("terminate", in(115))));

    end.accept(new Notice.Rebalance());

    await().until(() -> box.count("end") == 1);
    awaitEndOf("rebalance");
    awaitEndOf("box-end");
    assertEquals(0, startsAgain());
    end.accept(new Notice.Survived());
    await().until(() -> startsAgain() == 1);
  }

  @Test
  void an_end_that_was_asked_for_gives_way_to_a_notice_and_can_be_asked_for_after_it() {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    box.fail("end", 1, "UnauthorizedOperation");
    box.during("end", () -> end.accept(new Notice.Interruption("stop", in(115))));

    assertTrue(end.endAsked(said::add));

    await().until(() -> box.count("end") == 1);
    awaitEndOf("end-asked");
    awaitEndOf("box-end");
    assertEquals(0, startsAgain());
    assertEquals(Arrays.asList((String) null), said);
    end.accept(new Notice.Survived());
    await().until(() -> startsAgain() == 1);
    await().until(() -> end.endAsked(said::add));
    await().until(() -> box.count("end") == 2);
  }

  /** It was once terminated while a new worker, begun for the box that stays, took jobs. */
  @Test
  void an_interruption_that_is_over_by_the_end_of_the_drain_does_not_undo_an_end_of_its_own() {
    BoxEnd end = end(true);
    end.accept(new Notice.Rebalance());
    await().until(() -> worker.calls().size() == 1);
    end.accept(new Notice.Interruption("hibernate", in(115)));
    await().until(() -> worker.calls().size() == 2);
    end.accept(new Notice.Survived());
    awaitEndOf("box-stays");
    box.during("membership", () -> awaitEndOf("box-end"));

    worker.letDrainsEnd();
    awaitEndOf("rebalance");

    assertEquals(1, box.count("end"));
    assertEquals(0, startsAgain());
  }

  /**
   * One that is asked for on the page, and one for a recommendation, until both have been tried.
   */
  private void tryTwoEnds(int refused) {
    BoxEnd end = end(true);
    box.fail("end", refused, "UnauthorizedOperation");
    assertTrue(end.endAsked(said::add));
    end.accept(new Notice.Rebalance());
    await().until(() -> worker.calls().size() == 2);

    worker.letDrainsEnd();
    awaitEndOf("end-asked");
    awaitEndOf("rebalance");
  }

  @Test
  void an_end_that_is_refused_does_not_undo_another_that_is_not() {
    tryTwoEnds(1);

    assertEquals(2, box.count("end"));
    assertEquals(0, startsAgain());
  }

  @Test
  void when_both_are_refused_the_page_says_why_and_the_box_takes_jobs_again() {
    tryTwoEnds(2);

    assertEquals(1, startsAgain());
    assertNotNull(said.getLast(), said.toString());
  }

  @Test
  void what_has_ended_itself_takes_no_jobs_after_an_interruption_that_it_survives()
      throws Exception {
    worker.letDrainsEnd();
    BoxEnd end = end(false);
    assertNull(end.endIdle());
    end.accept(new Notice.Interruption("hibernate", in(115)));
    end.accept(new Notice.Survived());
    awaitEndOf("box-end");
    awaitEndOf("box-stays");
    assertEquals(0, startsAgain());

    end.accept(new Notice.WarmPool("Warmed:Stopped"));
    awaitEndOf("box-end");
    end.accept(new Notice.InService());
    await().until(() -> startsAgain() == 1);
    assertNull(end.endIdle());
    assertEquals(2, box.count("end"));
  }

  /** The second call would be refused: the instance is shutting down. */
  @Test
  void whoever_else_wants_its_end_makes_no_second_call_of_it() throws Exception {
    BoxEnd end = end(true);
    assertTrue(end.endAsked(said::add));
    end.accept(new Notice.Rebalance());
    await().until(() -> worker.calls().size() == 2);
    worker.letDrainsEnd();
    awaitEndOf("end-asked");
    awaitEndOf("rebalance");
    assertNull(end.endIdle());

    assertEquals(1, box.count("end"));
    assertEquals(0, startsAgain());
  }

  @Test
  void a_box_that_is_being_taken_is_not_ended_again() {
    BoxEnd end = end(false);
    end.accept(new Notice.Interruption("terminate", in(115)));

    assertFalse(end.endAsked(said::add));
    assertEquals(List.of(), said);
  }

  @Test
  void an_idle_box_that_is_needed_stays() throws Exception {
    box.inGroup().atMinimum(true);

    assertEquals(Duration.ofMinutes(5), end(false).endIdle());

    assertEquals(List.of(), worker.calls());
  }
}
