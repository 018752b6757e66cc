package com.amazonaws.jobprocessor.work.settle;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Interleaving;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many senders and a queue that fails, hangs and refuses as a seed has it. */
@Timeout(120)
class BatchSenderStressTest {
  private static final int SENDERS = 120;
  private static final int ENTRIES_EACH = 20;

  private final SettableClock clock = new SettableClock();
  private final List<String> broken = new CopyOnWriteArrayList<>();

  /** What kind of entry it is, and what the queue has done with it. */
  private static final class Entry implements BatchEntry {
    final int bytes;
    final boolean poison;
    final boolean repeats;
    final boolean givesUp;
    final long expiresAt;
    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger inCalls = new AtomicInteger();
    final AtomicInteger unanswered = new AtomicInteger();
    volatile boolean saidExpired;

    Entry(Random random, long now) {
      bytes = random.nextInt(10) == 0 ? MessageFormat.MAX_BYTES / 3 : 100;
      poison = random.nextInt(30) == 0;
      repeats = random.nextInt(4) > 0;
      givesUp = random.nextInt(8) == 0;
      expiresAt = random.nextInt(5) == 0 ? now + random.nextLong(2_000_000_000L) : Long.MAX_VALUE;
    }

    @Override
    public int bytes() {
      return bytes;
    }

    @Override
    public boolean isExpired(long now) {
      saidExpired |= now >= expiresAt;
      return saidExpired;
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

  /** A queue whose failures come before or after their effect. */
  private final class Queue implements BatchCall<Entry> {
    private final Random random;
    private final AtomicInteger underWay = new AtomicInteger();

    Queue(long seed) {
      random = new Random(seed);
    }

    @Override
    public String action() {
      return "SendMessageBatch";
    }

    @Override
    public String queue() {
      return "done";
    }

    private synchronized int dice(int sides) {
      return random.nextInt(sides);
    }

    private void check(boolean holds, String what) {
      if (!holds) {
        broken.add(what);
      }
    }

    @Override
    public List<Answer> send(List<Entry> batch) throws CallFailed, InterruptedException {
      check(underWay.incrementAndGet() <= 16, "more than 16 calls");
      check(!batch.isEmpty() && batch.size() <= MessageFormat.MAX_BATCH, "size of a batch");
      check(
          batch.size() == 1
              || batch.stream().mapToInt(Entry::bytes).sum() <= MessageFormat.MAX_BYTES,
          "bytes of a batch");
      for (Entry entry : batch) {
        check(entry.inCalls.incrementAndGet() == 1, "an entry in two calls at the same time");
        check(!entry.saidExpired, "a call with an expired entry");
        check(entry.repeats || entry.unanswered.get() == 0, "a call that may not be repeated");
      }
      try {
        return play(batch);
      } finally {
        batch.forEach(entry -> entry.inCalls.decrementAndGet());
        underWay.decrementAndGet();
      }
    }

    private List<Answer> play(List<Entry> batch) throws CallFailed, InterruptedException {
      switch (dice(12)) {
        case 0 -> throw failure(CallFailed.Kind.REJECTED);
        case 1 -> throw lost(batch);
        case 2 -> clock.sleep(Duration.ofMillis(400).toNanos());
        case 3 -> Interleaving.here();
        default -> {}
      }
      if (batch.stream().anyMatch(entry -> entry.poison)) {
        throw failure(CallFailed.Kind.REFUSED);
      }
      List<Answer> answers = batch.stream().map(this::answer).toList();
      if (dice(15) == 0) {
        throw lost(batch);
      }
      return answers;
    }

    private Answer answer(Entry entry) {
      return switch (dice(20)) {
        case 0 -> new Answer.Failed("InternalError", "");
        case 1 -> new Answer.Refused("Bad", "");
        default -> {
          entry.accepted.incrementAndGet();
          yield Answer.ACCEPTED;
        }
      };
    }

    private CallFailed lost(List<Entry> batch) {
      batch.forEach(entry -> entry.unanswered.incrementAndGet());
      return failure(CallFailed.Kind.UNKNOWN);
    }

    private CallFailed failure(CallFailed.Kind kind) {
      return new CallFailed("Played", "", kind, new IllegalStateException());
    }
  }

  private void judge(Entry entry, Sent sent) {
    boolean sound =
        switch (sent) {
          case Sent.Accepted _ ->
              entry.accepted.get() > 0
                  && entry.accepted.get() <= 1 + entry.unanswered.get()
                  && !entry.poison;
          case Sent.Refused _ -> true;
          case Sent.GivenUp _ -> entry.givesUp;
          case Sent.Expired _ -> entry.saidExpired;
          case Sent.Unknown _ -> !entry.repeats && entry.unanswered.get() == 1;
        };
    if (!sound) {
      broken.add(sent + " of an entry that was accepted " + entry.accepted.get() + " times");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 100", "4, 100", "5, 0", "6, 100"})
  void every_entry_has_one_outcome_and_none_is_left_waiting(long seed, int lingerMillis)
      throws Exception {
    Outage outage = new Outage(clock);
    BatchSender<Entry> lane =
        new BatchSender<>(new Queue(seed), Duration.ofMillis(lingerMillis)::toNanos, clock, outage);
    AtomicInteger outcomes = new AtomicInteger();
    List<FutureTask<Void>> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      Random random = new Random(seed * 1_000 + i);
      FutureTask<Void> sender =
          new FutureTask<>(
              () -> {
                for (int j = 0; j < ENTRIES_EACH; j++) {
                  Entry entry = new Entry(random, clock.nanoTime());
                  judge(entry, lane.send(entry));
                  outcomes.incrementAndGet();
                }
                return null;
              });
      senders.add(sender);
      Thread.ofVirtual().start(sender);
    }
    eventually(
        () -> {
          clock.advance(Duration.ofMillis(50));
          return senders.stream().allMatch(FutureTask::isDone);
        });

    for (FutureTask<Void> sender : senders) {
      sender.get(1, TimeUnit.SECONDS);
    }
    assertEquals(List.of(), broken);
    assertEquals(SENDERS * ENTRIES_EACH, outcomes.get());
    assertEquals(0, lane.waiting());
  }
}
