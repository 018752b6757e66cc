package com.amazonaws.jobprocessor.boss.night;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.plan.Load;
import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Pace;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.plan.Planner;
import com.amazonaws.jobprocessor.boss.plan.WorkTime;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Measures;
import com.amazonaws.jobprocessor.boss.store.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes plans of what is measured; one is good for some seconds. */
public final class Outlooks implements Supplier<Outlook> {
  /** Answers older than this say nothing about the boxes that are there. */
  static final Duration RECENT = Duration.ofMinutes(10);

  /** Fewer answers than these are no measure of a pace. */
  static final int ENOUGH = 10;

  /** How long a task takes is asked of answers as old as this, if there are no newer ones. */
  private static final Duration HISTORY = Duration.ofDays(90);

  private static final Duration GOOD_FOR = Duration.ofMillis(1_500);
  private static final double MIN_SECONDS = 5;

  /** Times the mean, and no further than this. */
  private static final double LONG_TASKS = 3;

  private static final Duration LONGEST_LOOK = Duration.ofHours(12);

  private final Settings settings;
  private final Census census;
  private final Measures measures;
  private final Planner planner;
  private final InstantSource clock;
  private Outlook last;

  /** Plans for the tasks of a database. */
  public Outlooks(
      Settings settings, Census census, Measures measures, Planner planner, InstantSource clock) {
    this.settings = settings;
    this.census = census;
    this.measures = measures;
    this.planner = planner;
    this.clock = clock;
    this.last =
        new Outlook(
            Instant.MIN,
            null,
            new Load(0, 0),
            Pace.NONE,
            planner.plan(Instant.EPOCH, null, new Load(0, 0), Pace.NONE, Double.POSITIVE_INFINITY));
  }

  /** The last one, or a new one if that is old. */
  @Override
  public synchronized Outlook get() {
    Instant now = clock.instant();
    if (last.at().isAfter(now) || last.at().isBefore(now.minus(GOOD_FOR))) {
      last = make(now);
    }
    return last;
  }

  private Outlook make(Instant now) {
    Census.Counts counts = census.counts(GOOD_FOR);
    Map<String, Long> total = counts.total();
    long open =
        total.getOrDefault("waiting", 0L)
            + total.getOrDefault("sending", 0L)
            + total.getOrDefault("dispatched", 0L);
    Settings.Dispatch set = settings.dispatch();
    Instant since = goesOnSince(set, now);
    Measures.Measure recent = measures.between(later(since, now.minus(RECENT)), now);
    double mean = recent.meanSeconds();
    if (recent.count() < ENOUGH) {
      mean = measures.between(now.minus(HISTORY), now).meanSeconds();
      recent = ofLongTasks(now, recent, mean, since);
    }
    Load load = new Load(open, mean);
    Pace pace = pace(now, recent);
    Instant closes = set.hours().nextClosing(now).orElse(null);
    return new Outlook(now, closes, load, pace, plan(set, now, load, pace));
  }

  /** Work goes on inside the hours only: if they are closed, the plan is for those that come. */
  private Plan plan(Settings.Dispatch set, Instant now, Load load, Pace pace) {
    ProcessingHours hours = set.hours();
    boolean open = hours.isOpen(now);
    Instant from = open || load.open() == 0 ? now : hours.nextOpening(now).orElse(null);
    if (from == null) {
      return Plan.UNKNOWN;
    }
    Instant closes = hours.nextClosing(from).orElse(null);
    double most = set.perMinute() == 0 ? Double.POSITIVE_INFINITY : set.perMinute() / 60.0;
    Plan plan = planner.plan(from, closes, load, pace, most);
    return load.open() == 0
        ? plan
        : new Plan(
            set.paused() ? null : inside(hours, from, plan.doneAt()),
            open ? plan.leftAtEnd() : null,
            inside(hours, from, plan.needed()));
  }

  private static Plan.@Nullable Needed inside(
      ProcessingHours hours, Instant from, Plan.@Nullable Needed needed) {
    return needed == null
        ? null
        : new Plan.Needed(
            needed.boxes(),
            needed.inTime(),
            needed.work(),
            inside(hours, from, needed.doneAt()),
            needed.cost());
  }

  /** When that is done which would be done then if the hours had no end. */
  private static @Nullable Instant inside(
      ProcessingHours hours, Instant from, @Nullable Instant atOnce) {
    return atOnce == null
        ? null
        : WorkTime.after(from, Duration.between(from, atOnce), hours).orElse(null);
  }

  /** Before that workers had nothing to do, which is no measure of what they can. */
  private Instant goesOnSince(Settings.Dispatch set, Instant now) {
    Instant letGo = settings.letGoAt().filter(at -> !at.isAfter(now)).orElse(Instant.EPOCH);
    Instant since = later(letGo, set.hours().openSince(now).orElse(Instant.EPOCH));
    // What comes at that very moment counts.
    return since.minusMillis(1);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Where tasks take long, few end in ten minutes: what some of them took is looked back. */
  private Measures.Measure ofLongTasks(
      Instant now, Measures.Measure recent, double mean, Instant since) {
    double seconds = Math.min(LONG_TASKS * mean, (double) LONGEST_LOOK.toSeconds());
    return seconds > RECENT.toSeconds()
        ? measures.between(later(since, now.minusSeconds((long) seconds)), now)
        : recent;
  }

  private static Pace pace(Instant now, Measures.Measure recent) {
    Instant since = recent.since();
    if (since == null || recent.count() < ENOUGH) {
      return Pace.NONE;
    }
    double seconds = Math.max(MIN_SECONDS, Duration.between(since, now).toMillis() / 1000.0);
    return new Pace(recent.workers(), recent.count() / seconds);
  }
}
