package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.stats.Problems;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Has what works against the worker in the queues' own settings among the problems, as they are now
 * and not as they were at the start.
 */
final class QueueProblems {
  private final QueueWarnings warnings;
  private final Problems problems;
  private final AtomicReference<Policies> known = new AtomicReference<>(new Policies(null, null));

  private record Policies(@Nullable Policy backlog, @Nullable Policy deadLetters) {}

  QueueProblems(QueueWarnings warnings, Problems problems) {
    this.warnings = warnings;
    this.problems = problems;
  }

  void backlog(Policy policy) {
    tell(known.updateAndGet(old -> new Policies(policy, old.deadLetters())));
  }

  void deadLetters(Policy policy) {
    tell(known.updateAndGet(old -> new Policies(old.backlog(), policy)));
  }

  private void tell(Policies now) {
    if (now.backlog() != null && now.deadLetters() != null) {
      problems.set(
          "queues' own settings",
          warnings.of(now.backlog(), now.deadLetters()).stream().map(Warning::problem).toList());
    }
  }
}
