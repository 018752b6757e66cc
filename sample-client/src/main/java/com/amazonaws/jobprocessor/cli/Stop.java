package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends a command early, on Ctrl-C, SIGTERM or SIGHUP: it begins nothing more, waits for the calls
 * under way, gives back what it holds and says what was done. Only then may the process go.
 */
final class Stop implements Halt {
  /** Who has pressed Ctrl-C and waits for longer is told why. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /** How long a command may take that does not wait for a call; perhaps nobody reads its output. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Longer than the longest call. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(40);

  private static final Duration STEP = Duration.ofMillis(100);

  /** How long the last line of a process that is ended at once may take to be written. */
  private static final Duration LAST_LINE = Duration.ofMillis(300);

  /** What a shell adds to the number of the signal that has ended a process. */
  private static final int SIGNALLED = 128;

  private final Stop whole;
  private final List<Stop> parts = new CopyOnWriteArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger callsUnderWay = new AtomicInteger();
  private final List<Runnable> lastResorts = new CopyOnWriteArrayList<>();

  /** The wait was cut by the stop. */
  static final class Asked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Asked() {
      super("interrupted");
    }
  }

  Stop() {
    this(null);
  }

  private Stop(Stop whole) {
    this.whole = whole;
  }

  /** A stop for a part of the command: it is asked for together with this one, or alone. */
  Stop part() {
    Stop part = new Stop(this);
    parts.add(part);
    if (isAsked()) {
      part.ask();
    }
    return part;
  }

  /** A stop that the process's signals ask for; a second one ends the process at once. */
  static Stop onSignals() {
    Stop stop = new Stop();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stop::askAndWait));
    Signals.handle(
        new TwoSignals(
            System::nanoTime, signal -> System.exit(SIGNALLED + signal), Stop::endAtOnce));
    return stop;
  }

  private static void endAtOnce(int signal) {
    try {
      // Not if that takes long: perhaps nobody reads it.
      Thread.ofPlatform()
          .daemon()
          .start(
              () ->
                  System.err.println(
                      "sample-client: second signal: ending at once; what it held comes back to its"
                          + " queue by itself"))
          .join(LAST_LINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(SIGNALLED + signal);
    }
  }

  private void askAndWait() {
    ask();
    try {
      if (!ended.await(SILENCE.toMillis(), TimeUnit.MILLISECONDS) && callsUnderWay.get() > 0) {
        System.err.println(
            "sample-client: stopping; waiting for a call that is under way, 30 seconds at most");
      }
      if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        lastResorts.forEach(Runnable::run);
        if (callsUnderWay.get() > 0) {
          awaitCalls();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last of them has an answer that the command has yet to tell. */
  private void awaitCalls() throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (callsUnderWay.get() > 0 && System.nanoTime() - deadline < 0) {
      if (ended.await(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    boolean _ = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  void ask() {
    asked.countDown();
    parts.forEach(Stop::ask);
  }

  @Override
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** The command has said what it had to say. */
  void ended() {
    ended.countDown();
  }

  /** What is done if the command does not end, since nobody reads what it prints. */
  @Override
  public void addLastResort(Runnable action) {
    if (whole != null) {
      whole.addLastResort(action);
    } else {
      lastResorts.add(action);
    }
  }

  @Override
  public void removeLastResort(Runnable action) {
    if (whole != null) {
      whole.removeLastResort(action);
    } else {
      lastResorts.remove(action);
    }
  }

  @Override
  public boolean await(Duration time) throws InterruptedException {
    return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public UnderWay callUnderWay() {
    if (whole != null) {
      return whole.callUnderWay();
    }
    callsUnderWay.incrementAndGet();
    return callsUnderWay::decrementAndGet;
  }

  /**
   * Does what may block for as long as others like, such as reading a pipe.
   *
   * @throws Asked if the stop is asked for first
   */
  <T> T unless(Callable<T> blocking) throws Exception {
    return unless(blocking, Duration.ZERO);
  }

  /**
   * As {@link #unless(Callable)}, of what is better known to be done.
   *
   * @param patience so long it is waited for when the stop is asked for
   */
  <T> T unless(Callable<T> blocking, Duration patience) throws Exception {
    long epoch = System.nanoTime();
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("reader")
        .start(
            () -> {
              try {
                result.complete(blocking.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    long end = Long.MAX_VALUE;
    while (!result.isDone()) {
      long now = System.nanoTime() - epoch;
      if (isAsked()) {
        end = Math.min(end, now + patience.toNanos());
      }
      if (now >= end) {
        throw new Asked();
      }
      try {
        return result.get(STEP.toMillis(), TimeUnit.MILLISECONDS);
      } catch (java.util.concurrent.TimeoutException e) {
        // not yet
      } catch (ExecutionException e) {
        break;
      }
    }
    return unwrap(result);
  }

  /**
   * Makes a call that changes nothing, and is not waited for when the command is stopped.
   *
   * @throws Asked if the stop is asked for first
   */
  <T> T reading(Retry.Call<T> call) throws CallFailed, InterruptedException {
    try {
      return unless(call::make);
    } catch (CallFailed | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T unwrap(CompletableFuture<T> result) throws Exception {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
