package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One look through a queue of dead letters, by several receivers while there are many. A letter
 * that was seen stays hidden until the end of the look, so that those behind it are seen as well.
 */
final class DeadLetterLook {
  /** SQS hides 120,000 messages of a queue at most, and others may want to look at it, too. */
  static final int MAX_LETTERS = 100_000;

  /** Fewer are no work for more than one. */
  static final int FEW = 100;

  static final int RECEIVERS = 8;

  private static final Duration POLL = Duration.ofSeconds(1);

  private final Backlog queue;
  private final Stop stop;
  private final BooleanSupplier isOver;
  private final Consumer<Delivery> reader;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** Those that have not come to the end of the queue; then all of them show what they hold. */
  private final Phaser looking = new Phaser();

  private final List<Thread> receivers = new ArrayList<>();

  /**
   * A look that has not begun.
   *
   * @param isOver ends it early
   * @param reader is shown each letter, by several threads
   */
  DeadLetterLook(Backlog queue, Stop stop, BooleanSupplier isOver, Consumer<Delivery> reader) {
    this.queue = queue;
    this.stop = stop;
    this.isOver = isOver;
    this.reader = reader;
  }

  /**
   * Looks at all letters that are there.
   *
   * @return false if there are more than are looked at
   */
  boolean run() throws CallFailed, InterruptedException {
    receive(true);
    for (Thread receiver : receivers) {
      receiver.join();
    }
    switch (failure.get()) {
      case null -> {
        return seen.size() < MAX_LETTERS;
      }
      case CallFailed e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw (Error) e;
    }
  }

  private void receive(boolean first) {
    looking.register();
    try (Inbox inbox = new Inbox(queue, stop)) {
      receive(inbox, first);
      looking.awaitAdvance(looking.arriveAndDeregister());
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e); // there is no inbox: the others do not wait for it
      looking.arriveAndDeregister();
    }
  }

  private void receive(Inbox inbox, boolean first) {
    try {
      boolean more = true;
      while (more && goesOn()) {
        more = read(inbox.receive(POLL));
        if (first && receivers.isEmpty() && seen.size() >= FEW) {
          startOthers();
        }
      }
    } catch (CallFailed | InterruptedException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private boolean goesOn() {
    return seen.size() < MAX_LETTERS && failure.get() == null && !isOver.getAsBoolean();
  }

  /** False if there is none that was not seen before. */
  private boolean read(List<Delivery> letters) {
    boolean more = false;
    for (Delivery letter : letters) {
      more |= seen.add(letter.messageId());
      reader.accept(letter);
    }
    return more;
  }

  private void startOthers() {
    for (int i = 1; i < RECEIVERS; i++) {
      receivers.add(Thread.ofVirtual().name("dead-letters-" + i).start(() -> receive(false)));
    }
  }
}
