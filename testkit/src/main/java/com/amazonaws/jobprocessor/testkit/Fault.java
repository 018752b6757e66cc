package com.amazonaws.jobprocessor.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A fault that is set in a {@link FaultyProxy}: how often it struck, and how to end it. */
public final class Fault {

  /** What happens to a call. */
  sealed interface Effect {
    record Answer(int status, String code, String message) implements Effect {}

    record RawAnswer(int status, String json) implements Effect {}

    record Rewrite(UnaryOperator<String> rewrite) implements Effect {}

    record Hang() implements Effect {}

    record Cut() implements Effect {}

    record LoseAnswer() implements Effect {}

    record Delay(Duration time) implements Effect {}

    record HoldAfter() implements Effect {}

    record PartialFail(int entries, String code, boolean senderFault) implements Effect {}
  }

  private final String action;
  private final String queue;
  private final String text;
  private final Effect effect;
  private final CountDownLatch released = new CountDownLatch(1);
  private int toSkip;
  private long left;
  private int hits;

  Fault(String action, String queue, String text, int toSkip, long times, Effect effect) {
    this.action = action;
    this.queue = queue;
    this.text = text;
    this.toSkip = toSkip;
    this.left = times;
    this.effect = effect;
  }

  /** How many calls it struck. */
  public synchronized int hits() {
    return hits;
  }

  /** Waits until a call was struck: it hangs or is held now. */
  public void awaitHit(Duration timeout) throws InterruptedException {
    awaitHits(1, timeout);
  }

  public synchronized void awaitHits(int number, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (hits < number) {
      long rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (rest <= 0) {
        throw new AssertionError(this + ": not " + number + " in " + timeout);
      }
      wait(rest);
    }
  }

  /** Lets go on what hangs or is held, unless its client has gone; strikes no more. */
  public void release() {
    clear();
    released.countDown();
  }

  /** Strikes no more; what hangs or is held stays so. */
  public synchronized void clear() {
    left = 0;
  }

  Effect effect() {
    return effect;
  }

  void awaitRelease() throws InterruptedException {
    released.await();
  }

  /** Whether this call is one to strike; counts it. */
  synchronized boolean strikes(Call call) {
    if (left == 0 || !(action.equals(FaultyProxy.ANY) || action.equals(call.action()))) {
      return false;
    }
    if (!queue.isEmpty() && !queue.equals(call.queue())) {
      return false;
    }
    if (!text.isEmpty() && !call.request().toString().contains(text)) {
      return false;
    }
    if (toSkip > 0) {
      toSkip--;
      return false;
    }
    left--;
    return true;
  }

  /** Tells those who wait that the call is where the fault wants it. */
  synchronized void hit() {
    hits++;
    notifyAll();
  }

  @Override
  public synchronized String toString() {
    return effect + " on " + action + " " + queue + ", hits " + hits;
  }
}
