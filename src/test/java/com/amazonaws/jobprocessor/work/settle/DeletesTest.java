package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeletesTest {
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final List<WorkEvent> events = new CopyOnWriteArrayList<>();
  private final WorkerRuntime runtime =
      new WorkerRuntime(clock, new WorkThreads(_ -> {}), new Outage(clock), events::add);
  private final InMemoryQueue backlog = new InMemoryQueue("todo", clock);
  private final Deletes deletes = new Deletes(backlog, LEASE, runtime);

  private static Message receive(InMemoryQueue queue, SettableClock clock) throws Exception {
    queue.put("job");
    long sentAt = clock.nanoTime();
    Delivery delivery = queue.receive(1, Duration.ZERO, LEASE).getFirst();
    return Message.of(delivery, new Lease(sentAt, LEASE), 1);
  }

  private Message receive() throws Exception {
    return receive(backlog, clock);
  }

  /** Starts a delete; returns when it waits, or has ended. */
  private FutureTask<Boolean> delete(Deletes from, Message message) {
    FutureTask<Boolean> task = new FutureTask<>(() -> from.delete(message));
    int before = from.waiting();
    Thread.ofVirtual().start(task);
    eventually(() -> task.isDone() || from.waiting() > before);
    return task;
  }

  private static boolean result(FutureTask<Boolean> delete) throws Exception {
    return delete.get(30, TimeUnit.SECONDS);
  }

  @Test
  void deletes_linger_for_a_tenth_of_a_second_to_share_their_request() throws Exception {
    FutureTask<Boolean> first = delete(deletes, receive());
    clock.advance(Duration.ofMillis(99));
    FutureTask<Boolean> second = delete(deletes, receive());
    assertEquals(2, deletes.waiting());
    clock.advance(Duration.ofMillis(1));

    assertTrue(result(first) && result(second));
    assertEquals(List.of(), backlog.contents());
    assertEquals(1, backlog.calls("delete").size());
    assertEquals(List.of(new WorkEvent.Requested(WorkEvent.Request.DELETE, 2, 0)), events);
    assertEquals(0, deletes.waiting());
  }

  @Test
  void ten_deletes_go_at_once() throws Exception {
    List<FutureTask<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(delete(deletes, receive()));
    }
    for (FutureTask<Boolean> one : all) {
      assertTrue(result(one));
    }
    assertEquals(10, backlog.calls("delete").getFirst().entries());
  }

  @Test
  void a_stop_ends_the_lingering() throws Exception {
    FutureTask<Boolean> waits = delete(deletes, receive());
    deletes.hurry();

    assertTrue(result(waits));
    assertTrue(deletes.delete(receive()));
  }

  /** The next of the group waits for the delete. */
  @Test
  void deletes_from_a_fifo_queue_do_not_linger() throws Exception {
    InMemoryQueue fifo = new InMemoryQueue("todo.fifo", clock);

    assertTrue(new Deletes(fifo, LEASE, runtime).delete(receive(fifo, clock)));
  }

  @Test
  void of_a_short_lease_no_more_than_a_quarter_is_spent_in_lingering() throws Exception {
    Deletes hasty = new Deletes(backlog, Duration.ofMillis(200), runtime);
    FutureTask<Boolean> delete = delete(hasty, receive());
    clock.advance(Duration.ofMillis(50));

    assertTrue(result(delete));
  }

  @Test
  void what_is_delivered_again_while_its_delete_is_under_way_is_deleted_by_its_new_handle()
      throws Exception {
    Message message = receive();
    Deletes played =
        new Deletes(
            PlayedBacklog.ofDeletes(
                handles -> {
                  if (handles.equals(List.of("todo-1#1"))) {
                    message.adopt(
                        new Delivery("todo-1", "todo-1#2", "job", Map.of(), 2),
                        new Lease(clock.nanoTime(), LEASE));
                  }
                  return backlog.delete(handles);
                }),
            LEASE,
            runtime);
    played.hurry();

    assertTrue(played.delete(message));
    assertEquals(
        List.of(List.of("todo-1#1"), List.of("todo-1#2")),
        backlog.calls("delete").stream().map(InMemoryQueue.Call::handles).toList());
  }

  @Test
  void what_sqs_refuses_to_delete_is_lost_and_said_no_more_of() throws Exception {
    deletes.hurry();
    backlog.answerNext(new Answer.Refused("ReceiptHandleIsInvalid", ""));
    Message message = receive();

    assertFalse(deletes.delete(message));
    assertTrue(message.lease().isOver(clock.nanoTime()));
    assertFalse(deletes.delete(message));
    assertEquals(1, backlog.calls("delete").size());
  }

  @Test
  void a_delete_that_fails_is_made_again_until_the_lease_is_over() throws Exception {
    deletes.hurry();
    Message message = receive();
    backlog.failNext(
        new CallFailed("Away", "", CallFailed.Kind.UNKNOWN, new IllegalStateException()));
    FutureTask<Boolean> again = delete(deletes, message);
    eventually(() -> clock.waiters() == 1);
    clock.advance(Duration.ofSeconds(1));
    assertTrue(result(again));

    backlog.answerNext(new Answer.Failed("InternalError", ""));
    FutureTask<Boolean> over = delete(deletes, receive());
    eventually(() -> clock.waiters() == 1);
    clock.advance(LEASE);
    assertFalse(result(over));
    assertEquals(3, backlog.calls("delete").size());
  }
}
