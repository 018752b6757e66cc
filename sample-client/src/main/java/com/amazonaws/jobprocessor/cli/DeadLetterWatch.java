package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks for the dead letters of some jobs, again and again, on a thread of its own; the letters
 * stay in their queue.
 */
final class DeadLetterWatch implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int MAX_MESSAGE = 200;

  private final Backlog queue;
  private final Set<String> ids;
  private final Stop stop;
  private final Consumer<String> says;
  private final Listener listener;
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Queue<Found> found = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile Throwable failure;
  private boolean saidThatThereAreMore;

  /** A job that has a dead letter, and what that says. */
  record Found(String jobId, String error) {}

  /** Hears of each job's dead letter once, on a thread that looks. */
  interface Listener {
    void found(String jobId, String error, Delivery letter);
  }

  /**
   * Begins to look.
   *
   * @param queue null if there is none to look into
   * @param says is told once what it does not look at, and why
   */
  DeadLetterWatch(
      Backlog queue, Set<String> ids, Stop stop, Consumer<String> says, Listener listener) {
    this.listener = listener;
    this.queue = queue;
    this.ids = ids;
    this.stop = stop;
    this.says = says;
    this.thread = Thread.ofVirtual().name("dead-letters").unstarted(this::run);
    if (queue != null) {
      thread.start();
    }
  }

  /**
   * What was found since this was asked for last.
   *
   * @throws RuntimeException what the listener has thrown: it looks no more
   */
  List<Found> news() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Throwable e -> throw (Error) e;
    }
    List<Found> news = new ArrayList<>();
    for (Found one = found.poll(); one != null; one = found.poll()) {
      news.add(one);
    }
    return news;
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
      says.accept("cannot look into the dead letters: " + Failures.messageOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Goes through the queue once. */
  private void look() throws CallFailed, InterruptedException {
    boolean whole = new DeadLetterLook(queue, stop, () -> closed.getCount() == 0, this::read).run();
    if (!whole && !saidThatThereAreMore) {
      saidThatThereAreMore = true;
      says.accept(
          "there are more than "
              + DeadLetterLook.MAX_LETTERS
              + " dead letters: jobs whose letters are behind so many will not be noticed");
    }
  }

  private void read(Delivery letter) {
    for (String id : Messages.jobIds(letter)) {
      if (ids.contains(id) && told.add(id)) {
        String error = error(letter);
        listener.found(id, error, letter);
        found.add(new Found(id, error));
      }
    }
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
