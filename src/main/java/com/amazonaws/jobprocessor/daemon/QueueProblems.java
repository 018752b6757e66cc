package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.stats.Problems;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has what works against the worker in the queues' own settings among the problems, as they are now
 * and not as they were at the start.
 */
final class QueueProblems {
  private final QueueWarnings warnings;
  private final Problems problems;
  private final Supplier<@Nullable Duration> oldest;
  private final AtomicReference<Policies> known =
      new AtomicReference<>(new Policies(null, Policy.UNKNOWN, null));

  private record Policies(@Nullable Policy backlog, Policy results, @Nullable Policy deadLetters) {}

  /**
   * None are known yet.
   *
   * @param oldest age of the oldest message received lately, or null
   */
  QueueProblems(QueueWarnings warnings, Problems problems, Supplier<@Nullable Duration> oldest) {
    this.warnings = warnings;
    this.problems = problems;
    this.oldest = oldest;
  }

  void backlog(Policy policy) {
    set("age of the backlog", warnings.ofAge(policy, oldest.get()));
    tell(known.updateAndGet(old -> new Policies(policy, old.results(), old.deadLetters())));
  }

  void results(Policy policy) {
    tell(known.updateAndGet(old -> new Policies(old.backlog(), policy, old.deadLetters())));
  }

  void deadLetters(Policy policy) {
    tell(known.updateAndGet(old -> new Policies(old.backlog(), old.results(), policy)));
  }

  private void tell(Policies now) {
    if (now.backlog() != null && now.deadLetters() != null) {
      set("queues' own settings", warnings.of(now.backlog(), now.results(), now.deadLetters()));
    }
  }

  private void set(String source, List<Warning> found) {
    problems.set(source, found.stream().map(Warning::problem).toList());
  }
}
