package com.amazonaws.jobprocessor.boss.night;

import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.plan.Planner;
import com.amazonaws.jobprocessor.boss.store.Measures;
import com.amazonaws.jobprocessor.boss.store.Night;
import com.amazonaws.jobprocessor.boss.store.Night.Brought;
import com.amazonaws.jobprocessor.boss.store.Night.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How many boxes are to come to those that are there. */
final class BoxNeed {
  /** Boxes that are told to end may send answers for so long. */
  private static final Duration END = Duration.ofMinutes(2);

  private final Caretaker.Rules rules;
  private final Supplier<Outlook> outlook;
  private final Measures measures;
  private final InstantSource clock;
  private @Nullable Instant goneAt;

  BoxNeed(
      Caretaker.Rules rules, Supplier<Outlook> outlook, Measures measures, InstantSource clock) {
    this.rules = rules;
    this.outlook = outlook;
    this.measures = measures;
    this.clock = clock;
  }

  /** Notes that boxes of ours have gone: their answers say nothing of who is there. */
  void someHaveGone() {
    goneAt = clock.instant();
  }

  /**
   * How many are to come; none if it is 0 or less.
   *
   * @param own boxes of ours that are there
   * @param endedAt when boxes of ours were ended last; null if never
   */
  int lacking(Brought before, int own, @Nullable Instant endedAt) {
    Outlook now = outlook.get();
    if (rules.fixed() > 0) {
      // Boxes that were brought and have gone again for want of work are not missed.
      boolean first = before.state() != State.UP && before.step() <= 1;
      boolean enough = !first && now.load().open() <= (long) own * rules.slots();
      return enough ? 0 : rules.fixed() - own;
    }
    return Math.min(needed(now.plan()), rules.max()) - Math.max(own, answering(now, own, endedAt));
  }

  /** Workers that have answered lately, unless they may be boxes of ours that are there no more. */
  private int answering(Outlook now, int own, @Nullable Instant endedAt) {
    int lately = now.pace().boxes();
    Instant since = goneAt;
    if (endedAt != null && (since == null || since.isBefore(endedAt.plus(END)))) {
      since = endedAt.plus(END);
    }
    return since == null || lately <= own
        ? lately
        : Math.min(lately, measures.between(since, clock.instant()).workers());
  }

  /** True if a box that is launched now would be there for hardly anything but its bill. */
  boolean isTooLate(Night night) {
    Duration least = rules.boot().plus(Planner.LEAST_USE);
    return clock.instant().plus(least).isAfter(night.closesAt());
  }

  /** One box, if nobody knows how long a task takes: it will tell. */
  private static int needed(Plan plan) {
    Plan.Needed needed = plan.needed();
    return needed == null ? 1 : needed.boxes();
  }
}
