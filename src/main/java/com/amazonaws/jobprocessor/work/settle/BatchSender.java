package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.Pause;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends entries in batches of up to ten, on the threads of those who wait for them: whose entry is
 * the first of a batch makes the call for all. Whatever is ready when a call returns goes into the
 * next one, so that a lone entry never waits and a busy worker fills its tens. More calls go side
 * by side only while there are ten entries for each, or when those under way take too long. An
 * entry is sent again until SQS takes or refuses it or it expires; no call begins with an expired
 * entry.
 */
final class BatchSender<E extends BatchEntry> {
  private static final int MAX_CALLS = 16;

  /** Longer than a call takes that is well: for so long a batch that is not full waits for it. */
  private static final long SLOW_CALL = Duration.ofMillis(250).toNanos();

  /** Within this time after a call has returned, entries of the work that it made room for come. */
  private static final long FOLLOWERS = Duration.ofMillis(1).toNanos();

  private static final long ENTRY_RETRY = Duration.ofMillis(200).toNanos();
  private static final long NEVER = Long.MAX_VALUE;

  private final BatchCall<E> call;
  private final LongSupplier linger;
  private final MonotonicClock clock;
  private final Outage outage;
  private final Pause pause;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<BatchWaiter<E>> ready = new ArrayDeque<>();
  private int waiting;
  private int calls;
  private long lastReturn;
  private boolean hurry;

  /**
   * A lane.
   *
   * @param linger for how long an entry that comes now may wait for its batch to be filled, in
   *     nanoseconds, at most 250 ms; asked again and again
   */
  BatchSender(BatchCall<E> call, LongSupplier linger, MonotonicClock clock, Outage outage) {
    this.call = call;
    this.linger = linger;
    this.clock = clock;
    this.outage = outage;
    this.pause = new Pause(clock);
    this.lastReturn = clock.nanoTime() - FOLLOWERS;
  }

  /** Sends an entry, together with others; waits until it is known what came of it. */
  Sent send(E entry) throws InterruptedException {
    lock.lock();
    BatchWaiter<E> me = new BatchWaiter<>(entry, lock.newCondition());
    try {
      waiting++;
      me.since = clock.nanoTime();
      while (true) {
        Sent sent = awaitTurn(me);
        if (sent != null) {
          return sent;
        }
        if (me.failedAlone) {
          awaitEntryRetry(me);
        }
        me.since = clock.nanoTime() - SLOW_CALL;
      }
    } catch (InterruptedException e) {
      ready.remove(me);
      wakeFirst();
      throw e;
    } finally {
      waiting--;
      if (waiting == 0 && me.sent instanceof Sent.Expired) {
        outage.givenUp(call.action(), call.queue());
      }
      lock.unlock();
    }
  }

  /** Waits in line until the entry was in a call; null if it is to be sent once more. */
  private @Nullable Sent awaitTurn(BatchWaiter<E> me) throws InterruptedException {
    me.called = false;
    me.failedAlone = false;
    ready.add(me);
    // Who fills a batch makes its call, since that thread is awake; but only if its entry is in it:
    // else nobody would wait for the entry's turn while the call is under way.
    boolean mayLead = isOneBatch();
    while (me.sent == null && !me.called) {
      long wait = nanosUntilDue();
      if (wait <= 0 && (mayLead || ready.peek() == me)) {
        makeCall();
      } else if (ready.peek() == me) {
        if (wait == NEVER) {
          me.wake.await();
        } else {
          clock.await(me.wake, wait);
        }
      } else {
        if (wait <= 0) {
          wakeFirst();
        }
        me.wake.await();
      }
      mayLead = false;
    }
    return me.sent;
  }

  /** True if all that is ready fits one call. */
  private boolean isOneBatch() {
    return ready.size() <= MessageFormat.MAX_BATCH
        && ready.stream().mapToLong(waiter -> waiter.entry.bytes()).sum()
            <= MessageFormat.MAX_BYTES;
  }

  /**
   * SQS could not take this entry, but perhaps others: it is sent again without holding them up,
   * ever later.
   */
  private void awaitEntryRetry(BatchWaiter<E> me) throws InterruptedException {
    long least = ENTRY_RETRY + ThreadLocalRandom.current().nextLong(ENTRY_RETRY);
    long until = clock.nanoTime() + Math.max(least, me.backoff.failed());
    for (long left = 1; left > 0 && !me.entry.isExpired(clock.nanoTime()); ) {
      left = until - clock.nanoTime();
      if (left > 0) {
        clock.await(me.wake, left);
      }
    }
  }

