package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The loop: whenever there is room, and the poll rate allows it, receive jobs and put them in line
 * for the slots.
 */
final class QueueListener {
  private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

  /**
   * For so long the jobs of a receive that has emptied the queue go first: a few of the shortest
   * end and have their results sent by then, for which the next long poll would compete with them.
   */
  private static final long GIVE_WAY = Duration.ofMillis(2).toNanos();

  private final Backlog backlog;
  private final InHand inHand;
  private final Arrivals arrivals;
  private final @Nullable Claims claims;
  private final PollRate rate;
  private final Duration wait;
  private final Duration firstLease;
  private final MonotonicClock clock;
  private final Outage outage;
  private final WorkThreads threads;
  private final Vitals vitals;
  private final Duration longestReceive;

  private final Set<Thread> receiving = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Backoff backoff = new Backoff();
  private volatile long pausedUntil;
  private volatile boolean emptied;

  QueueListener(
      WorkSettings settings,
      Backlog backlog,
      InHand inHand,
      Arrivals arrivals,
      @Nullable Claims claims,
      MonotonicClock clock,
      Outage outage,
      WorkThreads threads,
      Vitals vitals) {
    this.backlog = backlog;
    this.inHand = inHand;
    this.arrivals = arrivals;
    this.claims = claims;
    this.rate = new PollRate(settings.pollRatePerMin(), clock.nanoTime());
    this.wait = settings.pollWait();
    this.firstLease = settings.firstLease();
    this.clock = clock;
    this.outage = outage;
    this.threads = threads;
    this.vitals = vitals;
    this.longestReceive = wait.plus(Vitals.USUAL);
    this.pausedUntil = clock.nanoTime();
  }

  void run() throws InterruptedException {
    while (inHand.awaitRoom() && awaitTurn()) {
      int places = inHand.reserve(); // not before its turn: more slots may be free by now
      if (places > 0) {
        rate.sent(clock.nanoTime());
        threads.startVirtual("receive", () -> receive(places));
      }
    }
  }

  /** Waits until the poll rate and the back-off allow a receive; false if the worker stops. */
  private boolean awaitTurn() throws InterruptedException {
    if (emptied && stopped.await(GIVE_WAY, TimeUnit.NANOSECONDS)) {
      return false;
    }
    while (true) {
      long now = clock.nanoTime();
      long nanos = Math.max(rate.nanosUntilNext(now), pausedUntil - now);
      if (claims != null) {
        nanos = Math.max(nanos, claims.nanosAway(now)); // what cannot be claimed is not received
      }
      if (nanos <= 0) {
        return stopped.getCount() > 0;
      }
      if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
  }

  private void receive(int places) {
    receiving.add(Thread.currentThread());
    List<Delivery> deliveries = List.of();
    long sentAt = clock.nanoTime();
    try {
      deliveries = poll(places);
      received();
    } catch (CallFailed e) {
      failed(e);
    } catch (InterruptedException e) {
      // a stop cut the long poll
    } finally {
      receiving.remove(Thread.currentThread());
      emptied = !deliveries.isEmpty() && deliveries.size() < places;
      try (Vitals.Step _ = vitals.step("what a receive has brought")) {
        arrivals.accept(deliveries, sentAt);
        inHand.received(places, deliveries.size());
      }
    }
  }

  private List<Delivery> poll(int places) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.within("ReceiveMessage", longestReceive)) {
      return backlog.receive(places, waitTime(places), firstLease);
    }
  }

  /**
   * One long poll is enough to hear of new jobs; those beside it are there because the queue is
   * full. Nor does one wait long that asks for more than there are free slots: what comes later may
   * be jobs that take longer than those by which it was counted.
   */
  private Duration waitTime(int places) {
    boolean brief = inHand.othersReceive() || inHand.isAhead(places);
    return brief && wait.compareTo(SHORT_WAIT) > 0 ? SHORT_WAIT : wait;
  }

  private synchronized void received() {
    backoff.worked();
    outage.over("ReceiveMessage", backlog.name());
  }

  private synchronized void failed(CallFailed failure) {
    outage.failed("ReceiveMessage", backlog.name(), failure);
    long now = clock.nanoTime();
    if (pausedUntil - now <= 0) {
      pausedUntil = now + backoff.failed();
    }
  }

  /** Begins no further receive. */
  void stop() {
    stopped.countDown();
  }

  /** Cuts the receives that are under way. */
  void cut() {
    receiving.forEach(Thread::interrupt);
  }
}
