package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that AWS does not do what we ask, again for each new reason, and once when all is well;
 * the callers wait and go on. Safe for use by several threads.
 */
public final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Outage.class);

  /** Calls that are throttled fail and work by turns: that is told this often, not each time. */
  private static final long QUIET = Duration.ofSeconds(10).toNanos();

  /**
   * What fails for so long no more was given up: by a job that has ended, or that went back. Longer
   * than any call and the wait for the next take together.
   */
  private static final long FORGOTTEN = Duration.ofMinutes(2).toNanos();

  private record Failure(Failing failing, long at) {}

  private final MonotonicClock clock;
  private final Map<String, Failure> failures = new LinkedHashMap<>();
  private final Set<String> told = new HashSet<>();
  private long since;
  private long quietUntil;

  /** A call that fails at present. */
  public record Failing(String action, String at, String code) {}

  /** All is well. */
  public Outage(MonotonicClock clock) {
    this.clock = clock;
    this.quietUntil = clock.nanoTime();
  }

  /** A call at a queue or a table failed and will be tried again. */
  public synchronized void failed(String action, String at, CallFailed failure) {
    long now = clock.nanoTime();
    forget(now);
    if (failures.isEmpty()) {
      since = now;
    }
    failures.put(action + at, new Failure(new Failing(action, at, failure.code()), now));
    boolean quiet = told.isEmpty() && quietUntil - now > 0;
    if (!quiet && told.add(failure.code())) {
      log.atWarn()
          .addKeyValue("action", action)
          .addKeyValue("at", at)
          .addKeyValue("error", failure.code())
          .addKeyValue("message", failure.getMessage())
          .log("AWS does not do what we ask; trying again until it does");
    }
  }

  /** A call worked, or nobody waits for it any more. */
  public synchronized void over(String action, String at) {
    long now = clock.nanoTime();
    forget(now);
    if (failures.remove(action + at) != null) {
      endIfAllIsWell(now);
    }
  }

  private void forget(long now) {
    if (failures.values().removeIf(failure -> now - failure.at() >= FORGOTTEN)) {
      endIfAllIsWell(now);
    }
  }

  private void endIfAllIsWell(long now) {
    if (failures.isEmpty() && !told.isEmpty()) {
      log.atInfo()
          .addKeyValue("after_secs", (now - since) / 1_000_000_000)
          .log("AWS does what we ask again");
      told.clear();
      quietUntil = now + QUIET;
    }
  }

  /** The call that has been failing for longest, or null if none fails. */
  public synchronized @Nullable Failing first() {
    forget(clock.nanoTime());
    return failures.isEmpty() ? null : failures.values().iterator().next().failing();
  }
}
