package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Every job between its receive and its end, and the room for more: how many messages the next
 * receive may bring, which job a slot takes next. Receiving stops at 2 × slots + 20 jobs, or when
 * they hold a quarter of the heap.
 */
final class InHand {
  private static final int MOST_RECEIVES = 32;

  private final int slots;
  private final int mostJobs;
  private final long mostBytes;
  private final Turnover turnover;
  private final MonotonicClock clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Condition> idleSlots = new ArrayDeque<>();
  private final Condition fewer = lock.newCondition();
  private final Condition more = lock.newCondition();
  private final Map<String, Job> jobs = new HashMap<>();
  private final ArrayDeque<Job> waiting = new ArrayDeque<>();
  private final ArrayDeque<Job> suspects = new ArrayDeque<>();
  private boolean suspectRuns;
  private boolean slotWakes;
  private final Set<Job> inSlots = new HashSet<>();
  private int claiming;
  private long bytes;
  private int receives;
  private int receivesAllowed = 1;
  private int reserved;
  private boolean closed;
  private boolean emptied;

  /**
   * Room for the jobs of so many slots.
   *
   * @param heapBytes the size of the heap
   * @param ahead how long a job may have to wait for its slot: as many are taken ahead as end in
   *     that time
   */
  InHand(int slots, long heapBytes, Duration ahead, MonotonicClock clock) {
    this.slots = slots;
    this.mostJobs = 2 * slots + 20;
    this.mostBytes = heapBytes / 4;
    this.turnover = new Turnover(ahead, clock);
    this.clock = clock;
  }

