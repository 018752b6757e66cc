package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Backoff;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes calls again that fail for a reason that may pass, a bounded number of times. */
public final class Retry {
  /** Of a call that brings no answer, or an error of the service. */
  static final int MAX_TRIES = 5;

  /** Of a call that AWS throttles: some minutes. */
  static final int MAX_THROTTLES = 60;

  /** So often a call that insists is made again when the command has been stopped. */
  private static final int TRIES_AFTER_STOP = 2;

  /** Before such a try. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  /** A call of a port. */
  public interface Call<T> {
    T make() throws CallFailed, InterruptedException;
  }

  /** A call of a port without an answer. */
  public interface Action {
    void make() throws CallFailed, InterruptedException;
  }

  private final Halt halt;
  private final boolean insists;

  /** Tries again until somebody wants an early end. */
  public Retry(Halt halt) {
    this(halt, false);
  }

  private Retry(Halt halt, boolean insists) {
    this.halt = halt;
    this.insists = insists;
  }

  /** For calls that are made all the same when the command is stopped, and then a few times. */
  public Retry insisting() {
    return new Retry(halt, true);
  }

  /**
   * Makes a call that does no harm when it is made twice.
   *
   * @throws CallFailed what it fails with for good, at last, or when the command is stopped
   */
  public <T> T call(Call<T> call) throws CallFailed, InterruptedException {
    Backoff waits = new Backoff();
    int tries = 0;
    int throttles = 0;
    int triesAfterStop = 0;
    while (true) {
      try {
        return once(call);
      } catch (CallFailed e) {
        boolean isEnough =
            isThrottled(e) ? ++throttles >= MAX_THROTTLES : !mayPass(e) || ++tries >= MAX_TRIES;
        if (isEnough || triesAfterStop >= TRIES_AFTER_STOP) {
          throw e;
        }
        if (pause(Duration.ofNanos(waits.failed()))) {
          if (!insists) {
            throw e;
          }
          triesAfterStop++;
        }
      }
    }
  }

  private <T> T once(Call<T> call) throws CallFailed, InterruptedException {
    Halt.UnderWay underWay = halt.callUnderWay();
    try {
      return call.make();
    } finally {
      underWay.close();
    }
  }

  /** Waits until the next try is due; true if somebody wants an early end. */
  private boolean pause(Duration time) throws InterruptedException {
    if (insists && halt.isAsked()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(time.toNanos(), LAST_WAIT.toNanos()));
    }
    return halt.await(time);
  }

  /** As {@link #call}. */
  public void run(Action action) throws CallFailed, InterruptedException {
    call(
        () -> {
          action.make();
          return true;
        });
  }

  private static boolean isThrottled(CallFailed e) {
    return SqsCalls.isThrottle(e.code());
  }

  private static boolean mayPass(CallFailed e) {
    return e.kind() == CallFailed.Kind.UNKNOWN;
  }
}
