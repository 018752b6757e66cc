package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the start for what works against the worker. What is found is among the problems until
 * it is mended: it is looked for again and again, on a thread of its own.
 */
final class StartProblems {
  private static final Logger log = LoggerFactory.getLogger(JobProcessor.class);
  private static final long AGAIN = Duration.ofMinutes(3).toNanos();

  private final Problems problems;
  private final WorkThreads threads;
  private final MonotonicClock clock;

  /** Looks for something. */
  @FunctionalInterface
  interface Look {
    /** What is wrong now; empty if nothing is. */
    Optional<Warning> now() throws CallFailed, InterruptedException;
  }

  StartProblems(Problems problems, WorkThreads threads, MonotonicClock clock) {
    this.problems = problems;
    this.threads = threads;
    this.clock = clock;
  }

  /**
   * Looks at once, and warns of what it finds.
   *
   * @param source what may be wrong, in a few words
   */
  void look(String source, Look look) throws InterruptedException {
    Optional<Warning> found = found(source, look, Optional.empty());
    if (found.isPresent()) {
      Warning warning = found.get();
      warning.log(log);
      problems.set(source, List.of(warning.problem()));
      threads.startVirtual("start-problem", () -> awaitMended(source, look, found));
    }
  }

  private void awaitMended(String source, Look look, Optional<Warning> first)
      throws InterruptedException {
    Optional<Warning> found = first;
    while (found.isPresent()) {
      clock.sleep(AGAIN);
      found = found(source, look, found);
      problems.set(source, found.stream().map(Warning::problem).toList());
    }
  }

  /** What is found now; as before if that cannot be told. */
  private static Optional<Warning> found(String source, Look look, Optional<Warning> before)
      throws InterruptedException {
    try {
      return look.now();
    } catch (CallFailed e) {
      log.atDebug().addKeyValue("error", e.code()).log("cannot look for the {}", source);
      return before;
    } catch (RuntimeException e) { // of an answer that makes no sense, or a client that is closed
      log.debug("cannot look for the {}", source, e);
      return before;
    }
  }
}