  /** Waits until a receive is due; false when there is to be none any more. */
  boolean awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && placesDue() == 0) {
        room.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Reserves all the room that there is for a receive now, 1 to 10 messages; 0 if none is due. */
  int reserve() {
    lock.lock();
    try {
      int places = closed ? 0 : placesDue();
      if (places > 0) {
        receives++;
        reserved += places;
      }
      return places;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages the receive that is due now may bring; 0 if none is due. */
  private int placesDue() {
    int places = receives < receivesAllowed ? freePlaces() : 0;
    boolean idle = receives == 0 && freeSlots() > 0;
    return places >= MessageFormat.MAX_BATCH || idle ? Math.max(0, places) : 0;
  }

  /** Wakes the listener only when there is something for it to do: this is called for every job. */
  private void roomMayHaveChanged() {
    if (placesDue() > 0) {
      room.signal();
    }
  }

  private int freePlaces() {
    int inSlots = freeSlots() + turnover.soon() - reserved;
    int byNumber = mostJobs - jobs.size() - reserved;
    long byBytes = (mostBytes - bytes) / MessageFormat.MAX_BYTES - reserved;
    if (jobs.isEmpty() && reserved == 0) {
      byBytes =
          Math.max(1, byBytes); // one message fits whatever the heap, or nothing would ever be done
    }
    return (int) Math.min(Math.min(inSlots, byNumber), Math.min(byBytes, MessageFormat.MAX_BATCH));
  }

  /** True if another receive is waiting for its answer. */
  boolean othersReceive() {
    lock.lock();
    try {
      return receives > 1;
    } finally {
      lock.unlock();
    }
  }

  /** Below zero if more jobs are in line than slots are free. */
  private int freeSlots() {
    return slots - inSlots.size() - claiming - waiting.size();
  }

  /** True if so many places are more than the slots that wait for a job now. */
  boolean isAhead(int places) {
    lock.lock();
    try {
      return places > freeSlots();
    } finally {
      lock.unlock();
    }
  }

  /** A receive for which so many places were reserved has ended and brought so many messages. */
  void received(int places, int messages) {
    lock.lock();
    try {
      receives--;
      reserved -= places;
      if (messages == places) {
        receivesAllowed =
            Math.min(
                receivesAllowed + 1,
                Math.min(MOST_RECEIVES, 1 + mostJobs / MessageFormat.MAX_BATCH));
      } else {
        receivesAllowed = Math.max(1, messages == 0 ? 1 : receivesAllowed / 2);
      }
      roomMayHaveChanged();
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a job in hand; if the same message is in hand already, that job is returned and the new
   * one is not taken.
   */
  @Nullable Job add(Job job) {
    lock.lock();
    try {
      Job present = jobs.get(job.messageId());
      if (present != null && !present.isReleased()) {
        return present;
      }
      bytes += job.heapBytes() - (present == null ? 0 : present.heapBytes());
      jobs.put(job.messageId(), job);
      more.signalAll();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a job in line for a slot; suspects run one at a time. False if the line was given back
   * because the worker stops, or too many suspects wait.
   */
  boolean offer(Job job, boolean suspect) {
    lock.lock();
    try {
      if (emptied || (suspect && suspects.size() >= mostJobs / 2)) {
        return false;
      }
      job.inLine(clock.nanoTime());
      (suspect ? suspects : waiting).add(job);
      wakeASlot();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** True if the line was given back, because the worker stops. */
  boolean isEmptied() {
    lock.lock();
    try {
      return emptied;
    } finally {
      lock.unlock();
    }
  }

  /** A job that a slot runs now. */
  record Next(Job job, boolean suspect) {}

  /**
   * Waits for a job; null when there will be none any more. Not to be interrupted: what an executor
   * has left behind may do so, and the slot must not end of it.
   */
  @Nullable Next take() {
    lock.lock();
    try {
      Condition call = lock.newCondition();
      Next next = next();
      while (next == null && !closed) {
        idleSlots.push(call);
        call.awaitUninterruptibly();
        idleSlots.remove(call);
        slotWakes = false;
        next = next();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Next next() {
    if (closed) {
      return null;
    }
    boolean suspect = mayRunSuspect();
    Job job = suspect ? suspects.poll() : waiting.poll();
    if (job == null) {
      return null;
    }
    suspectRuns |= suspect;
    inSlots.add(job);
    roomMayHaveChanged();
    wakeASlot();
    return new Next(job, suspect);
  }

  /**
   * Wakes the slot that went idle last, whose memory is warm, and one at a time: each wakes the
   * next when it takes a job and there are more, so that a handful of short jobs do not wake every
   * slot.
   */
  private void wakeASlot() {
    if (!slotWakes && !idleSlots.isEmpty() && (mayRunSuspect() || !waiting.isEmpty())) {
      slotWakes = true;
      idleSlots.pop().signal();
    }
  }

  private boolean mayRunSuspect() {
    return !suspectRuns && !suspects.isEmpty();
  }

  /** A job is being claimed in the job table: it will want a slot, most likely. */
  void claiming() {
    lock.lock();
    try {
      claiming++;
    } finally {
      lock.unlock();
    }
  }

  /** The claim has been answered, and the job has been put in line or settled. */
  void claimed() {
    lock.lock();
    try {
      claiming--;
      roomMayHaveChanged();
    } finally {
      lock.unlock();
    }
  }

  /** The executor has returned: the slot is free. */
  void returned(Next ended) {
    lock.lock();
    try {
      inSlots.remove(ended.job());
      turnover.ended();
      if (ended.suspect()) {
        suspectRuns = false;
        wakeASlot();
      }
      roomMayHaveChanged();
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The job is settled or lost: it is not in hand any more. */
  void remove(Job job) {
    lock.lock();
    try {
      if (jobs.remove(job.messageId(), job)) {
        bytes -= job.heapBytes();
      }
      roomMayHaveChanged();
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The job's result holds so many bytes of memory until it is settled. */
  void weigh(Job job, long more) {
    lock.lock();
    try {
      if (jobs.get(job.messageId()) == job) {
        job.heapBytes(job.heapBytes() + more);
        bytes += more;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is a job in hand, or none will come any more. */
  void awaitSome() throws InterruptedException {
    lock.lock();
    try {
      while (jobs.isEmpty() && !closed) {
        more.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Every job in hand at this moment. */
  List<Job> all() {
    lock.lock();
    try {
      return new ArrayList<>(jobs.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out of the line the jobs that wait since before the given moment; suspects may wait
   * longer.
   */
  List<Job> takeOverdue(long before) {
    List<Job> overdue = new ArrayList<>();
    lock.lock();
    try {
      for (Iterator<Job> i = waiting.iterator(); i.hasNext(); ) {
        Job job = i.next();
        if (job.inLineSince() - before < 0) {
          i.remove();
          overdue.add(job);
        }
      }
      if (!overdue.isEmpty()) {
        roomMayHaveChanged();
      }
    } finally {
      lock.unlock();
    }
    return overdue;
  }

  /** No receive begins any more, and no job; what is in line stays there. */
  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      idleSlots.forEach(Condition::signal);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the jobs in line; from now on none comes into it. */
  List<Job> takeUnstarted() {
    lock.lock();
    try {
      emptied = true;
      List<Job> unstarted = new ArrayList<>(waiting);
      unstarted.addAll(suspects);
      waiting.clear();
      suspects.clear();
      return unstarted;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no receive is under way; false if that takes longer. */
  boolean awaitNoReceives(long nanos) throws InterruptedException {
    return await(nanos, () -> receives == 0);
  }

  /** Waits until what is in hand holds less memory than it may; false if that takes longer. */
  boolean awaitBytes(long nanos) throws InterruptedException {
    return await(nanos, () -> bytes < mostBytes);
  }

  /** Waits until no executor runs; false if that takes longer. */
  boolean awaitIdleSlots(long nanos) throws InterruptedException {
    return await(nanos, inSlots::isEmpty);
  }

  /** Waits until every job is settled; false if that takes longer. */
  boolean awaitNone(long nanos) throws InterruptedException {
    return await(nanos, jobs::isEmpty);
  }

  private boolean await(long nanos, java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = fewer.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** True if a slot waits for a job, or is about to look for one. */
  boolean hasSpareSlot() {
    lock.lock();
    try {
      return slotWakes || !idleSlots.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Slots that wait for a job. */
  int idleSlots() {
    lock.lock();
    try {
      return idleSlots.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many slots have a job now. */
  int running() {
    lock.lock();
    try {
      return inSlots.size();
    } finally {
      lock.unlock();
    }
  }

  /** The jobs that slots have now, those included that are not in hand any more. */
  List<Job> inSlots() {
    lock.lock();
    try {
      return new ArrayList<>(inSlots);
    } finally {
      lock.unlock();
    }
  }
}
