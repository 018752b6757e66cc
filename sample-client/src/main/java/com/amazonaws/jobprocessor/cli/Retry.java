package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.time.Duration;

/** Makes calls again that fail for a reason that may pass, a bounded number of times. */
final class Retry {
  /** Of a call that brings no answer, or an error of the service. */
  static final int MAX_TRIES = 5;

  /** Of a call that AWS throttles: some minutes. */
  static final int MAX_THROTTLES = 60;

  /** A call of a port. */
  interface Call<T> {
    T make() throws CallFailed, InterruptedException;
  }

  /** A call of a port without an answer. */
  interface Action {
    void make() throws CallFailed, InterruptedException;
  }

  private final Stop stop;
  private final boolean insists;

  Retry(Stop stop) {
    this(stop, false);
  }

  private Retry(Stop stop, boolean insists) {
    this.stop = stop;
    this.insists = insists;
  }

  /** For calls that are made all the same when the command is stopped. */
  Retry insisting() {
    return new Retry(stop, true);
  }

  /**
   * Makes a call that does no harm when it is made twice.
   *
   * @throws CallFailed what it fails with for good, at last, or when the command is stopped
   */
  <T> T call(Call<T> call) throws CallFailed, InterruptedException {
    Backoff waits = new Backoff();
    int tries = 0;
    int throttles = 0;
    while (true) {
      try (var _ = stop.callUnderWay()) {
        return call.make();
      } catch (CallFailed e) {
        if (isThrottled(e) ? ++throttles >= MAX_THROTTLES : !mayPass(e) || ++tries >= MAX_TRIES) {
          throw e;
        }
        pause(waits, e);
      }
    }
  }

  private void pause(Backoff waits, CallFailed failure) throws CallFailed, InterruptedException {
    Duration time = Duration.ofNanos(waits.failed());
    if (!insists && stop.await(time)) {
      throw failure;
    }
    if (insists) {
      Thread.sleep(time);
    }
  }

  /** As {@link #call}. */
  void run(Action action) throws CallFailed, InterruptedException {
    call(
        () -> {
          action.make();
          return true;
        });
  }

  static boolean isThrottled(CallFailed e) {
    return SqsCalls.isThrottle(e.code());
  }

  private static boolean mayPass(CallFailed e) {
    return e.kind() == CallFailed.Kind.UNKNOWN;
  }
}
