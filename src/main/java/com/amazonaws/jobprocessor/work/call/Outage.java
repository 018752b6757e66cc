package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.CallFailed;
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

  private final MonotonicClock clock;
  private final Map<String, Failing> failing = new LinkedHashMap<>();
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
    if (failing.isEmpty()) {
      since = now;
    }
    failing.put(action + at, new Failing(action, at, failure.code()));
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
    if (failing.remove(action + at) != null && failing.isEmpty() && !told.isEmpty()) {
      long now = clock.nanoTime();
      log.atInfo()
          .addKeyValue("after_secs", (now - since) / 1_000_000_000)
          .log("AWS does what we ask again");
      told.clear();
      quietUntil = now + QUIET;
    }
  }

  /** The call that has been failing for longest, or null if none fails. */
  public synchronized @Nullable Failing first() {
    return failing.isEmpty() ? null : failing.values().iterator().next();
  }
}
