package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Inbox;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks for the dead letters of some jobs, again and again, on a thread of its own; the letters
 * stay in their queue.
 */
final class DeadLetterWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int MAX_MESSAGE = 200;

  private final Backlog queue;
  private final Set<String> ids;
  private final Stop stop;
  private final Consumer<CallFailed> onFailure;
  private final Listener listener;
  private final Map<String, String> found = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** Hears of each dead letter, perhaps more than once, on the thread that looks. */
  interface Listener {
    void found(String jobId, String error, Delivery letter);
  }

  /**
   * Begins to look.
   *
   * @param queue null if there is none to look into
   * @param onFailure is told once why it looks no more
   */
  DeadLetterWatch(Backlog queue, Set<String> ids, Stop stop, Consumer<CallFailed> onFailure) {
    this(queue, ids, stop, onFailure, (_, _, _) -> {});
  }

  /**
   * Begins to look.
   *
   * @param queue null if there is none to look into
   * @param onFailure is told once why it looks no more
   */
  DeadLetterWatch(
      Backlog queue,
      Set<String> ids,
      Stop stop,
      Consumer<CallFailed> onFailure,
      Listener listener) {
    this.listener = listener;
    this.queue = queue;
    this.ids = ids;
    this.stop = stop;
    this.onFailure = onFailure;
    this.thread = Thread.ofVirtual().name("dead-letters").unstarted(this::run);
    if (queue != null) {
      thread.start();
    }
  }

  /** What was found so far: ids of jobs, and what went wrong with each. */
  Map<String, String> found() {
    return Map.copyOf(found);
  }

  private void run() {
    try {
      Duration pause;
      do {
        long began = System.nanoTime();
        look();
        // Letters are hidden from others meanwhile: not for much of the time.
        Duration took = Duration.ofNanos(System.nanoTime() - began).multipliedBy(2);
        pause = took.compareTo(BETWEEN_LOOKS) > 0 ? took : BETWEEN_LOOKS;
      } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (CallFailed e) {
      onFailure.accept(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes through the queue once. */
  private void look() throws CallFailed, InterruptedException {
    long deadline = System.nanoTime() + LONGEST_LOOK.toNanos();
    Set<String> seen = new HashSet<>();
    try (Inbox inbox = new Inbox(queue, stop)) {
      boolean more = true;
      while (more && closed.getCount() > 0 && System.nanoTime() - deadline < 0) {
        List<Delivery> letters = inbox.receive(POLL);
        more = false;
        for (Delivery letter : letters) {
          more |= seen.add(letter.messageId());
          Messages.jobIds(letter).stream().filter(ids::contains).forEach(id -> tell(id, letter));
        }
      }
    }
  }

  private void tell(String id, Delivery letter) {
    String error = error(letter);
    found.put(id, error);
    listener.found(id, error, letter);
  }

  private static String error(Delivery letter) {
    String type = Messages.text(letter, MessageFormat.ERROR_TYPE);
    String simple = type.substring(type.lastIndexOf('.') + 1);
    String message = Messages.text(letter, MessageFormat.ERROR_MESSAGE);
    if (simple.isEmpty() && message.isEmpty()) {
      return "(without an error)";
    }
    return Printable.cutMiddle(
        simple + (simple.isEmpty() || message.isEmpty() ? "" : ": ") + message, MAX_MESSAGE);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      if (queue != null) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
