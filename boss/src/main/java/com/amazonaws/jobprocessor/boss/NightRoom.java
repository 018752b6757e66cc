package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.api.Costs;
import com.amazonaws.jobprocessor.boss.api.PlanPages;
import com.amazonaws.jobprocessor.boss.dispatch.Loop;
import com.amazonaws.jobprocessor.boss.hook.HookSender;
import com.amazonaws.jobprocessor.boss.night.Caretaker;
import com.amazonaws.jobprocessor.boss.night.NightWatch;
import com.amazonaws.jobprocessor.boss.night.Outlooks;
import com.amazonaws.jobprocessor.boss.plan.Planner;
import com.amazonaws.jobprocessor.boss.plan.WorkCost;
import com.amazonaws.jobprocessor.boss.store.BatchEnds;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.Measures;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import com.amazonaws.jobprocessor.fleet.Boxes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loops beside the hours: plans, boxes, and who is told of what. */
final class NightRoom implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration SEND = Duration.ofSeconds(1);
  private static final Duration TIME_OUT = Duration.ofSeconds(10);

  private final List<Thread> threads = new ArrayList<>();
  private final Forecasts forecasts;
  private final Nights nights;
  private final Hooks hooks;
  private final Outlooks outlooks;
  private final Costs costs;
  private final NightWatch watch;
  private final List<HookSender> senders;
  private final @Nullable Boxes boxes;

  /** What the command line says of it. */
  record Plan(FleetOptions.Asked fleet, HookOptions.Told told, boolean jobTable) {}

  /**
   * Starts nothing yet.
   *
   * @param boxes of the region, closed with this; null if no option asks for any
   */
  NightRoom(
      Plan plan,
      Database database,
      Settings settings,
      Census census,
      @Nullable Boxes boxes,
      InstantSource clock) {
    FleetOptions.Asked fleet = plan.fleet();
    HookOptions.Told told = plan.told();
    this.boxes = boxes;
    this.hooks = new Hooks(database, clock, told.listeners());
    this.nights = new Nights(database, hooks, clock);
    this.forecasts = new Forecasts(database, clock);
    this.outlooks =
        new Outlooks(settings, census, new Measures(database), new Planner(fleet.terms()), clock);
    WorkCost prices = new WorkCost(fleet.terms(), plan.jobTable());
    this.costs = new Costs(outlooks, new WorkRuns(database, clock), prices);
    Nights.Care care =
        boxes == null
            ? null
            : new Caretaker(
                fleet.opener().orElseThrow().open(boxes),
                new Caretaker.Rules(
                    settings.databaseId(),
                    fleet.fixed(),
                    fleet.max(),
                    fleet.terms().slots(),
                    fleet.terms().boot(),
                    fleet.endWithin()),
                outlooks,
                new Measures(database),
                clock);
    BatchEnds batches = new BatchEnds(database, census, hooks, clock, told.maxFailures());
    this.watch =
        new NightWatch(
            settings,
            new NightWatch.Kept(nights, forecasts, costs.runs(), batches),
            outlooks,
            care,
            clock);
    this.senders = senders(told, clock);
  }

  /** One for each listener: an address that hangs holds up no other. */
  private List<HookSender> senders(HookOptions.Told told, InstantSource clock) {
    List<HookSender> all = new ArrayList<>();
    told.signature()
        .ifPresent(
            signature ->
                hooks
                    .apart()
                    .forEach(one -> all.add(new HookSender(one, signature, clock, TIME_OUT))));
    return all;
  }

  PlanPages pages() {
    return new PlanPages(outlooks, forecasts, nights, hooks, costs);
  }

  /** What the work costs. */
  Costs costs() {
    return costs;
  }

  /** Starts the loops. */
  void open() {
    hooks.name();
    start(
        "nights",
        new Loop(
            "the watch over the hours",
            () -> {
              watch.step();
              return false;
            },
            LOOK));
    senders.forEach(one -> start("webhooks", new Loop("the webhooks", one::step, SEND)));
  }

  private void start(String name, Runnable loop) {
    threads.add(Thread.ofVirtual().name(name).start(loop));
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(TIME_OUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    senders.forEach(HookSender::close);
    if (boxes != null) {
      boxes.close();
    }
  }
}
