package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.Rig.awaitAsTimePasses;
import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.room.ReceivePermits;
import java.nio.file.Path;
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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QueueListenerTest {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final int SLOTS = 4;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final PlayedQueue backlog = new PlayedQueue();
  private final AtomicLong nanosAway = new AtomicLong();
  private Rig rig;
  private ReceivePermits permits;

  /** What a receive does. */
  private interface Play {
    List<Delivery> receive(int max) throws CallFailed, InterruptedException;
  }

  /** Receives do what the test says, one after the other, and then wait until they are cut. */
  private final class PlayedQueue implements Backlog {
    final Queue<Play> plays = new ConcurrentLinkedQueue<>();
    final List<Integer> asked = new CopyOnWriteArrayList<>();
    final List<Long> sentAt = new CopyOnWriteArrayList<>();
    final List<Duration> waits = new CopyOnWriteArrayList<>();
    private int messages;

    @Override
    public String name() {
      return "todo";
    }

    @Override
    public List<Delivery> receive(int max, Duration wait, Duration lease)
        throws CallFailed, InterruptedException {
      sentAt.add(clock.nanoTime());
      waits.add(wait);
      Play play = plays.poll();
      asked.add(max);
      if (play == null) {
        new CountDownLatch(1).await();
        throw new IllegalStateException("never");
      }
      return play.receive(max);
    }

    synchronized List<Delivery> deliveries(int count) {
      List<Delivery> some = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String id = "m-" + ++messages;
        some.add(new Delivery(id, id + "#1", "body", Map.of(), 1));
      }
      return some;
    }

    @Override
    public List<Answer> changeVisibility(List<VisibilityChange> changes) {
      return changes.stream().map(_ -> Answer.ACCEPTED).toList();
    }

    @Override
    public List<Answer> delete(List<String> receiptHandles) {
      return receiptHandles.stream().map(_ -> Answer.ACCEPTED).toList();
    }
  }

  @BeforeEach
  void begin() {
    rig = new Rig(clock, folder, SLOTS, LEASE, 1, null);
    permits = new ReceivePermits(rig.room, 2 * SLOTS + 20, clock);
  }

  @AfterEach
  void end() {
    assertEquals(List.of(), rig.fatal);
  }

  private QueueListener listener(int ratePerMin) {
    return new QueueListener(
        new WorkSettings.Polling(ratePerMin, Duration.ofSeconds(20), LEASE),
        backlog,
        permits,
        rig.worker.handler,
        nanosAway::get,
        rig.runtime);
  }

  private static FutureTask<Void> run(QueueListener listener) {
    FutureTask<Void> loop =
        new FutureTask<>(
            () -> {
              listener.run();
              return null;
            });
    Thread.ofPlatform().daemon().start(loop);
    return loop;
  }

  private void stop(QueueListener listener, FutureTask<Void> loop) throws Exception {
    listener.stop();
    loop.get(30, TimeUnit.SECONDS);
    listener.cut();
    assertTrue(permits.awaitNoReceives(Duration.ofSeconds(30).toNanos()));
  }

  private void play(Play play) {
    backlog.plays.add(play);
  }

  private void playEmpty(int receives) {
    for (int i = 0; i < receives; i++) {
      play(_ -> List.of());
    }
  }

  /** As a long poll is when there is nothing. */
  private void playLongPoll() {
    play(
        _ -> {
          clock.advance(Duration.ofSeconds(20));
          return List.of();
        });
  }

  private void playFailure() {
    play(
        _ -> {
          throw new CallFailed("Away", "", CallFailed.Kind.UNKNOWN, new IllegalStateException());
        });
  }

  private void awaitReceives(int receives) {
    eventually(() -> backlog.asked.size() == receives);
  }

  private List<WorkEvent.PollRateWait> pollRateWaits() {
    return rig.recorder.all.stream()
        .filter(WorkEvent.PollRateWait.class::isInstance)
        .map(WorkEvent.PollRateWait.class::cast)
        .toList();
  }

  /** What comes later may be long jobs, and other workers could do them meanwhile. */
  @Test
  void a_receive_for_more_than_idle_slots_waits_for_a_second_at_most() throws Exception {
    rig.worker.slots.start();
    play(backlog::deliveries);
    for (int i = 0; i < 30; i++) {
      play(backlog::deliveries);
    }
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    eventually(() -> backlog.asked.contains(10));
    int ahead = backlog.asked.indexOf(10);

    assertEquals(Duration.ofSeconds(1), backlog.waits.get(ahead));
    assertEquals(Duration.ofSeconds(20), backlog.waits.getFirst());
    stop(listener, loop);
  }

  @Test
  void asks_for_as_many_as_slots_are_idle_and_hands_each_to_its_handler() throws Exception {
    play(_ -> backlog.deliveries(3));
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    awaitReceives(2);

    assertEquals(List.of(4, 1), backlog.asked);
    assertEquals(List.of(Duration.ofSeconds(20), Duration.ofSeconds(20)), backlog.waits);
    assertEquals(3, rig.room.inFlight().size());
    assertTrue(rig.recorder.all.contains(new WorkEvent.Received(3)));
    assertTrue(
        rig.recorder.all.contains(
            new WorkEvent.Requested(WorkEvent.Request.RECEIVE, 3, 3L * "body".length())));
    stop(listener, loop);
  }

  @Test
  void the_lease_counts_from_the_moment_the_receive_was_sent() throws Exception {
    play(
        _ -> {
          clock.advance(Duration.ofSeconds(15));
          return backlog.deliveries(1);
        });
    long sentAt = clock.nanoTime();
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    awaitReceives(2);

    assertEquals(sentAt + LEASE.toNanos(), rig.message().lease().end());
    stop(listener, loop);
  }

  @Test
  void receives_are_spaced_by_the_poll_rate() throws Exception {
    playEmpty(4);
    QueueListener listener = listener(6);
    FutureTask<Void> loop = run(listener);
    for (int receives = 1; receives <= 4; receives++) {
      awaitReceives(receives);
      eventually(() -> clock.waiters() == 1);
      clock.advance(Duration.ofMillis(9_999));
      eventually(() -> clock.waiters() == 1);
      clock.advance(Duration.ofMillis(1));
    }
    awaitReceives(5);

    for (int i = 1; i < 5; i++) {
      assertEquals(
          Duration.ofSeconds(10).toNanos(), backlog.sentAt.get(i) - backlog.sentAt.get(i - 1));
    }
    assertEquals(List.of(), pollRateWaits(), "no work waited");
    stop(listener, loop);
  }

  /** Reserved before, more slots that become free meanwhile would be of no use. */
  @Test
  void room_is_reserved_when_the_receive_may_be_sent() throws Exception {
    rig.room.slots().expect(3);
    playEmpty(1);
    QueueListener listener = listener(6);
    FutureTask<Void> loop = run(listener);
    awaitReceives(1);
    eventually(() -> clock.waiters() == 1);
    rig.room.slots().expectNoMore();
    rig.room.slots().expectNoMore();
    clock.advance(Duration.ofSeconds(10));
    awaitReceives(2);

    assertEquals(List.of(1, 3), backlog.asked);
    stop(listener, loop);
  }

  @Test
  void room_that_is_gone_when_the_receive_may_be_sent_is_waited_for() throws Exception {
    playEmpty(1);
    QueueListener listener = listener(6);
    FutureTask<Void> loop = run(listener);
    awaitReceives(1);
    eventually(() -> clock.waiters() == 1);
    rig.room.slots().expect(SLOTS);
    clock.advance(Duration.ofSeconds(10));
    eventually(() -> clock.waiters() == 0);
    assertEquals(1, backlog.asked.size());
    rig.room.slots().expectNoMore();
    awaitReceives(2);

    assertEquals(List.of(4, 1), backlog.asked);
    stop(listener, loop);
  }

  @Test
  void that_the_poll_rate_keeps_work_waiting_is_told() throws Exception {
    rig.room.slots().expect(3);
    play(_ -> backlog.deliveries(1));
    play(_ -> List.of());
    QueueListener listener = listener(6);
    FutureTask<Void> loop = run(listener);
    awaitReceives(1);
    eventually(() -> rig.room.inFlight().size() == 1);
    clock.advance(Duration.ofSeconds(4));
    rig.room.slots().expectNoMore(); // there is room for another
    eventually(() -> clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(6));
    awaitReceives(2);
    eventually(() -> clock.waiters() == 1);

    assertEquals(
        List.of(new WorkEvent.PollRateWait(Duration.ofSeconds(6))),
        pollRateWaits(),
        "after a receive that came back full, not after an empty one");
    stop(listener, loop);
  }

  @Test
  void after_a_receive_that_fails_the_next_waits_and_an_answer_ends_the_waiting() throws Exception {
    playFailure();
    playFailure();
    playLongPoll();
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    for (int receives = 1; receives <= 2; receives++) {
      awaitReceives(receives);
      eventually(() -> clock.waiters() == 1);
      assertEquals("ReceiveMessage", failing());
      clock.advance(Duration.ofSeconds(1));
    }
    awaitReceives(4);
    assertEquals("", failing());
    stop(listener, loop);
  }

  private String failing() {
    var first = rig.outage.first();
    return first == null ? "" : first.action();
  }

  /** As it may at the limit of messages in flight, of which SQS says nothing to a long poll. */
  @Test
  void long_polls_that_bring_nothing_at_once_are_made_again_later_and_later() throws Exception {
    playEmpty(3);
    playLongPoll();
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    awaitAsTimePasses(clock, Duration.ofMillis(10), () -> backlog.asked.size() == 5);

    for (int i = 1; i <= 3; i++) {
      long gap = backlog.sentAt.get(i) - backlog.sentAt.get(i - 1);
      assertTrue(gap >= Duration.ofMillis(25L << i).toNanos(), i + ": " + gap + " ns");
    }
    assertEquals("", failing(), "it is no failure");
    stop(listener, loop);
  }

  /** A box that is about to end for want of jobs asks for shorter ones than we do. */
  @Test
  void a_long_poll_that_waited_for_a_second_is_followed_by_the_next_at_once() throws Exception {
    for (int i = 0; i < 3; i++) {
      play(
          _ -> {
            clock.advance(Duration.ofSeconds(1));
            return List.of();
          });
    }
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);

    awaitReceives(4);
    stop(listener, loop);
  }

  @Test
  void nothing_is_received_while_it_could_not_be_worked_on() throws Exception {
    nanosAway.set(Duration.ofSeconds(30).toNanos());
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    eventually(() -> clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(1));
    eventually(() -> clock.waiters() == 1);
    assertEquals(List.of(), backlog.asked);
    nanosAway.set(0);
    clock.advance(Duration.ofSeconds(1));

    awaitReceives(1);
    stop(listener, loop);
  }

  @Test
  void a_stop_ends_the_wait_for_a_turn_and_the_wait_for_room() throws Exception {
    nanosAway.set(Long.MAX_VALUE / 2);
    QueueListener waitsForTurn = listener(1_000_000);
    FutureTask<Void> loop = run(waitsForTurn);
    eventually(() -> clock.waiters() == 1);
    stop(waitsForTurn, loop);

    nanosAway.set(0);
    permits = new ReceivePermits(rig.room, 2 * SLOTS + 20, clock);
    rig.room.slots().expect(SLOTS);
    QueueListener waitsForRoom = listener(1_000_000);
    stop(waitsForRoom, run(waitsForRoom));
    assertEquals(List.of(), backlog.asked);
  }

  @Test
  void what_a_receive_brings_after_the_stop_is_taken_in_hand() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    play(
        _ -> {
          letGo.await();
          return backlog.deliveries(2);
        });
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    awaitReceives(1);
    listener.stop();
    loop.get(30, TimeUnit.SECONDS);
    assertFalse(permits.awaitNoReceives(0));
    letGo.countDown();

    assertTrue(permits.awaitNoReceives(Duration.ofSeconds(30).toNanos()));
    assertEquals(2, rig.room.inFlight().size());
    assertEquals(1, backlog.asked.size());
  }

  @Test
  void a_cut_ends_a_long_poll_that_is_under_way() throws Exception {
    QueueListener listener = listener(1_000_000);
    FutureTask<Void> loop = run(listener);
    awaitReceives(1);
    listener.stop();
    loop.get(30, TimeUnit.SECONDS);
    listener.cut();

    assertTrue(permits.awaitNoReceives(Duration.ofSeconds(30).toNanos()));
    assertTrue(rig.recorder.all.contains(new WorkEvent.Received(0)));
  }

  /** Its thread may begin to run when all others have been cut: nobody would cut its long poll. */
  @Test
  void a_receive_that_begins_after_the_cut_makes_no_call() throws Exception {
    QueueListener listener = listener(1_000_000);
    listener.cut();
    FutureTask<Void> loop = run(listener);
    eventually(
        () -> {
          clock.advance(Duration.ofMillis(1));
          return rig.recorder.all.contains(new WorkEvent.Received(0));
        });
    listener.stop();
    loop.get(30, TimeUnit.SECONDS);

    assertTrue(permits.awaitNoReceives(Duration.ofSeconds(30).toNanos()));
    assertEquals(List.of(), backlog.asked);
    assertTrue(rig.recorder.all.stream().noneMatch(WorkEvent.Requested.class::isInstance));
  }
}
