package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.WorkCost;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import com.amazonaws.jobprocessor.cost.Bill;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What runs of the work were said to cost and have cost, at the prices that the boss was started
 * with: a run of which nothing was ever planned has no estimate.
 *
 * @param outlooks the plan as it is now
 */
public record Costs(Supplier<Outlook> outlooks, WorkRuns runs, WorkCost prices) {
  /** What the first plan of a run comes to. */
  public Optional<Bill> estimated(WorkRun run) {
    return Optional.ofNullable(run.planned())
        .map(planned -> prices.of(planned.boxSeconds(), planned.tasks(), planned.meanSeconds()));
  }

  /** What came of it, up to now if it goes on. */
  public Bill actual(WorkRun run) {
    WorkRun.Seen seen = run.seen();
    return prices.of(seen.boxSeconds(), seen.answers(), seen.meanSeconds());
  }
}
