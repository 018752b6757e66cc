package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.RetryAfter;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageHandlerTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration DELAY = Duration.ofMinutes(5);
  private static final String RETRIED = "retry 1 " + RetryAfter.class.getName();
  private static final Outcome SUCCESS = new Outcome.Succeeded("r", Duration.ZERO);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Rig rig;

  @BeforeEach
  void build() {
    // With the clock at rest no linger would end.
    rig = new Rig(clock, folder, 2, LEASE, 1, null).hurry();
  }

  private List<Delivery> deliver() throws Exception {
    return rig.backlog.receive(10, Duration.ofMillis(1), LEASE);
  }

  @Test
  void a_job_stands_in_line_for_a_slot() throws Exception {
    SlotRun run = rig.take("a");

    assertEquals("a", run.definition());
    assertEquals("todo-1", run.job().id());
    assertFalse(run.isSuspect());
  }

  @Test
  void what_was_under_way_for_its_whole_lease_is_dropped_without_a_call() throws Exception {
    rig.backlog.put("a");
    long sentAt = clock.nanoTime();
    List<Delivery> deliveries = deliver();
    clock.advance(LEASE);

    rig.accept(deliveries, sentAt);

    assertEquals(List.of(), rig.room.inFlight().all());
    assertEquals(0, rig.backlog.calls("changeVisibility").size());
    rig.receive(1);
    assertEquals(1, rig.take().job().attempt(), "it was no attempt");
  }

  @Test
  void with_less_than_half_the_lease_left_it_is_renewed_before_it_stands_in_line()
      throws Exception {
    rig.backlog.put("a");
    long sentAt = clock.nanoTime();
    List<Delivery> deliveries = deliver();
    clock.advance(Duration.ofSeconds(31));

    rig.accept(deliveries, sentAt);

    SlotRun run = rig.take();
    assertFalse(run.job().message().lease().isShort(clock.nanoTime()));
    assertEquals(1, rig.backlog.calls("changeVisibility").size());
  }

  /**
   * The lease keeper was once quicker with its own renewal, and the job was kept for ever without
   * being run.
   */
  @Test
  void a_renewal_that_is_under_way_already_keeps_no_job_out_of_the_line() throws Exception {
    rig.backlog.put("a");
    Lease lease = new Lease(clock.nanoTime(), LEASE);
    Message message = Message.of(deliver().getFirst(), lease, 1);
    clock.advance(Duration.ofSeconds(31));
    assertTrue(message.tryBeginVisibilityChange());

    rig.worker.handler.accept(List.of(message));
    message.endVisibilityChange();

    assertSame(message, rig.take().job().message());
  }

  @Test
  void a_renewal_before_the_start_that_fails_drops_the_message() throws Exception {
    rig.backlog.put("a");
    long sentAt = clock.nanoTime();
    List<Delivery> deliveries = deliver();
    clock.advance(Duration.ofSeconds(31));
    rig.backlog.answerNext(new Answer.Refused("ReceiptHandleIsInvalid", "gone"));

    rig.accept(deliveries, sentAt);

    rig.awaitEvent("lost todo-1");
    rig.awaitNoneInFlight();
    assertEquals(1, rig.backlog.calls("changeVisibility").size());
  }

  @Test
  void a_copy_of_a_message_in_flight_is_no_second_one_but_its_handle_counts() throws Exception {
    SlotRun run = rig.take("a");
    clock.advance(Duration.ofSeconds(61));
    rig.receive(1);

    assertSame(run.job().message(), rig.message());
    assertEquals("todo-1#2", rig.message().delivery().receiptHandle());
    rig.end(run, SUCCESS);
    rig.awaitNoneInFlight();
    assertEquals(List.of(), rig.backlog.contents());
    assertEquals(List.of("succeeded todo-1"), rig.recorder.events);
  }

  @Test
  void a_message_that_comes_while_its_give_back_is_confirmed_is_a_new_one() throws Exception {
    SlotRun run = rig.take("a");
    Message old = rig.message();
    old.release();
    clock.advance(Duration.ofSeconds(61));

    rig.receive(1);
    assertNotSame(old, rig.message());
    rig.end(run, SUCCESS); // too late

    rig.awaitEvent("lost todo-1");
    SlotRun again = rig.take();
    assertNotSame(old, again.job().message());
    assertSame(again.job().message(), rig.message());
  }

  @Test
  void a_job_that_this_worker_has_finished_is_deleted_and_not_run() throws Exception {
    SlotRun run = rig.take("a");
    rig.backlog.answerNext(Answer.ACCEPTED); // a delete that SQS confirms and does not make
    rig.end(run, SUCCESS);
    rig.awaitNoneInFlight();
    assertEquals(1, rig.backlog.contents().size());
    clock.advance(Duration.ofSeconds(61));

    rig.receive(1);

    await().until(() -> rig.backlog.contents().isEmpty());
    assertEquals(1, rig.results.contents().size());
    assertEquals(List.of("succeeded todo-1"), rig.recorder.events);
  }

  @Test
  void own_give_backs_are_no_attempts() throws Exception {
    rig.backlog.put("a");
    for (int i = 0; i < 5; i++) {
      rig.receive(1);
      SlotRun run = rig.take();
      assertEquals(1, run.job().attempt());
      rig.end(run, Outcome.GivenBack.now("test"));
      rig.awaitNoneInFlight();
    }
  }

  @Test
  void a_bad_job_id_and_a_job_received_too_often_are_dead_lettered_unrun() throws Exception {
    rig.backlog.put(new OutgoingMessage("bad", Map.of("job_id", Attribute.of("a\nb"))));
    rig.receive(1);
    await().until(() -> rig.deadLetters.contents().size() == 1);

    rig.accept(List.of(new Delivery("m", "h", "often", Map.of(), 13)), clock.nanoTime());
    await().until(() -> rig.deadLetters.contents().size() == 2);

    assertEquals(
        List.of(Attribute.of("InvalidJobId"), Attribute.of("WorkerDied")),
        rig.deadLetters.contents().stream().map(m -> m.attributes().get("error_type")).toList());
  }

  @Test
  void suspects_run_one_at_a_time_and_too_many_are_given_back() throws Exception {
    for (int i = 0; i < 14; i++) {
      rig.accept(List.of(new Delivery("m" + i, "h" + i, "b", Map.of(), 3)), clock.nanoTime());
    }
    await().until(() -> rig.room.inFlight().size() == 12);
    assertEquals(
        List.of("back too many suspects wait", "back too many suspects wait"), rig.recorder.events);

    SlotRun suspect = rig.take();
    rig.backlog.put("innocent");
    rig.receive(1);
    SlotRun other = rig.take();

    assertTrue(suspect.isSuspect());
    assertEquals("innocent", other.definition());
    rig.end(suspect, SUCCESS);
    assertTrue(rig.take().isSuspect());
  }

  @Test
  void a_suspect_that_comes_when_the_line_was_given_back_is_visible_at_once() throws Exception {
    rig.backlog.put("a");
    for (int i = 0; i < 2; i++) {
      deliver();
      clock.advance(Duration.ofSeconds(61));
    }
    rig.room.slots().empty();

    rig.receive(1);

    rig.awaitEvent("back worker stops");
    assertEquals(0, rig.backlog.invisible());
  }

  /**
   * It once overtook its predecessor, which had gone back already when the one behind it was taken
   * in hand.
   */
  @Test
  void one_of_a_group_that_goes_back_at_once_takes_along_those_behind_it() throws Exception {
    InMemoryJobTable table = new InMemoryJobTable("i-1", new SettableWallClock());
    rig = new Rig(clock, folder, 2, LEASE, 1, null, table, false).hurry();
    table.failNext(
        new CallFailed("Away", "", CallFailed.Kind.REJECTED, new IllegalStateException()));
    rig.backlog.put(new OutgoingMessage("first", Map.of(), "g", "x"));
    rig.backlog.put(new OutgoingMessage("second", Map.of(), "g", "y"));
    long sentAt = clock.nanoTime();
    List<Delivery> both = deliver();

    rig.accept(List.of(both.getFirst(), slow(both.getLast())), sentAt);

    rig.awaitNoneInFlight();
    assertEquals(
        List.of("back its group goes back", "back the job table does not answer"),
        rig.recorder.events.stream().sorted().toList());
  }

  /** The same; whoever asks for its attributes gives the one before it the time to go back. */
  private Delivery slow(Delivery delivery) {
    Map<String, Attribute> attributes =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, Attribute>> entrySet() {
            try {
              for (int i = 0; i < 20 && rig.recorder.events.isEmpty(); i++) {
                assertFalse(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
              }
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return Set.of();
          }
        };
    return new Delivery(
        delivery.messageId(),
        delivery.receiptHandle(),
        delivery.body(),
        attributes,
        delivery.receiveCount(),
        delivery.sentAtMillis(),
        delivery.group());
  }

  /**
   * It was once told as a second retry, and not among what a stop gives back; and it was delivered
   * at once, whatever delay {@code RetryAfter} asked for.
   */
  @Test
  void a_retry_in_a_group_that_a_stop_cuts_short_goes_back_with_what_is_left_of_its_delay()
      throws Exception {
    fail(takeOfGroup());
    rig.awaitEvent(RETRIED);
    clock.advance(Duration.ofSeconds(20));

    rig.room.groups().close();
    rig.awaitNoneInFlight();

    assertEquals(List.of(RETRIED, "back worker stops"), rig.recorder.events);
    assertComesAgainAfter(DELAY.minusSeconds(20));
  }

  /** That one, too, came at once. */
  @Test
  void a_job_of_a_group_that_fails_while_its_worker_stops_goes_back_with_its_delay()
      throws Exception {
    SlotRun run = takeOfGroup();
    rig.room.groups().close();

    fail(run);
    rig.awaitNoneInFlight();

    assertEquals(List.of(RETRIED), rig.recorder.events);
    assertComesAgainAfter(DELAY);
  }

  private SlotRun takeOfGroup() throws Exception {
    rig.backlog.put(new OutgoingMessage("job", Map.of(), "g", "x"));
    rig.receive(1);
    return rig.take();
  }

  private void fail(SlotRun run) {
    rig.run(
        run,
        _ -> {
          throw new RetryAfter(DELAY);
        });
  }

  private void assertComesAgainAfter(Duration delay) throws Exception {
    clock.advance(delay.minusNanos(1));
    assertEquals(1, rig.backlog.invisible());
    clock.advance(Duration.ofNanos(1));
    assertEquals(2, deliver().getFirst().receiveCount());
  }
}
