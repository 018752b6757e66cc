package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends entries in batches of up to ten: whatever is ready when a call returns goes into the next
 * one, so that a lone entry never waits and a busy worker fills its tens. More calls go side by
 * side only while there are ten entries for each, or when those under way take too long. An entry
 * is sent again until SQS takes or refuses it or its lease is over; no call begins with an entry
 * whose lease is over.
 */
final class GroupCommit<E extends GroupCommit.Entry> {
  /** Something to be sent for a job. */
  interface Entry {
    Job job();

    /** Bytes that count towards SQS's limit of a batch. */
    int bytes();

    /** True if it may not be sent any more. */
    default boolean isExpired(long now) {
      return job().lease().isOver(now);
    }
  }

  /** What is sent how, and what becomes of it. Called by the senders' threads. */
  interface Channel<E> {
    /** For the log, e.g. {@code SendMessageBatch}. */
    String action();

    /** For the log. */
    String queue();

    List<Answer> call(List<E> batch) throws CallFailed, InterruptedException;

    void accepted(E entry);

    void refused(E entry, String code, String message);

    /** The lease was over before the entry could be sent: it was dropped. */
    void expired(E entry);

    /**
     * A call with the entry brought no answer, so it may have had its effect. True if the entry is
     * to be sent again as it is; else the channel sees to it.
     */
    default boolean mayRepeat(E entry) {
      return true;
    }

    /**
     * SQS said no, for a reason that may pass. True if the entry is to be sent again; else the
     * channel sees to it.
     */
    default boolean mayRetry(E entry, String code, String message) {
      return true;
    }
  }

  private static final int MOST_SENDERS = 16;

  /** Longer than a call takes that is well: for so long a batch that is not full waits for it. */
  private static final long PATIENCE = Duration.ofMillis(250).toNanos();

  private static final long ENTRY_RETRY = Duration.ofMillis(200).toNanos();

  private record Waiting<E>(E entry, long since) {}

  private record Delayed<E>(E entry, long until) {}

  private final Channel<E> channel;
  private final Vitals vitals;
  private final String afterwards;
  private final long linger;
  private final MonotonicClock clock;
  private final Outage outage;
  private final WorkThreads threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting<E>> ready = new ArrayDeque<>();
  private final PriorityQueue<Delayed<E>> delayed =
      new PriorityQueue<>((one, other) -> Long.signum(one.until() - other.until()));
  private final Backoff backoff = new Backoff();
  private int senders;
  private int calls;
  private long pausedUntil;
  private boolean hurry;

  /**
   * Entries may linger for so long while their batch is not full; zero for those that somebody
   * waits for.
   */
  GroupCommit(
      Channel<E> channel,
      Duration linger,
      MonotonicClock clock,
      Outage outage,
      WorkThreads threads,
      Vitals vitals) {
    this.channel = channel;
    this.vitals = vitals;
    this.afterwards = "what follows " + channel.action();
    this.linger = linger.toNanos();
    this.clock = clock;
    this.outage = outage;
    this.threads = threads;
    this.pausedUntil = clock.nanoTime();
  }

  /** Takes an entry; returns at once. */
  void submit(E entry) {
    lock.lock();
    try {
      ready.add(new Waiting<>(entry, clock.nanoTime()));
      if (senders == calls && senders < MOST_SENDERS) {
        startSender();
      } else if (hurry
          || ready.size() % MessageFormat.MAX_BATCH == 0
          || (calls == 0 && (linger == 0 || ready.size() == 1))) {
        changed.signal(); // one of them: a batch wants one call
      }
    } finally {
      lock.unlock();
    }
  }

