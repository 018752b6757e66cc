package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the calls of the start until they are answered: a new role takes seconds to arrive, an
 * outage longer.
 */
final class StartupRetry {
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  /** Three times what the slowest of these calls may take. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Outage outage;
  private final StuckWatch stuckWatch;

  StartupRetry(Outage outage, StuckWatch stuckWatch) {
    this.outage = outage;
    this.stuckWatch = stuckWatch;
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
  <T> T untilFound(String at, FindOrCreate.Action<Optional<T>> find, FindOrCreate.Action<T> create)
      throws InterruptedException {
    long wait = 200;
    while (true) {
      Optional<T> found = untilAnswered(find.name(), at, find.call());
      if (found.isPresent()) {
        outage.over(create.name(), at);
        return found.get();
      }
      try {
        T made = once(create.name(), create.call());
        outage.over(create.name(), at);
        return made;
      } catch (CallFailed e) {
        outage.failed(create.name(), at, e);
      }
      pause(wait);
      wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
    }
  }

  /** Makes a call once. */
  <T> T once(String action, Call<T> call) throws CallFailed, InterruptedException {
    try (StuckWatch.Step _ = stuckWatch.within(action, LIMIT)) {
      return call.make();
    }
  }

  /** Waits for between half and all of the time: many workers do not come back at once. */
  static void pause(long millis) throws InterruptedException {
    Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
  }
}
