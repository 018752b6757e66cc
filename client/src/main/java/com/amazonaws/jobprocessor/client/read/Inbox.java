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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A queue that messages are read from: some are deleted, the others are hidden meanwhile and shown
 * again at the end, whatever ends the reading.
 */
public final class Inbox implements AutoCloseable {
  /** A receive waits so long at most: a command that is stopped waits for its answer. */
  static final Duration LONGEST_POLL = Duration.ofSeconds(2);

  /** Short, so that little stays hidden for long even if the command is killed; it is renewed. */
  private static final Duration LEASE = Duration.ofSeconds(60);

  /** Of a queue SQS lets so many messages be in flight (SQS quota), and shows no more then. */
  public static final int MAX_HELD = 120_000;

  private static final int MAX_ROUNDS = 5;

  private final Backlog queue;
  private final Duration lease;
  private final Duration longestPoll;
  private final Retry retry;
  private final Halt halt;
  private final Leases leases;
  private final VisibilityCalls calls;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Runnable lastResort = this::release;
  private final ThreadPoolExecutor beside = VisibilityCalls.threads("showing", 1);

  /** A queue whose messages are held until they are deleted or shown, or this is closed. */
  public Inbox(Backlog queue, Halt halt) {
    this(queue, halt, LEASE, LONGEST_POLL, System::nanoTime);
  }

  /**
   * A queue.
   *
   * @param longestPoll in whole seconds, to 20: who wants an early end waits for as long
   */
  public static Inbox polling(Backlog queue, Halt halt, Duration longestPoll) {
    return new Inbox(queue, halt, LEASE, longestPoll, System::nanoTime);
  }

  /**
   * A queue.
   *
   * @param lease in whole seconds, renewed when half of it is over
   */
  public Inbox(Backlog queue, Halt halt, Duration lease) {
    this(queue, halt, lease, LONGEST_POLL, System::nanoTime);
  }

  Inbox(Backlog queue, Halt halt, LongSupplier nanoTime) {
    this(queue, halt, LEASE, LONGEST_POLL, nanoTime);
  }

  private Inbox(
      Backlog queue, Halt halt, Duration lease, Duration longestPoll, LongSupplier nanoTime) {
    this.longestPoll = longestPoll;
    this.queue = queue;
    this.lease = lease;
    this.halt = halt;
    this.retry = new Retry(halt);
    this.leases = new Leases(lease, nanoTime);
    this.calls = new VisibilityCalls(queue, retry, nanoTime);
    Thread renewals = new Thread(this::renew, "renewals");
    renewals.setDaemon(true);
    renewals.start();
    halt.addLastResort(lastResort);
  }

  /**
   * Up to ten messages, all held; none once the command is to stop.
   *
   * @throws ClientException if so many are held that SQS shows no more
   */
  public List<Delivery> receive(Duration wait) throws CallFailed, InterruptedException {
    Duration poll = wait.compareTo(longestPoll) < 0 ? wait : longestPoll;
    if (halt.isAsked()) {
      return List.of();
    }
    long[] askedAt = new long[1];
    List<Delivery> messages =
        retry.call(
            () -> {
              askedAt[0] = leases.now();
              return queue.receive(MessageFormat.MAX_BATCH, poll, lease);
            });
    leases.hold(messages, askedAt[0]);
    if (closed.getCount() == 0) {
      release();
      return List.of();
    }
    if (messages.isEmpty() && leases.count() >= MAX_HELD && !halt.isAsked()) {
      throw new ClientException(
          leases.count()
              + " messages of "
              + queue.name()
              + " are held, and SQS shows no more of a queue at a time");
    }
    return messages;
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
          leases.forget(left.get(i));
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

  /** Shows messages to others after so many seconds, or when this is closed. */
  public void showIn(int seconds, List<Delivery> messages) throws CallFailed, InterruptedException {
    if (seconds == 0) {
      messages.forEach(leases::forget);
    } else {
      leases.hide(messages, seconds);
    }
    List<String> handles = messages.stream().map(Delivery::receiptHandle).toList();
    calls.change(handles, seconds, VisibilityCalls.Listener.NONE);
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
    }
  }

  /** Renews the leases that are half over; those that fail are due again the next time. */
  void renewDue() throws InterruptedException {
    List<Leases.Held> due = leases.due();
    int seconds = leases.seconds();
    try {
      calls.change(
          due.stream().map(Leases.Held::handle).toList(), seconds, new Renewing(due, seconds));
    } catch (CallFailed | RuntimeException e) {
      // What lapses comes back to the queue, and to us; the command's own calls will tell.
    }
  }

  /** Takes note of what was renewed, until this is closed. */
  private final class Renewing implements VisibilityCalls.Listener {
    private final List<Leases.Held> due;
    private final int seconds;

    Renewing(List<Leases.Held> due, int seconds) {
      this.due = due;
      this.seconds = seconds;
    }

    @Override
    public void changed(int place, long askedAt) {
      leases.renewed(due.get(place), seconds, askedAt);
    }

    @Override
    public boolean wantsMore() {
      return closed.getCount() > 0;
    }
  }

  /** Shows the held messages to others again; not those that others may have by now. */
  private void release() {
    closed.countDown();
    try {
      calls.change(leases.clear(), 0, VisibilityCalls.Listener.NONE);
    } catch (CallFailed e) {
      // They come back by themselves when their lease is over.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    beside.shutdown();
    release();
    calls.close();
    halt.removeLastResort(lastResort);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