  /** Entries that wait for their call. */
  int waiting() {
    lock.lock();
    try {
      return ready.size() + delayed.size();
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing lingers. */
  void hurry() {
    lock.lock();
    try {
      hurry = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void startSender() {
    senders++;
    threads.startVirtual("sender", this::sendAll);
  }

  private void sendAll() throws InterruptedException {
    for (List<E> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
      try {
        send(batch);
      } finally {
        callEnded();
      }
    }
  }

  private void callEnded() {
    lock.lock();
    try {
      calls--;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a batch is due; an empty one ends the sender. */
  private List<E> nextBatch() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = clock.nanoTime();
        wakeDelayed(now);
        if (ready.isEmpty() && delayed.isEmpty()) {
          senders--;
          return List.of();
        }
        long wait = nanosUntilDue(now);
        if (wait <= 0) {
          return takeBatch();
        }
        changed.awaitNanos(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  private void wakeDelayed(long now) {
    while (!delayed.isEmpty() && delayed.peek().until() - now <= 0) {
      ready.add(new Waiting<>(delayed.remove().entry(), now - linger));
    }
  }

  private long nanosUntilDue(long now) {
    if (isPaused()) {
      return pausedUntil - now;
    }
    if (ready.isEmpty()) {
      return delayed.element().until() - now;
    }
    if (hurry || ready.size() >= MessageFormat.MAX_BATCH) {
      return 0;
    }
    long since = ready.element().since();
    return (calls == 0 ? since + linger : since + Math.max(linger, PATIENCE)) - now;
  }

  private boolean isPaused() {
    return pausedUntil - clock.nanoTime() > 0;
  }

  private List<E> takeBatch() {
    calls++;
    List<E> batch = new ArrayList<>(MessageFormat.MAX_BATCH);
    int bytes = 0;
    while (!ready.isEmpty() && batch.size() < MessageFormat.MAX_BATCH) {
      bytes += ready.element().entry().bytes();
      if (!batch.isEmpty() && bytes > MessageFormat.MAX_BYTES) {
        break;
      }
      batch.add(ready.remove().entry());
    }
    if (!ready.isEmpty() && senders == calls && senders < MOST_SENDERS) {
      startSender(); // should this call hang, somebody has to send the rest
    }
    return batch;
  }

  private void send(List<E> batch) throws InterruptedException {
    List<E> live = dropExpired(batch);
    if (live.isEmpty()) {
      outage.over(channel.action(), channel.queue());
      return;
    }
    try {
      List<Answer> answers = call(live);
      worked();
      settle(live, answers);
    } catch (CallFailed e) {
      if (e.kind() != CallFailed.Kind.REFUSED) {
        failed(live, e);
      } else if (live.size() == 1) {
        settle(live, List.of(new Answer.Refused(e.code(), String.valueOf(e.getMessage()))));
      } else {
        sendOneByOne(live);
      }
    }
  }

  private List<Answer> call(List<E> batch) throws CallFailed, InterruptedException {
    try (Vitals.Step _ = vitals.step(channel.action())) {
      return channel.call(batch);
    }
  }

  private List<E> dropExpired(List<E> batch) {
    long now = clock.nanoTime();
    List<E> live = new ArrayList<>(batch.size());
    try (Vitals.Step _ = vitals.step(afterwards)) {
      for (E entry : batch) {
        if (entry.isExpired(now)) {
          channel.expired(entry);
        } else {
          live.add(entry);
        }
      }
    }
    return live;
  }

  /** One entry's content can make SQS refuse the batch as a whole. */
  private void sendOneByOne(List<E> batch) throws InterruptedException {
    for (E entry : batch) {
      send(List.of(entry));
    }
  }

  private void settle(List<E> batch, List<Answer> answers) {
    try (Vitals.Step _ = vitals.step(afterwards)) {
      for (int i = 0; i < batch.size(); i++) {
        settle(batch.get(i), answers.get(i));
      }
    }
  }

  private void settle(E entry, Answer answer) {
    switch (answer) {
      case Answer.Accepted _ -> channel.accepted(entry);
      case Answer.Refused refused -> channel.refused(entry, refused.code(), refused.message());
      case Answer.Failed failed -> {
        if (channel.mayRetry(entry, failed.code(), failed.message())) {
          later(entry);
        }
      }
    }
  }

  /** Sends the entry once more after a while, without holding up the others. */
  private void later(E entry) {
    long jitter = ThreadLocalRandom.current().nextLong(ENTRY_RETRY);
    lock.lock();
    try {
      delayed.add(new Delayed<>(entry, clock.nanoTime() + ENTRY_RETRY + jitter));
      if (senders == 0) {
        startSender();
      } else {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void worked() {
    outage.over(channel.action(), channel.queue());
    lock.lock();
    try {
      backoff.worked();
      pausedUntil = clock.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private boolean maySendAgain(E entry, CallFailed failure) {
    try (Vitals.Step _ = vitals.step(afterwards)) {
      return failure.kind() == CallFailed.Kind.UNKNOWN
          ? channel.mayRepeat(entry)
          : channel.mayRetry(entry, failure.code(), String.valueOf(failure.getMessage()));
    }
  }

  private void failed(List<E> batch, CallFailed failure) {
    outage.failed(channel.action(), channel.queue(), failure);
    List<E> again = batch.stream().filter(entry -> maySendAgain(entry, failure)).toList();
    lock.lock();
    try {
      long now = clock.nanoTime();
      if (!isPaused()) {
        pausedUntil = now + backoff.failed();
      }
      for (E entry : again) {
        ready.add(new Waiting<>(entry, now - linger));
      }
    } finally {
      lock.unlock();
    }
  }
}
