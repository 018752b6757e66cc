package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.client.ClientException;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A queue that messages are read from: some are deleted, the others are hidden meanwhile and shown
 * again at the end, whatever ends the reading.
 */
public final class Inbox implements AutoCloseable {
  /** A receive waits so long at most: a command that is stopped waits for its answer. */
  static final Duration LONGEST_POLL = Duration.ofSeconds(2);

  /** Short, so that little stays hidden for long even if the command is killed; it is renewed. */
  private static final Duration LEASE = Duration.ofSeconds(60);

  private static final int MAX_ROUNDS = 5;

  /**
   * A message that only we see.
   *
   * @param until the moment of {@link System#nanoTime} at which others see it again
   */
  private record Held(String handle, long until, boolean kept) {}

  private final Backlog queue;
  private final Duration lease;
  private final Duration longestPoll;
  private final Retry retry;
  private final Halt halt;
  private final Map<String, Held> held = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ThreadPoolExecutor beside = beside();

  /** A queue whose messages are held until they are deleted or shown, or this is closed. */
  public Inbox(Backlog queue, Halt halt) {
    this(queue, halt, LEASE, LONGEST_POLL);
  }

  /**
   * A queue.
   *
   * @param longestPoll in whole seconds, to 20: who wants an early end waits for as long
   */
  public static Inbox polling(Backlog queue, Halt halt, Duration longestPoll) {
    return new Inbox(queue, halt, LEASE, longestPoll);
  }

  /**
   * A queue.
   *
   * @param lease in whole seconds, renewed when half of it is over
   */
  public Inbox(Backlog queue, Halt halt, Duration lease) {
    this(queue, halt, lease, LONGEST_POLL);
  }

  private Inbox(Backlog queue, Halt halt, Duration lease, Duration longestPoll) {
    this.longestPoll = longestPoll;
    this.queue = queue;
    this.lease = lease;
    this.halt = halt;
    this.retry = new Retry(halt);
    Thread renewals = new Thread(this::renew, "renewals");
    renewals.setDaemon(true);
    renewals.start();
    halt.addLastResort(this::release);
  }

