package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** No answer of AWS ends the start: a new role takes seconds to arrive, an outage longer. */
final class Patience {
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  /** Three times what the slowest of these calls may take. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Outage outage;
  private final StuckWatch vitals;

  Patience(Outage outage, StuckWatch vitals) {
    this.outage = outage;
    this.vitals = vitals;
  }

  /** A call at start. */
  interface Call<T> {
    T make() throws CallFailed, InterruptedException;
  }

  /** Makes a call at a queue or a table again and again until it brings an answer. */
  <T> T untilAnswered(String action, String at, Call<T> call) throws InterruptedException {
    long wait = 200;
    while (true) {
      try {
        T answer = once(action, call);
        outage.over(action, at);
        return answer;
      } catch (CallFailed e) {
        outage.failed(action, at, e);
      }
      pause(wait);
      wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
    }
  }

  /**
   * Looks for a queue or a table until it is there, and makes it if it is missing. While that fails
   * it is looked for again: where we may not make it, somebody else does.
   */
  <T> T untilFound(String at, String finds, Call<Optional<T>> find, String makes, Call<T> make)
      throws InterruptedException {
    long wait = 200;
    while (true) {
      Optional<T> found = untilAnswered(finds, at, find);
      if (found.isPresent()) {
        outage.over(makes, at);
        return found.get();
      }
      try {
        T made = once(makes, make);
        outage.over(makes, at);
        return made;
      } catch (CallFailed e) {
        outage.failed(makes, at, e);
      }
      pause(wait);
      wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
    }
  }

  /** Makes a call once. */
  <T> T once(String action, Call<T> call) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = vitals.within(action, LIMIT)) {
      return call.make();
    }
  }

  /** Waits for between half and all of the time: many workers do not come back at once. */
  static void pause(long millis) throws InterruptedException {
    Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
  }
}
