package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.work.call.Backoff;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that something is away, waits longer and longer, and says when it is back. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String what;
  private final Backoff waits = new Backoff();
  private boolean away;

  /**
   * Something that may be away.
   *
   * @param what it is that fails: "sending to the queue x"
   */
  Outage(String what) {
    this.what = what;
  }

  void failed(String why) throws InterruptedException {
    if (!away) {
      away = true;
      LOG.warn("{} fails and will be tried again: {}", what, why);
    }
    TimeUnit.NANOSECONDS.sleep(waits.failed());
  }

  void worked() {
    waits.worked();
    if (away) {
      away = false;
      LOG.info("{} works again", what);
    }
  }
}
