package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/** The backlog in SQS. */
public final class SqsBacklog implements Backlog {
  /** What a long poll may take beyond its wait. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static final long KNOWN_FOR = Duration.ofMinutes(5).toNanos();

  private static final List<String> WANTED =
      List.of(SystemAttributes.RECEIVE_COUNT, SystemAttributes.SENT_TIMESTAMP);
  private static final List<String> WANTED_OF_FIFO =
      List.of(
          SystemAttributes.RECEIVE_COUNT, SystemAttributes.SENT_TIMESTAMP, SystemAttributes.GROUP);

  private final SqsTransport sqs;
  private final SqsCalls calls;
  private final SqsQueue queue;
  private final Duration longestCall;
  private final MonotonicClock clock;

  /** The latest of each size. */
  private final NavigableMap<Integer, Unanswered> unanswered = new ConcurrentSkipListMap<>();

  /** A receive of a FIFO queue that may have taken messages which nobody has heard of. */
  private record Unanswered(String attemptId, int max, long firstMadeAt, boolean isAgain) {
    Unanswered again() {
      return new Unanswered(attemptId, max, firstMadeAt, true);
    }
  }

  /**
   * The queue.
   *
   * @param longestCall bounds renewals and deletes
   */
  public SqsBacklog(
      SqsTransport sqs,
      SqsCalls calls,
      SqsQueue queue,
      Duration longestCall,
      MonotonicClock clock) {
    this.clock = clock;
    this.sqs = sqs;
    this.calls = calls;
    this.queue = queue;
    this.longestCall = longestCall;
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException {
    Duration answer = wait.plus(ANSWER).compareTo(lease) < 0 ? ANSWER : longestCall;
    Duration bound = wait.plus(answer); // what comes later is of no use
    Unanswered attempt = queue.isFifo() ? attempt(max) : null;
    var receive =
        new SqsTransport.Receive(
            queue.url(),
            attempt == null ? max : attempt.max(),
            wait,
            lease,
            queue.isFifo() ? WANTED_OF_FIFO : WANTED,
            attempt == null ? null : attempt.attemptId());
    try {
      return calls.call(() -> sqs.receive(receive, bound));
    } catch (CallFailed e) {
      // Made again, it is still without an answer, though a throttle may have come meanwhile.
      if (attempt != null && attempt.isAgain()) {
        unanswered.putIfAbsent(attempt.max(), attempt);
      } else if (attempt != null && e.kind() == CallFailed.Kind.UNKNOWN) {
        unanswered.put(attempt.max(), attempt.again());
      }
      throw e;
    }
  }

  /**
   * A receive whose answer was lost holds up its messages' groups until their leases are over: made
   * again under its own id within five minutes it brings the same messages
   * (ReceiveRequestAttemptId, API reference).
   */
  private Unanswered attempt(int max) {
    long now = clock.nanoTime();
    unanswered.values().removeIf(receive -> now - receive.firstMadeAt() >= KNOWN_FOR);
    Map.Entry<Integer, Unanswered> again = unanswered.floorEntry(max);
    return again != null && unanswered.remove(again.getKey(), again.getValue())
        ? again.getValue()
        : new Unanswered(UUID.randomUUID().toString(), max, now, false);
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes)
      throws CallFailed, InterruptedException {
    return SqsCalls.answers(
        changes.size(), calls.call(() -> sqs.changeVisibility(queue.url(), changes, longestCall)));
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) throws CallFailed, InterruptedException {
    return SqsCalls.answers(
        receiptHandles.size(),
        calls.call(() -> sqs.delete(queue.url(), receiptHandles, longestCall)));
  }
}
