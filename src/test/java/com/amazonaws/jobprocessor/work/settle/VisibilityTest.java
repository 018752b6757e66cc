package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog.VisibilityChange;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VisibilityTest {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final SettableClock clock = new SettableClock();
  private final List<WorkEvent> events = new CopyOnWriteArrayList<>();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final WorkerRuntime runtime =
      new WorkerRuntime(clock, new WorkThreads(fatal::add), new Outage(clock), events::add);
  private final List<VisibilityChange> made = new CopyOnWriteArrayList<>();
  private final Queue<PlayedBacklog.Play<VisibilityChange>> plays = new ConcurrentLinkedQueue<>();
  private final Visibility visibility =
      new Visibility(PlayedBacklog.ofChanges(this::play), runtime);

  private List<Answer> play(List<VisibilityChange> changes)
      throws CallFailed, InterruptedException {
    made.addAll(changes);
    PlayedBacklog.Play<VisibilityChange> play = plays.poll();
    return play == null ? accepted(changes) : play.answer(changes);
  }

  private static List<Answer> accepted(List<VisibilityChange> changes) {
    return changes.stream().map(_ -> Answer.ACCEPTED).toList();
  }

  private void failNext(CallFailed.Kind kind) {
    plays.add(
        _ -> {
          throw new CallFailed("Played", "", kind, new IllegalStateException());
        });
  }

  private CountDownLatch hangNext() {
    CountDownLatch letGo = new CountDownLatch(1);
    plays.add(
        changes -> {
          letGo.await();
          return accepted(changes);
        });
    return letGo;
  }

  @AfterEach
  void end() {
    assertEquals(List.of(), fatal);
  }

  private Message message(String id) {
    return Messages.message(id, clock);
  }

  private boolean isOver(Message message) {
    return message.lease().isOver(clock.nanoTime());
  }

  private FutureTask<Boolean> release(Message message, Duration delay) {
    FutureTask<Boolean> task = new FutureTask<>(() -> visibility.release(message, delay));
    Thread.ofVirtual().start(task);
    return task;
  }

  private static boolean result(FutureTask<Boolean> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_renewal_counts_from_the_moment_it_was_sent() throws Exception {
    Message message = message("a");
    clock.advance(Duration.ofSeconds(40));
    plays.add(
        changes -> {
          clock.advance(Duration.ofSeconds(5));
          return accepted(changes);
        });

    assertTrue(visibility.renew(message));
    assertEquals(List.of(new VisibilityChange("a#1", 60)), made);
    clock.advance(Duration.ofSeconds(54));
    assertFalse(isOver(message));
    clock.advance(Duration.ofSeconds(1));
    assertTrue(isOver(message));
    assertEquals(
        List.of(
            new WorkEvent.Requested(WorkEvent.Request.CHANGE_VISIBILITY, 1, 0),
            new WorkEvent.LeaseRenewed("a")),
        events);
    assertEquals(1, message.lease().renewals());
  }

  @Test
  void renewals_that_come_while_a_call_is_under_way_share_the_next() throws Exception {
    CountDownLatch letGo = hangNext();
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      messages.add(message("m-" + i));
      visibility.renewLater(messages.get(i));
      int waiting = i + 1;
      eventually(() -> visibility.waiting() == waiting);
    }
    letGo.countDown();
    eventually(() -> visibility.waiting() == 0);

    assertEquals(6, made.size());
    eventually(() -> messages.stream().allMatch(Message::tryBeginVisibilityChange));
    assertEquals(2, events.stream().filter(WorkEvent.Requested.class::isInstance).count());
    assertEquals(6, events.stream().filter(WorkEvent.LeaseRenewed.class::isInstance).count());
  }

  @Test
  void a_message_is_renewed_by_one_call_at_a_time_and_not_after_its_give_back() throws Exception {
    Message message = message("a");
    CountDownLatch letGo = hangNext();
    visibility.renewLater(message);
    eventually(() -> made.size() == 1);
    visibility.renewLater(message);
    FutureTask<Boolean> givenBack = release(message, Duration.ofSeconds(7));
    eventually(message::isReleased);
    assertEquals(1, visibility.waiting());
    letGo.countDown();

    assertTrue(result(givenBack));
    visibility.renewLater(message);
    assertEquals(0, visibility.waiting());
    assertEquals(List.of(new VisibilityChange("a#1", 60), new VisibilityChange("a#1", 7)), made);
  }

  @Test
  void the_newest_delivery_is_changed() throws Exception {
    Message message = message("a");
    message.adopt(
        new Delivery("a", "a#2", "body", Map.of(), 2),
        new Lease(clock.nanoTime(), Duration.ofMinutes(2)));

    assertTrue(visibility.renew(message));
    assertEquals(List.of(new VisibilityChange("a#2", 120)), made);
  }

  @Test
  void a_give_back_is_rounded_up_to_whole_seconds() throws Exception {
    assertTrue(visibility.release(message("a"), Duration.ofMillis(1_001)));
    assertTrue(visibility.release(message("b"), Duration.ZERO));

    assertEquals(List.of(new VisibilityChange("a#1", 2), new VisibilityChange("b#1", 0)), made);
  }

  @Test
  void a_give_back_at_once_of_unknown_fate_is_not_made_again() throws Exception {
    failNext(CallFailed.Kind.UNKNOWN);
    Message message = message("a");
    FutureTask<Boolean> givenBack = release(message, Duration.ZERO);
    eventually(() -> clock.waiters() == 1);
    assertTrue(isOver(message));
    clock.advance(PAUSE);

    assertFalse(result(givenBack));
    assertEquals(1, made.size());
  }

  @Test
  void a_give_back_with_a_delay_is_made_again_while_nobody_else_can_have_the_message()
      throws Exception {
    failNext(CallFailed.Kind.UNKNOWN);
    Message message = message("a");
    FutureTask<Boolean> givenBack = release(message, Duration.ofSeconds(20));
    eventually(() -> clock.waiters() == 1);
    assertFalse(isOver(message));
    clock.advance(PAUSE);
    assertTrue(result(givenBack));
    assertEquals(2, made.size());

    failNext(CallFailed.Kind.UNKNOWN);
    Message late = message("b");
    FutureTask<Boolean> over = release(late, Duration.ofSeconds(20));
    eventually(() -> clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(20));
    assertFalse(result(over));
    assertEquals(3, made.size());
  }

  /** The lease is as long as before, and the give-back can be made again. */
  @Test
  void a_give_back_to_which_sqs_says_no_has_no_effect_and_is_made_again() throws Exception {
    failNext(CallFailed.Kind.REJECTED);
    plays.add(_ -> List.of(new Answer.Failed("InternalError", "")));
    Message message = message("a");
    FutureTask<Boolean> givenBack = release(message, Duration.ZERO);
    for (int calls = 1; calls <= 2; calls++) {
      int begun = calls;
      eventually(() -> made.size() == begun && clock.waiters() == 1);
      assertFalse(isOver(message));
      clock.advance(PAUSE);
    }

    assertTrue(result(givenBack));
    assertEquals(3, made.size());
  }

  @Test
  void what_sqs_refuses_to_change_is_lost() throws Exception {
    for (boolean renewal : new boolean[] {true, false}) {
      plays.add(_ -> List.of(new Answer.Refused("ReceiptHandleIsInvalid", "")));
      Message message = message("a");
      assertFalse(
          renewal ? visibility.renew(message) : visibility.release(message, Duration.ofHours(1)));
      assertTrue(isOver(message));
    }
  }

  @Test
  void a_renewal_that_fails_leaves_the_lease_as_it_was_and_ends_with_it() throws Exception {
    failNext(CallFailed.Kind.UNKNOWN);
    Message message = message("a");
    clock.advance(Duration.ofSeconds(31));
    FutureTask<Boolean> renewed = new FutureTask<>(() -> visibility.renew(message));
    Thread.ofVirtual().start(renewed);
    eventually(() -> made.size() == 1 && clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(29));

    assertFalse(result(renewed));
    assertEquals(1, made.size());
    assertTrue(message.tryBeginVisibilityChange(), "another could be made");
  }

  @Test
  void one_change_that_is_refused_with_its_whole_batch_does_not_keep_the_others_from_theirs()
      throws Exception {
    CountDownLatch letGo = hangNext();
    failNext(CallFailed.Kind.REFUSED);
    failNext(CallFailed.Kind.REFUSED);
    FutureTask<Boolean> first = release(message("a"), Duration.ZERO);
    eventually(() -> made.size() == 1);
    Message refused = message("b");
    FutureTask<Boolean> second = release(refused, Duration.ofSeconds(30));
    eventually(() -> visibility.waiting() == 2);
    FutureTask<Boolean> third = release(message("c"), Duration.ZERO);
    eventually(() -> visibility.waiting() == 3);
    letGo.countDown();

    assertTrue(result(first));
    assertFalse(result(second));
    assertTrue(isOver(refused));
    assertTrue(result(third), "what the refused batch had shortened was undone");
  }
}