  /** A thread that is there while it has work, and some seconds longer. */
  private static ThreadPoolExecutor beside() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "showing");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Up to ten messages, all held; none once the command is to stop. */
  public List<Delivery> receive(Duration wait) throws CallFailed, InterruptedException {
    Duration poll = wait.compareTo(longestPoll) < 0 ? wait : longestPoll;
    if (halt.isAsked()) {
      return List.of();
    }
    long[] sentAt = new long[1];
    List<Delivery> messages =
        retry.call(
            () -> {
              sentAt[0] = System.nanoTime();
              return queue.receive(MessageFormat.MAX_BATCH, poll, lease);
            });
    hold(messages, sentAt[0] + lease.toNanos(), true);
    if (closed.getCount() == 0) {
      release();
      return List.of();
    }
    return messages;
  }

  private synchronized void hold(List<Delivery> messages, long until, boolean kept) {
    for (Delivery message : messages) {
      held.put(message.messageId(), new Held(message.receiptHandle(), until, kept));
    }
  }

  /**
   * Deletes messages, a bounded number of times those that fail.
   *
   * @throws ClientException if some cannot be deleted
   */
  public void delete(List<Delivery> messages) throws CallFailed, InterruptedException {
    for (int from = 0; from < messages.size(); from += MessageFormat.MAX_BATCH) {
      deleteBatch(
          messages.subList(from, Math.min(messages.size(), from + MessageFormat.MAX_BATCH)));
    }
  }

  private void deleteBatch(List<Delivery> batch) throws CallFailed, InterruptedException {
    List<Delivery> left = new ArrayList<>(batch);
    String reason = "";
    for (int round = 0; round < MAX_ROUNDS && !left.isEmpty(); round++) {
      List<String> handles = left.stream().map(Delivery::receiptHandle).toList();
      List<Answer> answers = retry.insisting().call(() -> queue.delete(handles));
      List<Delivery> failed = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        Answer answer = answers.get(i);
        if (answer instanceof Answer.Refused no) {
          failed.add(left.get(i));
          reason = no.code() + ": " + no.message();
        } else if (answer instanceof Answer.Failed no) {
          failed.add(left.get(i));
          reason = no.code() + ": " + no.message();
        } else {
          forget(left.get(i));
        }
      }
      left = failed;
    }
    if (!left.isEmpty()) {
      throw new ClientException(
          (left.size() == 1 ? "1 message" : left.size() + " messages")
              + " could not be deleted and will come again: "
              + reason);
    }
  }

  private synchronized void forget(Delivery deleted) {
    held.remove(deleted.messageId());
  }

  /** Shows messages to others after so many seconds, or when this is closed. */
  public void showIn(int seconds, List<Delivery> messages) throws CallFailed, InterruptedException {
    if (seconds == 0) {
      messages.forEach(this::forget);
    } else {
      hold(messages, System.nanoTime() + Duration.ofSeconds(seconds).toNanos(), false);
    }
    change(messages.stream().map(Delivery::receiptHandle).toList(), seconds);
  }

  /**
   * Deletes messages and shows others, at the same time: a reader that shares its queue takes no
   * longer for a receive than one that has it for itself.
   *
   * @param shown by the seconds after which others see them
   * @throws ClientException if some cannot be deleted
   */
  public void settle(List<Delivery> deleted, Map<Integer, List<Delivery>> shown)
      throws CallFailed, InterruptedException {
    if (deleted.isEmpty() || shown.isEmpty()) {
      delete(deleted);
      show(shown);
      return;
    }
    Future<?> showing =
        beside.submit(
            () -> {
              show(shown);
              return true;
            });
    delete(deleted);
    try {
      showing.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CallFailed failed) {
        throw failed;
      }
      throw e.getCause() instanceof RuntimeException other
          ? other
          : new ClientException("showing messages failed: " + e.getCause(), e);
    }
  }

  private void show(Map<Integer, List<Delivery>> shown) throws CallFailed, InterruptedException {
    for (Map.Entry<Integer, List<Delivery>> some : shown.entrySet()) {
      showIn(some.getKey(), some.getValue());
    }
  }

  private void renew() {
    try {
      while (!closed.await(lease.toMillis() / 6, TimeUnit.MILLISECONDS)) {
        renewDue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CallFailed e) {
      // What is held comes back to the queue; the command's own calls will tell.
    }
  }

  private void renewDue() throws CallFailed, InterruptedException {
    long now = System.nanoTime();
    List<String> due = new ArrayList<>();
    synchronized (this) {
      held.replaceAll(
          (handle, one) -> {
            if (!one.kept() || one.until() - now > lease.toNanos() / 2) {
              return one;
            }
            due.add(one.handle());
            return new Held(one.handle(), now + lease.toNanos(), true);
          });
    }
    change(due, (int) lease.toSeconds());
  }

  /** Shows the held messages to others again; not those that others may have by now. */
  private void release() {
    closed.countDown();
    long now = System.nanoTime();
    List<String> handles;
    synchronized (this) {
      handles =
          held.values().stream().filter(one -> one.until() - now > 0).map(Held::handle).toList();
      held.clear();
    }
    try {
      change(handles, 0);
    } catch (CallFailed e) {
      // They come back by themselves when their lease is over.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void change(List<String> handles, int seconds) throws CallFailed, InterruptedException {
    for (int from = 0; from < handles.size(); from += MessageFormat.MAX_BATCH) {
      List<Backlog.VisibilityChange> changes =
          handles.subList(from, Math.min(handles.size(), from + MessageFormat.MAX_BATCH)).stream()
              .map(handle -> new Backlog.VisibilityChange(handle, seconds))
              .toList();
      retry.insisting().call(() -> queue.changeVisibility(changes));
    }
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    beside.shutdown();
    release();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
