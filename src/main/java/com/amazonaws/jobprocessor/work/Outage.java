package com.amazonaws.jobprocessor.work;

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

  private final MonotonicClock clock;
  private final Map<String, Failing> failing = new LinkedHashMap<>();
  private final Set<String> told = new HashSet<>();
  private long since;

  /** A call that fails at present. */
  public record Failing(String action, String at, String code) {}

  /** All is well. */
  public Outage(MonotonicClock clock) {
    this.clock = clock;
  }

  /** A call at a queue or a table failed and will be tried again. */
  public synchronized void failed(String action, String at, CallFailed failure) {
    if (failing.isEmpty()) {
      since = clock.nanoTime();
    }
    failing.put(action + at, new Failing(action, at, failure.code()));
    if (told.add(failure.code())) {
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
    if (failing.remove(action + at) != null && failing.isEmpty()) {
      log.atInfo()
          .addKeyValue("after_secs", (clock.nanoTime() - since) / 1_000_000_000)
          .log("AWS does what we ask again");
      told.clear();
    }
  }

  /** The call that has been failing for longest, or null if none fails. */
  public synchronized @Nullable Failing first() {
    return failing.isEmpty() ? null : failing.values().iterator().next();
  }
}
