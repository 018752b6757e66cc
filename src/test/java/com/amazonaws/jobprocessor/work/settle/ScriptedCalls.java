package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of a {@link BatchSender} that do what a test says, one after the other, and else work. */
final class ScriptedCalls implements BatchCall<ScriptedCalls.Numbered> {
  /** What a call does. */
  interface Play {
    List<Answer> answer(List<Numbered> batch) throws CallFailed, InterruptedException;
  }

  /** An entry that a test moves. */
  static final class Numbered implements BatchEntry {
    final int number;
    volatile int bytes = 1;
    volatile boolean expired;
    volatile boolean repeats = true;
    volatile boolean givesUp;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public int bytes() {
      return bytes;
    }

    @Override
    public boolean isExpired(long now) {
      return expired;
    }

    @Override
    public boolean mayRepeat() {
      return repeats;
    }

    @Override
    public boolean givesUp(long now) {
      return givesUp;
    }
  }

  final List<List<Integer>> begun = new CopyOnWriteArrayList<>();
  private final Queue<Play> plays = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();

  /**
   * Sends an entry on a thread of its own; returns when the lane has it. No other entry of the lane
   * may come or go meanwhile.
   */
  static FutureTask<Sent> send(BatchSender<Numbered> lane, Numbered entry) {
    FutureTask<Sent> task = new FutureTask<>(() -> lane.send(entry));
    int before = lane.waiting();
    Thread thread = Thread.ofVirtual().start(task);
    // It waits for its turn, or its call hangs: until then it may be about to make the call.
    EnumSet<Thread.State> waits = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    eventually(
        () -> task.isDone() || (lane.waiting() > before && waits.contains(thread.getState())));
    return task;
  }

  /** The next call that nobody has spoken for does this. */
  void next(Play play) {
    plays.add(play);
  }

  /** The next call is answered when it is let go. */
  CountDownLatch hangNext() {
    CountDownLatch letGo = new CountDownLatch(1);
    next(
        batch -> {
          letGo.await();
          return accepted(batch);
        });
    return letGo;
  }

  void failNext(CallFailed.Kind kind) {
    next(
        _ -> {
          throw new CallFailed("Played", "by the test", kind, new IllegalStateException());
        });
  }

  static List<Answer> accepted(List<Numbered> batch) {
    return batch.stream().map(_ -> Answer.ACCEPTED).toList();
  }

  @Override
  public String action() {
    return "SendMessageBatch";
  }

  @Override
  public String queue() {
    return "done";
  }

  @Override
  public List<Answer> send(List<Numbered> batch) throws CallFailed, InterruptedException {
    Play play = plays.poll();
    begun.add(batch.stream().map(entry -> entry.number).sorted().toList());
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try {
      return play == null ? accepted(batch) : play.answer(batch);
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** How many calls were under way at the same time at most. */
  int mostUnderWay() {
    return mostUnderWay.get();
  }
}