  private void wakeFirst() {
    BatchWaiter<E> first = ready.peek();
    if (first != null) {
      first.wake.signal();
    }
  }

  private long nanosUntilDue() {
    if (ready.isEmpty() || calls >= MAX_CALLS) {
      return NEVER;
    }
    long paused = pause.nanosLeft();
    if (paused > 0) {
      return paused;
    }
    if (hurry || ready.size() >= MessageFormat.MAX_BATCH) {
      return 0;
    }
    long since = ready.element().since;
    if (calls > 0) {
      return since + SLOW_CALL - clock.nanoTime();
    }
    long longest = linger.getAsLong();
    long due = since + longest;
    long followed = lastReturn + Math.min(longest, FOLLOWERS);
    return (followed - due > 0 ? followed : due) - clock.nanoTime();
  }

  /** Makes a call with the first in line; the lock is not held meanwhile. */
  private void makeCall() throws InterruptedException {
    calls++;
    List<BatchWaiter<E>> batch = takeBatch();
    wakeFirst();
    lock.unlock();
    try {
      if (!batch.isEmpty()) {
        send(batch);
      }
    } finally {
      lock.lock();
      calls--;
      lastReturn = clock.nanoTime();
      for (BatchWaiter<E> waiter : batch) {
        waiter.called = true;
        waiter.wake.signal();
      }
      wakeFirst();
    }
  }

  private List<BatchWaiter<E>> takeBatch() {
    List<BatchWaiter<E>> batch = new ArrayList<>(MessageFormat.MAX_BATCH);
    long now = clock.nanoTime();
    int bytes = 0;
    while (!ready.isEmpty() && batch.size() < MessageFormat.MAX_BATCH) {
      BatchWaiter<E> next = ready.element();
      if (next.entry.isExpired(now)) {
        next.sent = Sent.EXPIRED;
        next.wake.signal();
      } else {
        bytes += next.entry.bytes();
        if (!batch.isEmpty() && bytes > MessageFormat.MAX_BYTES) {
          break;
        }
        batch.add(next);
      }
      ready.remove();
    }
    return batch;
  }

  private void send(List<BatchWaiter<E>> batch) throws InterruptedException {
    try {
      List<Answer> answers = call.send(batch.stream().map(waiter -> waiter.entry).toList());
      pause.worked();
      if (answers.stream().allMatch(Answer.Failed.class::isInstance)) {
        tellFailure((Answer.Failed) answers.getFirst());
      } else {
        outage.over(call.action(), call.queue());
      }
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answered(answers.get(i), clock.nanoTime());
      }
    } catch (CallFailed e) {
      if (e.kind() != CallFailed.Kind.REFUSED) {
        failed(batch, e);
      } else if (batch.size() == 1) {
        batch.getFirst().sent = new Sent.Refused(e.code(), String.valueOf(e.getMessage()));
      } else {
        // One entry's content can make SQS refuse the batch as a whole.
        for (BatchWaiter<E> waiter : batch) {
          sendAlone(waiter);
        }
      }
    } catch (InterruptedException e) {
      batch.forEach(BatchWaiter::unanswered);
      throw e;
    }
  }

  /** SQS has answered, but took nothing: that is an outage like any other. */
  private void tellFailure(Answer.Failed first) {
    Exception cause = new IllegalStateException("no entry of the batch was taken");
    CallFailed.Kind kind = CallFailed.Kind.REJECTED;
    CallFailed failure = new CallFailed(first.code(), first.message(), kind, cause);
    outage.failed(call.action(), call.queue(), failure);
  }

  private void sendAlone(BatchWaiter<E> waiter) throws InterruptedException {
    if (waiter.entry.isExpired(clock.nanoTime())) {
      waiter.sent = Sent.EXPIRED;
    } else {
      send(List.of(waiter));
    }
  }

  private void failed(List<BatchWaiter<E>> batch, CallFailed failure) {
    outage.failed(call.action(), call.queue(), failure);
    pause.failed();
    if (failure.kind() == CallFailed.Kind.UNKNOWN) {
      batch.forEach(BatchWaiter::unanswered);
      return;
    }
    long now = clock.nanoTime();
    for (BatchWaiter<E> waiter : batch) {
      waiter.failed(failure.code(), String.valueOf(failure.getMessage()), now);
    }
  }

  /** Entries that wait for their call, or are in one. */
  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing lingers. */
  void hurry() {
    lock.lock();
    try {
      hurry = true;
      wakeFirst();
    } finally {
      lock.unlock();
    }
  }
}
