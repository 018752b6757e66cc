package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Pause;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.room.PollRate;
import com.amazonaws.jobprocessor.work.room.ReceivePermits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The loop: whenever there is room, and the poll rate allows it, receive messages and hand them to
 * the handler.
 */
final class QueueListener {
  private static final String ACTION = "ReceiveMessage";

  /** What keeps the worker from receiving may end sooner than it was to. */
  private static final long LOOK = Duration.ofSeconds(1).toNanos();

  private static final long TOO_SOON = Duration.ofMillis(500).toNanos();

  private static final Duration MAX_WAIT_AHEAD = Duration.ofSeconds(1);

  private final WorkSettings.Polling polling;
  private final Backlog backlog;
  private final ReceivePermits permits;
  private final MessageHandler handler;
  private final LongSupplier nanosAway;
  private final WorkerRuntime runtime;
  private final PollRate rate;
  private final Pause pause;

  private final Set<Thread> receiving = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private boolean stopped;
  private volatile boolean workWaits;
  private volatile boolean cut;

  /**
   * A listener.
   *
   * @param nanosAway for how long nothing is to be received, because it could not be worked on
   */
  QueueListener(
      WorkSettings.Polling polling,
      Backlog backlog,
      ReceivePermits permits,
      MessageHandler handler,
      LongSupplier nanosAway,
      WorkerRuntime runtime) {
    this.polling = polling;
    this.backlog = backlog;
    this.permits = permits;
    this.handler = handler;
    this.nanosAway = nanosAway;
    this.runtime = runtime;
    this.rate = new PollRate(polling.ratePerMin(), runtime.now());
    this.pause = new Pause(runtime.clock());
  }

  /** Room is reserved last, when the receive may be sent: until then more may have become free. */
  void run() throws InterruptedException {
    while (permits.awaitRoom() && awaitTurn()) {
      ReceivePermits.Permit permit = permits.reserve();
      if (permit != null) {
        rate.sent(runtime.now());
        runtime.threads().startVirtual("receive", () -> receive(permit));
      }
    }
  }

  /** Waits until the poll rate and the back-off allow a receive; false if the worker stops. */
  private boolean awaitTurn() throws InterruptedException {
    tellOfPollRate();
    lock.lock();
    try {
      while (!stopped) {
        long away = Math.max(pause.nanosLeft(), nanosAway.getAsLong());
        long nanos = Math.max(rate.nanosUntilNext(runtime.now()), away);
        if (nanos <= 0) {
          return true;
        }
        runtime.clock().await(stopping, Math.min(nanos, LOOK));
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tellOfPollRate() {
    long nanos = rate.nanosUntilNext(runtime.now());
    if (workWaits && nanos > 0 && pause.nanosLeft() <= 0 && nanosAway.getAsLong() <= 0) {
      runtime.tell(new WorkEvent.PollRateWait(Duration.ofNanos(nanos)));
    }
  }

  private void receive(ReceivePermits.Permit permit) {
    int max = permit.messages();
    receiving.add(Thread.currentThread());
    List<Delivery> deliveries = List.of();
    long sentAt = runtime.now();
    boolean sent = !cut;
    boolean answered = true;
    try {
      if (!cut) {
        Duration wait = longPoll(permit);
        deliveries = backlog.receive(max, wait, polling.firstLease());
        if (deliveries.isEmpty() && cameTooSoon(sentAt, wait)) {
          pause.failed();
        } else {
          pause.worked();
        }
        runtime.outage().over(ACTION, backlog.name());
      }
    } catch (CallFailed e) {
      sent = e.sent();
      answered = false;
      runtime.outage().failed(ACTION, backlog.name(), e);
      pause.failed();
    } catch (InterruptedException e) {
      // a stop cut the long poll
    } finally {
      receiving.remove(Thread.currentThread());
      tell(deliveries);
      if (sent) {
        tellOfRequest(deliveries, answered);
      }
      handler.accept(deliveries, sentAt, polling.firstLease());
      workWaits = deliveries.size() == max;
      permits.received(max, deliveries.size());
    }
  }

  /**
   * A long poll that brings nothing takes as long as it may wait, a second at least. One that does
   * not, as may be at the limit of messages in flight, would have us ask as fast as the poll rate
   * allows.
   */
  private boolean cameTooSoon(long sentAt, Duration wait) {
    return wait.isPositive() && runtime.now() - sentAt < TOO_SOON;
  }

  private Duration longPoll(ReceivePermits.Permit permit) {
    Duration wait = polling.longPoll();
    return permit.ahead() && wait.compareTo(MAX_WAIT_AHEAD) > 0 ? MAX_WAIT_AHEAD : wait;
  }

  private void tell(List<Delivery> deliveries) {
    Long oldest = null;
    for (Delivery delivery : deliveries) {
      Long sentAt = delivery.sentAtMillis();
      if (sentAt != null && (oldest == null || sentAt < oldest)) {
        oldest = sentAt;
      }
    }
    runtime.tell(new WorkEvent.Received(deliveries.size(), oldest));
  }

  private void tellOfRequest(List<Delivery> deliveries, boolean answered) {
    long characters = 0;
    for (Delivery delivery : deliveries) {
      characters += delivery.body().length();
    }
    runtime.tell(
        new WorkEvent.Requested(
            WorkEvent.Request.RECEIVE, deliveries.size(), characters, answered));
  }

  /** Begins no further receive. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
    permits.close();
  }

  /** Cuts the receives that are under way, and those that are about to begin. */
  void cut() {
    cut = true;
    receiving.forEach(Thread::interrupt);
  }
}
