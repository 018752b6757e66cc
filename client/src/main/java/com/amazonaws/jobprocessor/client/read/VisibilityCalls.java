package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows messages to others or renews their leases: ten a call, and some calls at a time. */
final class VisibilityCalls {
  /** As many as a submission makes: enough for all that SQS lets be in flight. */
  private static final int CALLS_AT_ONCE = 8;

  /** What hears of each message that was changed, on any thread. */
  interface Listener {
    /** Nobody listens. */
    Listener NONE = (place, askedAt) -> {};

    /**
     * SQS has changed a message.
     *
     * @param place of its handle in the list
     * @param askedAt the moment before the call
     */
    void changed(int place, long askedAt);

    /** False if no further call is wanted. */
    default boolean wantsMore() {
      return true;
    }
  }

  private final Backlog queue;
  private final Retry retry;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor threads = threads("visibility", CALLS_AT_ONCE);

  /** Calls that are made though the command is stopped. */
  VisibilityCalls(Backlog queue, Retry retry, LongSupplier nanoTime) {
    this.queue = queue;
    this.retry = retry.insisting();
    this.nanoTime = nanoTime;
  }

  /** Threads that are there while they have work, and some seconds longer. */
  static ThreadPoolExecutor threads(String name, int count) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            },
            (work, closed) -> work.run());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Changes for how long messages stay hidden; all that can be, even if a call fails.
   *
   * @throws CallFailed as one of the calls
   */
  void change(List<String> handles, int seconds, Listener listener)
      throws CallFailed, InterruptedException {
    if (handles.size() <= MessageFormat.MAX_BATCH) {
      changeBatch(handles, 0, seconds, listener);
      return;
    }
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < handles.size(); i += MessageFormat.MAX_BATCH) {
      int from = i;
      List<String> batch =
          handles.subList(from, Math.min(handles.size(), from + MessageFormat.MAX_BATCH));
      calls.add(
          threads.submit(
              () -> {
                changeBatch(batch, from, seconds, listener);
                return true;
              }));
    }
    awaitAll(calls);
  }

  private static void awaitAll(List<Future<?>> calls) throws CallFailed, InterruptedException {
    @Nullable Throwable failure = null;
    for (Future<?> call : calls) {
      try {
        call.get();
      } catch (ExecutionException e) {
        failure = e.getCause();
      }
    }
    if (failure instanceof CallFailed failed) {
      throw failed;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  private void changeBatch(List<String> handles, int from, int seconds, Listener listener)
      throws CallFailed, InterruptedException {
    if (handles.isEmpty() || !listener.wantsMore()) {
      return;
    }
    List<Backlog.VisibilityChange> changes =
        handles.stream().map(handle -> new Backlog.VisibilityChange(handle, seconds)).toList();
    long[] askedAt = new long[1];
    List<Answer> answers =
        retry.call(
            () -> {
              askedAt[0] = nanoTime.getAsLong();
              return queue.changeVisibility(changes);
            });
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) instanceof Answer.Accepted) {
        listener.changed(from + i, askedAt[0]);
      }
    }
  }

  /** Makes no thread any longer. */
  void close() {
    threads.shutdown();
  }
}
