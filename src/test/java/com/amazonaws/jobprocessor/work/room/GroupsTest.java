package com.amazonaws.jobprocessor.work.room;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GroupsTest {
  private final SettableClock clock = new SettableClock();
  private final Groups groups = new Groups(clock);

  private Message message(String group, String id) {
    return Messages.ofGroup(group, id, clock);
  }

  private FutureTask<Boolean> turn(Message message) {
    FutureTask<Boolean> turn = new FutureTask<>(() -> groups.awaitTurn(message));
    Thread thread = Thread.ofVirtual().start(turn);
    eventually(() -> turn.isDone() || thread.getState() == Thread.State.WAITING);
    return turn;
  }

  private static boolean result(FutureTask<Boolean> turn) throws Exception {
    return turn.get(30, TimeUnit.SECONDS);
  }

  @Test
  void messages_without_a_group_pass() throws Exception {
    Message a = Messages.message("a", clock);
    Message b = Messages.message("b", clock);

    assertTrue(groups.enter(a) && groups.enter(b));
    assertTrue(groups.awaitTurn(b));
    groups.leave(b, true);
    groups.close();
    assertTrue(groups.enter(a), "it is given back by others");
    assertTrue(groups.isEmpty());
  }

  @Test
  void of_each_group_the_first_has_its_turn_and_the_next_when_it_is_deleted() throws Exception {
    Message a1 = message("a", "a-1");
    Message a2 = message("a", "a-2");
    Message a3 = message("a", "a-3");
    Message b1 = message("b", "b-1");
    assertTrue(groups.enter(a1));
    assertFalse(groups.enter(a2));
    assertFalse(groups.enter(a3));
    assertTrue(groups.enter(b1));
    FutureTask<Boolean> second = turn(a2);
    FutureTask<Boolean> third = turn(a3);
    groups.leave(b1, true);
    assertFalse(second.isDone());
    groups.leave(a1, true);

    assertTrue(result(second));
    assertFalse(third.isDone());
    groups.leave(a2, true);
    assertTrue(result(third));
    groups.leave(a3, true);
    assertTrue(groups.isEmpty());
  }

  @Test
  void a_turn_that_came_before_it_was_waited_for_is_not_lost() throws Exception {
    Message first = message("a", "a-1");
    Message second = message("a", "a-2");
    groups.enter(first);
    groups.enter(second);
    groups.leave(first, true);

    assertTrue(groups.awaitTurn(second));
  }

  @Test
  void when_one_goes_back_so_do_all_behind_it_and_none_overtakes() throws Exception {
    List<Message> line = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      line.add(message("a", "a-" + i));
      groups.enter(line.get(i));
    }
    FutureTask<Boolean> second = turn(line.get(1));
    FutureTask<Boolean> third = turn(line.get(2));
    groups.leave(line.get(0), false);

    assertFalse(result(second));
    assertFalse(result(third));
    assertFalse(groups.awaitTurn(line.get(3)), "who asks late, too");
    Message again = message("a", "a-0");
    assertTrue(groups.enter(again), "its next delivery is the first");
    line.subList(1, 4).forEach(message -> groups.leave(message, false));
    Message behind = message("a", "a-1");
    assertFalse(groups.enter(behind));
    FutureTask<Boolean> turn = turn(behind);
    groups.leave(again, true);
    assertTrue(result(turn));
    groups.leave(behind, true);
    assertTrue(groups.isEmpty());
  }

  /** One in the middle, whose lease was lost while it waited: those before it go on. */
  @Test
  void one_that_leaves_out_of_turn_takes_only_those_behind_it_along() throws Exception {
    Message first = message("a", "a-1");
    Message second = message("a", "a-2");
    Message third = message("a", "a-3");
    List.of(first, second, third).forEach(groups::enter);
    FutureTask<Boolean> behind = turn(third);
    groups.leave(second, false);
    assertFalse(result(behind));
    groups.leave(third, false);
    Message fourth = message("a", "a-4");
    assertFalse(groups.enter(fourth), "the first is still there");
    groups.leave(first, true);

    assertTrue(groups.awaitTurn(fourth));
    groups.leave(fourth, true);
    assertTrue(groups.isEmpty());
  }

  @Test
  void when_the_worker_stops_none_gets_its_turn_any_more() throws Exception {
    Message first = message("a", "a-1");
    Message second = message("a", "a-2");
    groups.enter(first);
    groups.enter(second);
    FutureTask<Boolean> turn = turn(second);
    assertFalse(groups.isClosed());
    groups.close();

    assertFalse(result(turn));
    assertTrue(groups.isClosed());
    Message late = message("b", "b-1");
    assertFalse(groups.enter(late));
    assertFalse(groups.awaitTurn(late));
    groups.leave(late, false);
    groups.leave(second, false);
    groups.leave(first, true);
    assertTrue(groups.isEmpty());
  }

  @Test
  void a_retry_waits_for_its_time_or_for_the_stop_that_leaves_it_the_rest() throws Exception {
    FutureTask<Long> retry = retry(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(9));
    eventually(() -> clock.waiters() == 1);
    assertFalse(retry.isDone());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(0, retry.get(30, TimeUnit.SECONDS));
    assertEquals(0, groups.awaitRetry(0));

    FutureTask<Long> stopped = retry(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(3));
    groups.close();
    assertEquals(Duration.ofSeconds(7).toNanos(), stopped.get(30, TimeUnit.SECONDS));
    assertEquals(5, groups.awaitRetry(5));
    assertEquals(0, groups.awaitRetry(0), "its time has come all the same");
  }

  private FutureTask<Long> retry(Duration delay) {
    FutureTask<Long> retry = new FutureTask<>(() -> groups.awaitRetry(delay.toNanos()));
    Thread.ofVirtual().start(retry);
    eventually(() -> clock.waiters() == 1);
    return retry;
  }

  @Test
  void who_is_interrupted_while_it_waits_leaves_nothing_behind() throws Exception {
    Message first = message("a", "a-1");
    Message second = message("a", "a-2");
    groups.enter(first);
    groups.enter(second);
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Thread waits =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    groups.awaitTurn(second);
                  } catch (InterruptedException e) {
                    thrown.add(e);
                  }
                });
    eventually(() -> waits.getState() == Thread.State.WAITING);
    waits.interrupt();
    waits.join();
    groups.leave(second, false);
    groups.leave(first, true);

    assertEquals(1, thrown.size());
    assertTrue(groups.isEmpty());
  }

  /**
   * As a FIFO queue delivers them: the messages of a group in order, those that went back again
   * from the first on. Each has its turn in the order of its group, and nobody is forgotten.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void groups_keep_their_order_and_nobody_is_forgotten(long seed) throws Exception {
    int total = 120;
    Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
    List<String> broken = new CopyOnWriteArrayList<>();
    List<FutureTask<Void>> queues = new ArrayList<>();
    for (String group : List.of("a", "b", "c", "d")) {
      done.put(group, new AtomicInteger());
      Random random = new Random(seed * 31 + group.charAt(0));
      queues.add(
          new FutureTask<>(
              () -> {
                while (done.get(group).get() < total) {
                  deliver(group, done.get(group), total, random, broken);
                }
                return null;
              }));
    }
    queues.forEach(queue -> Thread.ofVirtual().start(queue));
    for (FutureTask<Void> queue : queues) {
      queue.get(30, TimeUnit.SECONDS);
    }

    assertEquals(List.of(), broken);
    assertTrue(groups.isEmpty());
  }

  /** Delivers some of a group; SQS delivers no more of it while these are in flight. */
  private void deliver(
      String group, AtomicInteger done, int total, Random random, List<String> broken)
      throws InterruptedException {
    int first = done.get();
    List<Message> messages = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int number = first; number < Math.min(total, first + 1 + random.nextInt(6)); number++) {
      messages.add(message(group, group + "-" + number));
      groups.enter(messages.getLast());
    }
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      boolean deleted = random.nextInt(4) > 0;
      int expected = first + i;
      threads.add(Thread.ofVirtual().start(() -> work(message, expected, deleted, done, broken)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void work(
      Message message, int expected, boolean deleted, AtomicInteger done, List<String> broken) {
    try {
      boolean itsTurn = groups.awaitTurn(message);
      if (itsTurn && done.get() != expected) {
        broken.add(message.id() + " after " + done.get());
      }
      Interleaving.here();
      if (itsTurn && deleted) {
        done.incrementAndGet();
      }
      groups.leave(message, itsTurn && deleted);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
