package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends results and dead letters, each kind in a lane of its own. What does not fit a message goes
 * by way of the payload bucket; each sending has an object of its own there, since whoever reads a
 * message deletes its object.
 */
final class Outbox {
  /** What becomes of letters. */
  interface Receipts {
    /** SQS has it. */
    void accepted(Letter letter);

    /** SQS will never take it. */
    void refused(Letter letter, String code, String message);

    /** A dead letter that SQS has not taken for long, though it might later. */
    void denied(Letter letter, String code, String message);

    /** The lease was over before it could be sent: it was dropped. */
    void expired(Letter letter);
  }

  /**
   * For so long a dead letter waits in hand for a queue that does not take it: then its job waits
   * in the backlog, where it holds up no other.
   */
  private static final long PATIENCE = Duration.ofMinutes(1).toNanos();

  private final @Nullable PayloadStore store;
  private final MonotonicClock clock;
  private final WorkThreads threads;
  private final Receipts receipts;
  private final WorkListener listener;
  private final GroupCommit<Letter> results;
  private final GroupCommit<Letter> deadLetters;

  Outbox(Settlement.Parts parts, Receipts receipts) {
    this.store = parts.store();
    this.clock = parts.clock();
    this.threads = parts.threads();
    this.receipts = receipts;
    this.listener = parts.listener();
    this.results = lane(parts, parts.results());
    this.deadLetters = lane(parts, parts.deadLetters());
  }

  private GroupCommit<Letter> lane(Settlement.Parts parts, Outlet outlet) {
    return new GroupCommit<>(
        new SendChannel(outlet),
        Duration.ZERO,
        parts.clock(),
        parts.outage(),
        parts.threads(),
        parts.vitals());
  }

  /** Sends a result; returns at once. */
  void sendResult(Letter letter) {
    if (letter.large() == null) {
      results.submit(letter);
    } else {
      giveAnObject(letter);
    }
  }

  /** Sends a dead letter; a pointer takes the job's object over. */
  void sendDeadLetter(Letter letter) {
    if (letter.large() == null) {
      deadLetters.submit(letter);
    } else {
      giveAnObject(letter);
    }
  }

  /**
   * Sends a dead letter of which the queue may have a copy: a pointer gets an object of its own.
   */
  void sendDeadLetterAgain(Letter letter) {
    if (letter.isPointer() && store != null) {
      giveAnObject(letter);
    } else {
      deadLetters.submit(letter);
    }
  }

  /** Letters that wait to be sent. */
  int waiting() {
    return results.waiting() + deadLetters.waiting();
  }

  private void giveAnObject(Letter letter) {
    PayloadStore bucket = store;
    if (bucket == null) {
      throw new IllegalStateException("a large letter without a bucket");
    }
    threads.startVirtual("payload", () -> giveAnObject(bucket, letter));
  }

  private void giveAnObject(PayloadStore bucket, Letter letter) throws InterruptedException {
    Job job = letter.job();
    String text = letter.large();
    String pointer =
        text == null ? bucket.copy(job, letter.message().body()) : bucket.store(job, text);
    if (pointer == null) {
      receipts.expired(letter);
    } else {
      (letter.failure() == null ? results : deadLetters).submit(letter.with(pointer));
    }
  }

  private final class SendChannel implements GroupCommit.Channel<Letter> {
    private final Outlet outlet;

    SendChannel(Outlet outlet) {
      this.outlet = outlet;
    }

    @Override
    public String action() {
      return "SendMessageBatch";
    }

    @Override
    public String queue() {
      return outlet.name();
    }

    @Override
    public List<Answer> call(List<Letter> batch) throws CallFailed, InterruptedException {
      long bytes = 0;
      for (Letter letter : batch) {
        bytes += letter.bytes();
      }
      listener.requested(WorkListener.Request.SEND, batch.size(), bytes);
      return outlet.send(batch.stream().map(Letter::message).toList());
    }

    @Override
    public void accepted(Letter letter) {
      receipts.accepted(letter);
    }

    @Override
    public void refused(Letter letter, String code, String message) {
      receipts.refused(letter, code, message);
    }

    @Override
    public void expired(Letter letter) {
      receipts.expired(letter);
    }

    @Override
    public boolean mayRetry(Letter letter, String code, String message) {
      if (letter.failure() == null || clock.nanoTime() - letter.since() < PATIENCE) {
        return true;
      }
      receipts.denied(letter, code, message);
      return false;
    }

    /** The queue may have the letter: another with the same object would be left without it. */
    @Override
    public boolean mayRepeat(Letter letter) {
      if (store == null || !letter.isPointer()) {
        return true;
      }
      giveAnObject(letter);
      return false;
    }
  }
}
