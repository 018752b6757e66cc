package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.work.CallFailed;
import com.amazonaws.jobprocessor.work.Outage;
import java.util.concurrent.ThreadLocalRandom;

/** No answer of AWS ends the start: a new role takes seconds to arrive, an outage longer. */
final class Patience {
  private static final long LONGEST_WAIT_MILLIS = 10_000;

  private final Outage outage;

  Patience(Outage outage) {
    this.outage = outage;
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
        T answer = call.make();
        outage.over(action, at);
        return answer;
      } catch (CallFailed e) {
        outage.failed(action, at, e);
      }
      pause(wait);
      wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
    }
  }

  /** Waits for between half and all of the time: many workers do not come back at once. */
  static void pause(long millis) throws InterruptedException {
    Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2));
  }
}
