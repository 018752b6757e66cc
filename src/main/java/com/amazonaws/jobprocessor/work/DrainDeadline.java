package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * By when a drain gives back what still runs. It can be brought forward while the drain goes on,
 * never put off. Safe for use by several threads.
 */
public final class DrainDeadline {
  /**
   * How long giving back takes after the deadline: five seconds for interrupted jobs to end, and as
   * much for the calls that make them visible to others.
   */
  public static final Duration GIVING_BACK = Duration.ofSeconds(10);

  /**
   * How things stand at a moment; another object as soon as anything has changed.
   *
   * @param at by the worker's clock, in nanoseconds
   * @param judging true if a job is given back at once that will not be done by then, as far as
   *     anybody can tell
   */
  record Terms(long at, boolean judging) {}

  private final AtomicReference<Terms> terms;

  private DrainDeadline(Terms terms) {
    this.terms = new AtomicReference<>(terms);
  }

  /** Whatever runs may go on until then, by the worker's clock. */
  public static DrainDeadline patient(long at) {
    return new DrainDeadline(new Terms(at, false));
  }

  /** What will be done by then may go on; what will not is given back at once. */
  public static DrainDeadline judging(long at) {
    return new DrainDeadline(new Terms(at, true));
  }

  /** Makes the deadline no later than so, and not judging less. */
  public void bringForward(DrainDeadline other) {
    Terms more = other.terms.get();
    terms.updateAndGet(
        now -> {
          boolean sooner = more.at() - now.at() < 0;
          boolean judging = more.judging() || now.judging();
          return sooner || judging != now.judging()
              ? new Terms(sooner ? more.at() : now.at(), judging)
              : now;
        });
  }

  /** When it is, by the worker's clock, in nanoseconds. */
  public long at() {
    return terms.get().at();
  }

  Terms terms() {
    return terms.get();
  }
}
