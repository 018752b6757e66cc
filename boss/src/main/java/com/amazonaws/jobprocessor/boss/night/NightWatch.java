package com.amazonaws.jobprocessor.boss.night;

import com.amazonaws.jobprocessor.boss.plan.BoxTerms;
import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.store.BatchEnds;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Watches the hours and the batches: what it does in a step, one boss of the database does. */
public final class NightWatch {
  /** All tasks are counted for it. */
  private static final Duration BATCHES = Duration.ofSeconds(10);

  private final Settings settings;
  private final Kept kept;
  private final Supplier<Outlook> outlooks;
  private final Nights.@Nullable Care boxes;
  private final InstantSource clock;
  private Instant batchesAt = Instant.EPOCH;

  /** What is kept of nights and batches. */
  public record Kept(Nights nights, Forecasts forecasts, WorkRuns runs, BatchEnds batches) {}

  /**
   * A watch.
   *
   * @param boxes null if boxes are others' business
   */
  public NightWatch(
      Settings settings,
      Kept kept,
      Supplier<Outlook> outlooks,
      Nights.@Nullable Care boxes,
      InstantSource clock) {
    this.settings = settings;
    this.kept = kept;
    this.outlooks = outlooks;
    this.boxes = boxes;
    this.clock = clock;
  }

  /** Looks once. */
  public void step() throws InterruptedException {
    Instant now = clock.instant();
    boolean open = kept.nights().look(settings.dispatch().hours());
    if (open && kept.nights().isAnyOpen() && kept.forecasts().isDue()) {
      kept.forecasts().keep(forecast(outlooks.get()));
    }
    if (kept.runs().isUnplanned()) {
      plan(outlooks.get());
    }
    if (boxes != null) {
      kept.nights().care(boxes);
    }
    if (batchesAt.isAfter(now) || !batchesAt.plus(BATCHES).isAfter(now)) {
      batchesAt = now;
      kept.batches().step();
    }
  }

  /** Of the first plan that knows how many are needed there is an estimate of the run's cost. */
  private void plan(Outlook outlook) {
    Plan.Needed needed = outlook.plan().needed();
    Instant doneAt = needed == null ? null : needed.doneAt();
    if (needed != null && doneAt != null && needed.boxes() > 0) {
      double seconds = needed.work().toMillis() / 1000.0;
      kept.runs()
          .plan(
              new WorkRun.Planned(
                  outlook.at(),
                  doneAt,
                  needed.boxes(),
                  outlook.load().open(),
                  outlook.load().meanSeconds(),
                  BoxTerms.boxSeconds(needed.boxes(), seconds)));
    }
  }

  private static Forecasts.Forecast forecast(Outlook outlook) {
    Plan plan = outlook.plan();
    Plan.Needed needed = plan.needed();
    return new Forecasts.Forecast(
        outlook.closes(),
        outlook.load().open(),
        outlook.load().meanSeconds(),
        outlook.pace().boxes(),
        outlook.pace().perSecond(),
        plan.doneAt(),
        plan.leftAtEnd(),
        needed == null ? null : needed.boxes(),
        needed == null ? null : needed.cost().rounded(4));
  }
}
